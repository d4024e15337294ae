//! Synchronised APIs: what a `SyncedApi` adds becomes declarations of the API and the versions that it
//! matches, and what the gateway owns is left to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::gateways::changes_gateway;
use super::matched::{AmbiguousMatch, Matching, Missing, MissingMatch, declares};
use crate::model::view::{ApiVersionView, ApiView, EnvironmentView, SyncedApiView};
use crate::model::{
    Address, DesiredResource, DesiredState, FieldPlaces, LiveResource, LiveState, Resource, Role,
    SyncOrigin,
};
use crate::plan::model::PlanOptions;

/// Replaces every declared `SyncedApi` by declarations of what it matches.
pub(super) fn match_all(
    matching: &mut Matching<'_>,
    options: &PlanOptions,
    former: &BTreeMap<Address, Address>,
) {
    if !declares(&matching.desired, Role::SyncedApi) {
        return;
    }
    let live = matching.live.clone();
    let by_title = apis_by_title(&live);
    let desired = matching.desired.to_mut();
    let (synced, others): (Vec<_>, Vec<_>) = std::mem::take(&mut desired.resources)
        .into_iter()
        .partition(|(address, _)| address.kind().role == Role::SyncedApi);
    desired.resources = others.into_iter().collect();
    for (address, declared) in synced {
        let matches = matches(&declared, (desired, former), &live, &by_title, options);
        let mut names = matches.iter().map(|(_, found)| &found.resource.address);
        let is_excluded = |name: &Address| options.exclude.covers(name);
        if is_excluded(&address)
            || names.clone().any(is_excluded)
            || !options.selects(&address) && !names.any(|name| options.selects(name))
        {
            continue;
        }
        match matches.as_slice() {
            [] => matching.missing.push(not_yet(&declared)),
            [(_, found)] => {
                let versions = versions(&declared, found, &live, &mut matching.missing);
                for resource in std::iter::once(enriched(&declared, found)).chain(versions) {
                    let found = resource.resource.address.clone();
                    if is_excluded(&found) {
                        continue;
                    }
                    matching.declared_by.insert(found.clone(), address.clone());
                    desired.resources.insert(found, resource);
                }
            }
            several @ [(integration, _), ..] => {
                matching
                    .ambiguous
                    .push(ambiguous(&declared, integration, several));
            }
        }
    }
}

type ApisByTitle<'a> = BTreeMap<&'a str, Vec<(&'a SyncOrigin, &'a LiveResource)>>;

/// The APIs that an integration may keep, in the order of their addresses.
fn apis_by_title(live: &LiveState) -> ApisByTitle<'_> {
    let mut apis = ApisByTitle::new();
    for (address, origin) in &live.origins {
        if let Some(current) = live
            .resources
            .get(address)
            .filter(|_| address.is(Role::Api))
        {
            let title = ApiView::of(&current.resource.body).title();
            let same = apis.entry(title.unwrap_or_default()).or_default();
            same.push((origin, current));
        }
    }
    apis
}

