//! Synchronised APIs: what the catalogue adds to them becomes changes of the APIs themselves, and what
//! the gateway owns is left to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::matched::{AmbiguousMatch, Matching, Missing, MissingMatch, declares};
use crate::model::{
    Address, Body, DesiredResource, DesiredState, Diagnostic, LiveResource, LiveState, Resource,
    code,
};
use crate::plan::model::PlanOptions;

/// The kind that this is about.
const KIND: &str = "SyncedApi";

/// The fields of a synchronised API that the catalogue owns (documented).
const OWNED: [&str; 5] = [
    "summary",
    "termsOfService",
    "license",
    "externalDocumentation",
    "customProperties",
];

/// Replaces every declared `SyncedApi` by declarations of what it matches.
pub(super) fn match_all(matching: &mut Matching<'_>, options: &PlanOptions) {
    if !declares(&matching.desired, KIND) {
        return;
    }
    let live = matching.live.clone();
    let desired = matching.desired.to_mut();
    let all = std::mem::take(&mut desired.resources);
    let (synced, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(address, _)| address.kind().name == KIND);
    desired.resources = others.into_iter().collect();
    for (address, declared) in synced {
        let matches = matches(&declared, &live);
        let chosen = options.selects(&address)
            || matches
                .iter()
                .any(|found| options.selects(&found.resource.address));
        if !chosen {
            continue;
        }
        match matches.as_slice() {
            [] => matching.missing.push(not_yet(&declared)),
            [found] => {
                let mut declare = |resource: DesiredResource| {
                    let at = resource.resource.address.clone();
                    matching.declared_by.insert(at.clone(), address.clone());
                    desired.resources.insert(at, resource);
                };
                declare(enriched(&declared, found));
                for version in versions(&declared, found, &live, &mut matching.missing) {
                    declare(version);
                }
            }
            several => matching.ambiguous.push(ambiguous(&declared, several)),
        }
    }
}

fn text<'a>(body: &'a Body, path: &[&str]) -> &'a str {
    let mut value = body.get(path[0]);
    for step in &path[1..] {
        value = value.and_then(|value| value.get(*step));
    }
    value.and_then(Value::as_str).unwrap_or_default()
}

fn matches<'a>(declared: &DesiredResource, live: &'a LiveState) -> Vec<&'a LiveResource> {
    let body = &declared.resource.body;
    let integration = text(body, &["match", "integration"]);
    let title = text(body, &["match", "title"]);
    live.origins
        .iter()
        .filter(|(address, origin)| {
            address.kind().name == "Api"
                && origin.integration.name().eq_ignore_ascii_case(integration)
        })
        .filter_map(|(address, _)| live.resources.get(address))
        .filter(|current| text(&current.resource.body, &["title"]) == title)
        .collect()
}

/// The live API with the declared values of what the catalogue owns.
fn enriched(declared: &DesiredResource, found: &LiveResource) -> DesiredResource {
    let mut body = found.resource.body.clone();
    for field in OWNED {
        match declared.resource.body.get(field) {
            Some(value) => body.insert(field.to_owned(), value.clone()),
            None => body.shift_remove(field),
        };
    }
    let references = declared
        .resource
        .references
        .iter()
        .filter(|named| named.kind().name == "MetadataSchema")
        .cloned()
        .collect();
    DesiredResource {
        resource: Resource {
            address: found.resource.address.clone(),
            body,
            references,
            id: None,
        },
        ..declared.clone()
    }
}

/// The live versions whose stage is declared, with that stage.
fn versions(
    declared: &DesiredResource,
    found: &LiveResource,
    live: &LiveState,
    missing: &mut Vec<MissingMatch>,
) -> Vec<DesiredResource> {
    let api = &found.resource.address;
    let items = declared.resource.body.get("versions");
    let mut all = Vec::new();
    for (i, item) in items
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let title = item
            .get("title")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let version = live.resources.values().find(|current| {
            let address = &current.resource.address;
            address.kind().name == "ApiVersion"
                && address.parent().as_ref() == Some(api)
                && text(&current.resource.body, &["title"]) == title
        });
        let place = declared.place_of(&format!("versions[{i}].title"));
        let Some(version) = version else {
            missing.push(MissingMatch {
                what: Missing::Version(api.clone()),
                title: title.to_owned(),
                place,
            });
            continue;
        };
        let mut resource = version.resource.clone();
        if let Some(stage) = item.get("lifecycleStage") {
            resource
                .body
                .insert("lifecycleStage".to_owned(), stage.clone());
        }
        resource.references = BTreeSet::new();
        all.push(DesiredResource {
            resource,
            place,
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
            document: None,
        });
    }
    all
}

fn not_yet(declared: &DesiredResource) -> MissingMatch {
    let body = &declared.resource.body;
    MissingMatch {
        what: Missing::Api(text(body, &["match", "integration"]).to_owned()),
        title: text(body, &["match", "title"]).to_owned(),
        place: declared.place_of("match.title"),
    }
}

fn ambiguous(declared: &DesiredResource, found: &[&LiveResource]) -> AmbiguousMatch {
    let body = &declared.resource.body;
    AmbiguousMatch {
        integration: text(body, &["match", "integration"]).to_owned(),
        title: text(body, &["match", "title"]).to_owned(),
        found: found
            .iter()
            .map(|current| current.resource.address.clone())
            .collect(),
        place: declared.place_of("match.title"),
    }
}

/// Fields of a linked environment that the gateway owns (documented).
const ENVIRONMENT_SOURCE_FIELD: &[&str] = &["server", "type"];

/// The fields that are left to the gateway on a resource that an integration keeps.
pub(in crate::plan) fn left_to_gateway(
    address: &Address,
    live: &LiveState,
) -> Option<&'static [&'static str]> {
    (address.kind().name == "Environment" && live.origins.contains_key(address))
        .then_some(ENVIRONMENT_SOURCE_FIELD)
}
