//! What an export adds besides the catalogue: additions to synchronised APIs, and roles on the service.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::files::{ExportOptions, Files};
use super::names::file_name;
use crate::kinds::{self, Kind, ROLE_ASSIGNMENT, SYNCED_API};
use crate::manifest::valid_name_near;
use crate::model::view::{
    ApiVersionView, ApiView, CustomProperties, IntegrationView, Principal, RoleAssignmentView,
    SyncedApiView,
};
use crate::model::{Address, Body, Grant, LiveResource, LiveState, Role};

/// The default stage of what an integration brings in (observed).
const FIRST_STAGE: &str = "design";

/// Adds the manifests, and returns a note for what is ambiguous.
pub(super) fn add(
    live: &LiveState,
    options: &ExportOptions,
    (files, manifests): (&mut Files, &mut BTreeMap<Address, String>),
) -> Vec<String> {
    let mut notes = Vec::new();
    if options.synced {
        for addition in synced_apis(live, options, &mut notes) {
            if addition.is_empty {
                continue;
            }
            let path = write(&SYNCED_API, &addition.name, addition.body, files);
            manifests.insert(addition.api, path);
        }
    }
    if options.roles {
        roles(live, options, files);
    }
    notes
}

/// What was added to a synchronised API.
pub(super) struct Addition {
    /// The API.
    api: Address,
    /// The name of its declaration.
    pub(super) name: String,
    /// The declaration.
    pub(super) body: Body,
    /// Whether nothing was added.
    is_empty: bool,
}

/// What was added to each synchronised API whose title no other one has.
pub(super) fn synced_apis(
    live: &LiveState,
    options: &ExportOptions,
    notes: &mut Vec<String>,
) -> Vec<Addition> {
    let mut additions = Vec::new();
    let mut found: BTreeMap<(String, String), Vec<&LiveResource>> = BTreeMap::new();
    for (address, origin) in live
        .origins
        .iter()
        .filter(|(address, origin)| origin.is_confirmed && address.is(Role::Api))
    {
        let Some(api) = live.resources.get(address) else {
            continue;
        };
        if let Some(title) = ApiView::of(&api.resource.body).title() {
            let key = (origin.integration.name().to_owned(), title.to_owned());
            found.entry(key).or_default().push(api);
        }
    }
    let mut names = BTreeSet::new();
    for ((integration, title), apis) in found {
        let [api] = apis.as_slice() else {
            notes.push(format!(
                "integration/{integration}: left out what was added to {} APIs titled `{title}`: they \
                 cannot be told apart",
                apis.len()
            ));
            continue;
        };
        let mut body = enrichment(api, options);
        let versions = stages(api, &integration, live);
        if !versions.is_empty() {
            SyncedApiView::set_versions(&mut body, &versions);
        }
        let is_empty = body.is_empty();
        SyncedApiView::set_match(&mut body, &integration, &title);
        // A name is used up by what is written only.
        let name = match is_empty {
            true => api.resource.address.name().to_owned(),
            false => unused(&near(&title, "synced-api"), &mut names),
        };
        additions.push(Addition {
            api: api.resource.address.clone(),
            name,
            body,
            is_empty,
        });
    }
    additions
}

/// What somebody set on a synchronised API that the gateway does not own.
fn enrichment(api: &LiveResource, options: &ExportOptions) -> Body {
    let mut body = Body::new();
    for field in SyncedApiView::OWNED_FIELDS {
        if let Some(value) = api.resource.body.get(field) {
            body.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(marker) = &options.ownership_property {
        CustomProperties::remove(&mut body, marker);
    }
    body
}

/// The versions whose stage is another one than they came in with.
fn stages<'a>(
    api: &'a LiveResource,
    integration: &str,
    live: &'a LiveState,
) -> Vec<(&'a str, &'a str)> {
    let integration = Address::top(&kinds::INTEGRATION.info, integration);
    let first = live
        .resources
        .get(&integration)
        .and_then(|current| IntegrationView::of(&current.resource.body).target_lifecycle_stage())
        .unwrap_or(FIRST_STAGE);
    live.family_of(&api.resource.address)
        .filter(|current| current.resource.address.is(Role::ApiVersion))
        .filter_map(|version| {
            let version = ApiVersionView::of(&version.resource.body);
            let (title, stage) = (version.title()?, version.lifecycle_stage()?);
            (!stage.eq_ignore_ascii_case(first)).then_some((title, stage))
        })
        .collect()
}

fn roles(live: &LiveState, options: &ExportOptions, files: &mut Files) {
    let context = &live.context;
    let here = &context.service_id;
    let grants = context.grants.get(here).map(Vec::as_slice);
    let mut names = BTreeSet::new();
    for grant in grants.unwrap_or_default() {
        // What is inherited was made elsewhere.
        if grant.scope != *here {
            continue;
        }
        let Some((description, name)) = described(grant, options) else {
            continue;
        };
        let name = name.unwrap_or_else(|| {
            let short: String = grant.principal.chars().take(8).collect();
            near(&format!("{} {short}", grant.role), "role-assignment")
        });
        let principal = match context.identity.of_service() {
            Some(own) if own.eq_ignore_ascii_case(&grant.principal) => Principal::ServiceIdentity,
            _ => Principal::Object {
                id: &grant.principal,
                kind: grant.principal_type.as_deref(),
            },
        };
        let body = RoleAssignmentView::body(&grant.role, None, principal, description.as_deref());
        write(&ROLE_ASSIGNMENT, &unused(&name, &mut names), body, files);
    }
}

/// The description without our marker, and the name in the marker; `None` where the assignment is not
/// ours to declare.
fn described(grant: &Grant, options: &ExportOptions) -> Option<(Option<String>, Option<String>)> {
    let text = grant.description.clone();
    let Some(marker) = options.marker() else {
        return Some((text, None));
    };
    let marked = text.as_deref().and_then(|text| {
        let marked = marker.parse(text)?;
        Some((marked.text.map(str::to_owned), Some(marked.name.to_owned())))
    });
    marked.or_else(|| options.adopt.then_some((text, None)))
}

fn near(text: &str, otherwise: &str) -> String {
    valid_name_near(&text.to_lowercase()).unwrap_or_else(|| otherwise.to_owned())
}

fn unused(name: &str, names: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !names.insert(candidate.to_ascii_lowercase()) {
        candidate = format!("{name}-{number}");
        number += 1;
    }
    candidate
}

fn write(kind: &'static Kind, name: &str, body: Body, files: &mut Files) -> String {
    let bytes = super::manifest::manifest(kind, name, Value::Object(body));
    let path = format!("{}s/{}.yaml", kind.info.slug, file_name(name));
    files.insert(path.clone(), bytes);
    path
}
