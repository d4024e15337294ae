//! Synchronised APIs: what a `SyncedApi` adds becomes declarations of the API and the versions that it
//! matches, and what the gateway owns is left to it.

use std::collections::{BTreeMap, BTreeSet};

use super::gateways::changes_gateway;
use super::matched::{AmbiguousMatch, Matching, Missing, MissingMatch, declares};
use crate::model::view::{ApiVersionView, ApiView, EnvironmentView, SyncedApiView};
use crate::model::{
    Address, DesiredResource, DesiredState, LiveResource, LiveState, Resource, Role, SyncOrigin,
};
use crate::plan::model::PlanOptions;

/// Replaces every declared `SyncedApi` by declarations of what it matches.
pub(super) fn match_all(matching: &mut Matching<'_>, options: &PlanOptions) {
    if !declares(&matching.desired, Role::SyncedApi) {
        return;
    }
    let live = matching.live.clone();
    let desired = matching.desired.to_mut();
    let (synced, others): (Vec<_>, Vec<_>) = std::mem::take(&mut desired.resources)
        .into_iter()
        .partition(|(address, _)| address.kind().role == Role::SyncedApi);
    desired.resources = others.into_iter().collect();
    for (address, declared) in synced {
        let matches = matches(&declared, desired, &live, options);
        let is_selected = options.selects(&address)
            || matches
                .iter()
                .any(|found| options.selects(&found.resource.address));
        if !is_selected {
            continue;
        }
        match matches.as_slice() {
            [] => matching.missing.push(not_yet(&declared)),
            [found] => {
                let versions = versions(&declared, found, &live, &mut matching.missing);
                for resource in std::iter::once(enriched(&declared, found)).chain(versions) {
                    let found = resource.resource.address.clone();
                    matching.declared_by.insert(found.clone(), address.clone());
                    desired.resources.insert(found, resource);
                }
            }
            several => matching.ambiguous.push(ambiguous(&declared, several)),
        }
    }
}

/// The APIs of the declared integration that have the declared title. Where several do, those that
/// surely come from an integration, and surely from this one, come before others. None if the
/// integration gets another gateway in this plan: what is there now goes.
fn matches<'a>(
    declared: &DesiredResource,
    desired: &DesiredState,
    live: &'a LiveState,
    options: &PlanOptions,
) -> Vec<&'a LiveResource> {
    let wanted = SyncedApiView::of(&declared.resource.body);
    let is_wanted = |integration: &Address| {
        integration
            .name()
            .eq_ignore_ascii_case(wanted.integration())
            && !changes_gateway(integration, desired, live, options)
    };
    let has_title = |current: &LiveResource| {
        let title = ApiView::of(&current.resource.body).title();
        title.unwrap_or_default() == wanted.title()
    };
    let mut found: Vec<(&SyncOrigin, &LiveResource)> = live
        .origins
        .iter()
        .filter(|(address, origin)| {
            address.kind().role == Role::Api && origin.integrations().any(is_wanted)
        })
        .filter_map(|(address, origin)| Some((origin, live.resources.get(address)?)))
        .filter(|(_, current)| has_title(current))
        .collect();
    let certainties: [fn(&SyncOrigin) -> bool; 2] = [
        |origin| origin.is_confirmed,
        |origin| origin.others.is_empty(),
    ];
    for is_certain in certainties {
        if found.iter().any(|(origin, _)| is_certain(origin)) {
            found.retain(|(origin, _)| is_certain(origin));
        }
    }
    found.into_iter().map(|(_, current)| current).collect()
}

/// The live API with the declared values of what the catalogue owns.
fn enriched(declared: &DesiredResource, found: &LiveResource) -> DesiredResource {
    let mut body = found.resource.body.clone();
    for field in SyncedApiView::OWNED_FIELDS {
        match declared.resource.body.get(field) {
            Some(value) => body.insert(field.to_owned(), value.clone()),
            None => body.shift_remove(field),
        };
    }
    let references = declared
        .resource
        .references
        .iter()
        .filter(|address| address.kind().role == Role::MetadataSchema)
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
    let mut versions = Vec::new();
    for wanted in SyncedApiView::of(&declared.resource.body).versions() {
        let place = declared.place_of(&wanted.title_path);
        let version = live.resources.values().find(|current| {
            let address = &current.resource.address;
            let title = ApiVersionView::of(&current.resource.body).title();
            address.kind().role == Role::ApiVersion
                && address.parent().as_ref() == Some(api)
                && title.unwrap_or_default() == wanted.title
        });
        let Some(version) = version else {
            missing.push(MissingMatch {
                what: Missing::Version(api.clone()),
                title: wanted.title.to_owned(),
                place,
            });
            continue;
        };
        let mut resource = version.resource.clone();
        if let Some(stage) = wanted.stage {
            let field = ApiVersionView::LIFECYCLE_STAGE.to_owned();
            resource.body.insert(field, stage.into());
        }
        resource.references = BTreeSet::new();
        versions.push(DesiredResource {
            resource,
            place,
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
            document: None,
        });
    }
    versions
}

fn not_yet(declared: &DesiredResource) -> MissingMatch {
    let wanted = SyncedApiView::of(&declared.resource.body);
    MissingMatch {
        what: Missing::Api(wanted.integration().to_owned()),
        title: wanted.title().to_owned(),
        place: declared.place_of(SyncedApiView::TITLE),
    }
}

fn ambiguous(declared: &DesiredResource, found: &[&LiveResource]) -> AmbiguousMatch {
    let wanted = SyncedApiView::of(&declared.resource.body);
    AmbiguousMatch {
        integration: wanted.integration().to_owned(),
        title: wanted.title().to_owned(),
        found: found
            .iter()
            .map(|current| current.resource.address.clone())
            .collect(),
        place: declared.place_of(SyncedApiView::TITLE),
    }
}

/// The field that the gateway owns on a declared resource that an integration synchronises: the server
/// type of an environment (documented).
pub(in crate::plan) fn left_to_gateway(
    address: &Address,
    live: &LiveState,
) -> Option<&'static str> {
    (address.kind().role == Role::Environment && live.origins.contains_key(address))
        .then_some(EnvironmentView::SERVER_TYPE)
}