/// The APIs of the declared integration that have the declared title, with that integration. Where several do, those that
/// surely come from an integration, and surely from this one, come before others. None if the
/// integration gets another gateway or another name in this plan: what is there now goes.
fn matches<'a>(
    declared: &DesiredResource,
    (desired, former): (&DesiredState, &BTreeMap<Address, Address>),
    live: &LiveState,
    by_title: &ApisByTitle<'a>,
    options: &PlanOptions,
) -> Vec<(&'a Address, &'a LiveResource)> {
    let wanted = SyncedApiView::of(&declared.resource.body);
    let is_wanted = |integration: &&Address| {
        integration
            .name()
            .eq_ignore_ascii_case(wanted.integration())
            && !former.contains_key(*integration)
            && !changes_gateway(integration, desired, live, options)
    };
    let mut found: Vec<(&Address, &SyncOrigin, &LiveResource)> = by_title
        .get(wanted.title())
        .into_iter()
        .flatten()
        .filter_map(|(origin, current)| {
            let integration = origin.integrations().find(is_wanted)?;
            Some((integration, *origin, *current))
        })
        .collect();
    let certainties: [fn(&SyncOrigin) -> bool; 2] = [
        |origin| origin.is_confirmed,
        |origin| origin.others.is_empty(),
    ];
    for is_certain in certainties {
        if found.iter().any(|(_, origin, _)| is_certain(origin)) {
            found.retain(|(_, origin, _)| is_certain(origin));
        }
    }
    let found = found.into_iter();
    found
        .map(|(integration, _, current)| (integration, current))
        .collect()
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
        resource: Arc::new(Resource {
            within: None,
            address: found.resource.address.clone(),
            body,
            references,
            id: None,
        }),
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
    let mut by_title = BTreeMap::new();
    for current in live.family_of(api) {
        if current.resource.address.is(Role::ApiVersion) {
            let title = ApiVersionView::of(&current.resource.body).title();
            by_title.entry(title.unwrap_or_default()).or_insert(current);
        }
    }
    let mut versions = Vec::new();
    for wanted in SyncedApiView::of(&declared.resource.body).versions() {
        let place = declared.place_of(&wanted.title_path);
        let Some(version) = by_title.get(wanted.title) else {
            missing.push(MissingMatch {
                declaration: declared.resource.address.clone(),
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
            resource: Arc::new(resource),
            place,
            places: FieldPlaces::default(),
            document: None,
        });
    }
    versions
}

fn not_yet(declared: &DesiredResource) -> MissingMatch {
    let wanted = SyncedApiView::of(&declared.resource.body);
    MissingMatch {
        declaration: declared.resource.address.clone(),
        what: Missing::Api(wanted.integration().to_owned()),
        title: wanted.title().to_owned(),
        place: declared.place_of(SyncedApiView::TITLE),
    }
}

fn ambiguous(
    declared: &DesiredResource,
    integration: &Address,
    found: &[(&Address, &LiveResource)],
) -> AmbiguousMatch {
    let wanted = SyncedApiView::of(&declared.resource.body);
    AmbiguousMatch {
        integration: integration.clone(),
        title: wanted.title().to_owned(),
        found: found
            .iter()
            .map(|(_, current)| current.resource.address.clone())
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Patterns;
    use crate::plan::matching::match_states;
    use crate::plan::tests::{address, desired, live};

    fn origin(integration: &str, is_confirmed: bool) -> SyncOrigin {
        SyncOrigin {
            integration: address(&format!("integration/{integration}")),
            others: Vec::new(),
            is_confirmed,
        }
    }

    fn wanted(title: &str, versions: &Value) -> Value {
        json!({"match": {"integration": "gateway", "title": title}, "versions": versions})
    }

    #[test]
    fn titles_are_looked_up_among_the_apis_of_the_integration_only() {
        let mut live = live(&[
            ("api/a", json!({"title": "Orders"})),
            ("api/b", json!({"title": "Orders"})),
            ("api/c", json!({"title": "Orders"})),
            ("api/d", json!({"title": "orders"})),
            ("environment/e", json!({"title": "Orders"})),
        ]);
        live.origins = [
            ("api/a", origin("Gateway", true)),
            ("api/b", origin("gateway", false)),
            ("api/c", origin("other", true)),
            ("api/d", origin("gateway", true)),
            ("environment/e", origin("gateway", true)),
        ]
        .map(|(at, origin)| (address(at), origin))
        .into();
        let desired = desired(&[("synced-api/o", wanted("Orders", &json!([])))]);
        let options = PlanOptions::default();
        let matching = match_states(&desired, &live, &options, &BTreeMap::new());
        let found: Vec<_> = matching.desired.resources.keys().collect();
        assert_eq!(found, [&address("api/a")]);
        assert!(matching.missing.is_empty() && matching.ambiguous.is_empty());
    }

    #[test]
    fn what_is_excluded_under_either_name_is_not_declared() {
        let mut live = live(&[
            ("api/a", json!({"title": "Orders"})),
            ("api/a/version/one", json!({"title": "v1"})),
            ("api/a/version/two", json!({"title": "v2"})),
        ]);
        live.origins = [(address("api/a"), origin("gateway", true))].into();
        let stage = |title: &str| json!({"title": title, "lifecycleStage": "testing"});
        let versions = json!([stage("v1"), stage("v2")]);
        let desired = desired(&[("synced-api/o", wanted("Orders", &versions))]);
        let found = |exclude: &str| {
            let exclude = Patterns::new([exclude]).unwrap();
            let options = PlanOptions {
                exclude,
                ..PlanOptions::default()
            };
            let matching = match_states(&desired, &live, &options, &BTreeMap::new());
            let found = matching.desired.resources.keys();
            found.map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(found("synced-api/o"), Vec::<String>::new());
        assert_eq!(found("api/a"), Vec::<String>::new());
        assert_eq!(found("**/one"), ["api/a", "api/a/version/two"]);
    }

    #[test]
    fn many_synced_apis_and_versions_are_all_found() {
        const MANY: usize = 15_000;
        let title = |i: usize| format!("Title {i}");
        let apis = (0..MANY).map(|i| (format!("api/a{i}"), json!({"title": title(i)})));
        let versions =
            (0..MANY).map(|i| (format!("api/a0/version/v{i}"), json!({"title": title(i)})));
        let resources: Vec<(String, Value)> = apis.chain(versions).collect();
        let mut live = live(
            &resources
                .iter()
                .map(|(at, body)| (at.as_str(), body.clone()))
                .collect::<Vec<_>>(),
        );
        live.origins = (0..MANY)
            .map(|i| (address(&format!("api/a{i}")), origin("gateway", true)))
            .collect();
        let stages: Value = (0..MANY)
            .map(|i| json!({"title": title(i), "lifecycleStage": "production"}))
            .collect();
        let names: Vec<String> = (0..MANY).map(|i| format!("synced-api/s{i}")).collect();
        let declared: Vec<(&str, Value)> = names
            .iter()
            .enumerate()
            .map(|(i, at)| {
                let none = json!([]);
                let versions = if i == 0 { &stages } else { &none };
                (at.as_str(), wanted(&title(i), versions))
            })
            .collect();
        let desired = desired(&declared);
        let options = PlanOptions::default();
        let matching = match_states(&desired, &live, &options, &BTreeMap::new());
        assert_eq!(matching.desired.resources.len(), 2 * MANY);
        assert!(matching.missing.is_empty() && matching.ambiguous.is_empty());
    }
}
