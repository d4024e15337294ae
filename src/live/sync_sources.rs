//! Which resources are managed by integrations.
//!
//! No response of the service shows it (observed). What is known: an integration names its environment, and
//! the APIs that it imports are deployed there under generated names. A field that names the integration
//! takes precedence, should the service ever send one.

use std::collections::BTreeMap;

use crate::kinds;
use crate::model::view::{CustomProperties, DeploymentView, IntegrationView};
use crate::model::{Address, LiveResource, LiveState, Role, SyncOrigin};

/// Fields that would name the integration, as in the service's own model (observed in the exported
/// metadata schema).
const SOURCE_FIELDS: [&str; 2] = ["apiSourceName", "apiSourceId"];

/// The integrations that deploy to each environment.
type Links = BTreeMap<Address, Vec<Address>>;

/// Fills in `origins`, and marks everything that an integration manages.
pub fn detect_sync_sources(live: &mut LiveState) {
    let links = links(live);
    let mut origins: BTreeMap<Address, SyncOrigin> = BTreeMap::new();
    for (address, current) in &live.resources {
        let root = address.root();
        let found = match named_source(current) {
            Some(owner) => Some(confirmed(owner)),
            None => deployed_through(current, &root, live, &links)
                .or_else(|| from_repository(current, live)),
        };
        let Some(found) = found else { continue };
        match origins.get_mut(&root) {
            Some(known) if known.is_confirmed && known.others.is_empty() => {}
            Some(known) if found.is_confirmed => *known = found,
            Some(_) => {}
            None => {
                origins.insert(root, found);
            }
        }
    }
    for (environment, integrations) in links {
        let [integration, others @ ..] = integrations.as_slice() else {
            continue;
        };
        if live.resources.contains_key(&environment) {
            let origin = SyncOrigin {
                integration: integration.clone(),
                others: others.to_vec(),
                is_confirmed: false,
            };
            origins.insert(environment, origin);
        }
    }
    for (address, current) in &mut live.resources {
        current.synchronised |= origins.contains_key(&address.root());
    }
    live.origins = origins;
}

fn confirmed(integration: Address) -> SyncOrigin {
    SyncOrigin {
        integration,
        others: Vec::new(),
        is_confirmed: true,
    }
}

/// The environments that integrations deploy to, with the integrations.
fn links(live: &LiveState) -> Links {
    let mut links = Links::new();
    for current in live.resources.values() {
        let integration = &current.resource.address;
        let link = IntegrationView::of(&current.resource.body);
        // A repository has no deployments, and its environment is somebody's own.
        let name = link
            .target_environment()
            .filter(|_| link.git_repository().is_none());
        let (true, Some(name)) = (integration.is(Role::Integration), name) else {
            continue;
        };
        links
            .entry(Address::top(&kinds::ENVIRONMENT.info, name))
            .or_default()
            .push(integration.clone());
    }
    links
}

/// The Git integration that a skill or an agent may come from. One whose address of its source is in the repository
/// surely does (chosen here: no response of the service is known); any other that is not older than an integration
/// may.
fn from_repository(current: &LiveResource, live: &LiveState) -> Option<SyncOrigin> {
    const SOURCE_URL: &str = "sourceUrl";
    let address = &current.resource.address;
    let kinds = [&kinds::SKILL.info, &kinds::AGENT.info];
    let asset = kinds::asset_type(address.kind()).filter(|_| kinds.contains(&address.kind()))?;
    let integrations = live
        .resources
        .values()
        .filter(|other| other.resource.address.is(Role::Integration))
        .filter_map(|other| {
            let link = IntegrationView::of(&other.resource.body);
            let repository = link.git_repository()?.trim_end_matches('/');
            link.brings_in(asset).then_some((other, repository))
        });
    let nested = current.resource.body.get(CustomProperties::FIELD);
    let url = current.unmodelled.get(SOURCE_URL);
    let url = url
        .or_else(|| nested?.get(SOURCE_URL))
        .and_then(|url| url.as_str());
    let is_in = |repository: &str| {
        let rest = url.and_then(|url| {
            let head = url.get(..repository.len())?;
            head.eq_ignore_ascii_case(repository)
                .then(|| &url[repository.len()..])
        });
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (mut sure, mut possible) = (Vec::new(), Vec::new());
    for (integration, repository) in integrations {
        let address = integration.resource.address.clone();
        if is_in(repository) {
            sure.push(address);
        } else if url.is_none() && !is_older(Some(current), integration) {
            possible.push(address);
        }
    }
    let is_confirmed = !sure.is_empty();
    let mut all = if is_confirmed { sure } else { possible }.into_iter();
    Some(SyncOrigin {
        integration: all.next()?,
        others: all.collect(),
        is_confirmed,
    })
}

fn named_source(current: &LiveResource) -> Option<Address> {
    let value = SOURCE_FIELDS
        .iter()
        .find_map(|field| current.unmodelled.get(*field)?.as_str())?;
    let name = kinds::wire_name(value);
    (!name.is_empty()).then(|| Address::top(&kinds::INTEGRATION.info, name))
}

/// Where the API of a deployment may come from: an integration that deploys to the same environment and
/// is not younger than the API. What is older was there before (a copy of a one-shot import has the same
/// environment and a generated name, too, and belongs to nobody).
fn deployed_through(
    current: &LiveResource,
    api: &Address,
    live: &LiveState,
    links: &Links,
) -> Option<SyncOrigin> {
    if *current.resource.address.kind() != kinds::DEPLOYMENT.info {
        return None;
    }
    let deployment = DeploymentView::of(&current.resource.body);
    let environment = Address::top(&kinds::ENVIRONMENT.info, deployment.environment()?);
    let candidates: Vec<&LiveResource> = links
        .get(&environment)?
        .iter()
        .filter_map(|integration| live.resources.get(integration))
        .filter(|integration| !is_older(live.resources.get(api), integration))
        .collect();
    let is_called = |integration: &&&LiveResource| {
        let integration = IntegrationView::of(&integration.resource.body);
        deployment
            .runtime_uris()
            .any(|uri| integration.is_called_at(uri))
    };
    let called: Vec<&LiveResource> = candidates.iter().filter(is_called).copied().collect();
    let found = if called.is_empty() {
        candidates
    } else {
        called
    };
    let [integration, others @ ..] = found.as_slice() else {
        return None;
    };
    let address_of = |current: &&LiveResource| current.resource.address.clone();
    Some(SyncOrigin {
        integration: address_of(integration),
        others: others.iter().map(address_of).collect(),
        is_confirmed: is_generated(api.name()),
    })
}

/// Whether an API surely existed before an integration.
fn is_older(api: Option<&LiveResource>, integration: &LiveResource) -> bool {
    let created = api.and_then(|api| api.created_at.as_ref());
    let linked = integration.created_at.as_ref();
    created.zip(linked).is_some_and(|(api, link)| api < link)
}

/// Whether the service generated a name: it uses long decimal numbers (observed) where people do not.
fn is_generated(name: &str) -> bool {
    name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Timestamp;

    fn state(entries: &[(&str, serde_json::Value)]) -> LiveState {
        let mut live = LiveState::default();
        for (at, body) in entries {
            let address = kinds::parse_address(at).unwrap();
            let mut body = body.clone();
            let created = body.as_object_mut().unwrap().shift_remove("createdAt");
            let envelope = json!({ "properties": body, "createdAt": created });
            let canonical =
                kinds::of(&address).live(address.clone(), envelope.as_object().unwrap());
            live.resources.insert(
                address,
                LiveResource {
                    resource: canonical.resource,
                    unmodelled: canonical.unmodelled,
                    synchronised: false,
                    text: None,
                    files: None,
                    created_at: envelope["createdAt"].as_str().and_then(Timestamp::parse),
                },
            );
        }
        detect_sync_sources(&mut live);
        live
    }

    fn kept(live: &LiveState) -> Vec<String> {
        live.resources
            .values()
            .filter(|current| current.synchronised)
            .map(|current| current.resource.address.to_string())
            .collect()
    }

    #[test]
    fn what_is_deployed_to_a_linked_environment_comes_from_its_integration() {
        let gateway = "/workspaces/default/environments/gateway";
        let live = state(&[
            (
                "environment/gateway",
                json!({"title": "g", "kind": "production"}),
            ),
            (
                "environment/other",
                json!({"title": "o", "kind": "production"}),
            ),
            ("integration/apim", json!({"targetEnvironmentId": gateway})),
            ("api/984382391598921447", json!({"title": "Orders"})),
            ("api/984382391598921447/version/v01", json!({"title": "v1"})),
            (
                "api/984382391598921447/deployment/d01",
                json!({"environmentId": gateway}),
            ),
            ("api/by-hand", json!({"title": "By hand"})),
            (
                "api/by-hand/deployment/d01",
                json!({"environmentId": gateway}),
            ),
            ("api/elsewhere", json!({"title": "Elsewhere"})),
        ]);
        assert_eq!(
            kept(&live),
            [
                "environment/gateway",
                "api/984382391598921447",
                "api/984382391598921447/version/v01",
                "api/984382391598921447/deployment/d01",
                "api/by-hand",
                "api/by-hand/deployment/d01",
            ]
        );
        let is_confirmed =
            |name: &str| live.origins[&Address::top(&kinds::API.info, name)].is_confirmed;
        assert!(is_confirmed("984382391598921447") && !is_confirmed("by-hand"));
    }

    #[test]
    fn a_field_that_names_the_source_is_believed() {
        let live = state(&[(
            "api/orders",
            json!({"title": "Orders", "apiSourceName": "apim"}),
        )]);
        let origin = &live.origins[&Address::top(&kinds::API.info, "orders")];
        assert_eq!(origin.integration.to_string(), "integration/apim");
        assert!(origin.is_confirmed);
    }

    const GATEWAY: &str = "/workspaces/default/environments/gateway";

    fn api(name: &str) -> Address {
        Address::top(&kinds::API.info, name)
    }

    fn linked(resources: &[(&str, serde_json::Value)]) -> LiveState {
        let link = json!({"targetEnvironmentId": GATEWAY, "createdAt": "2026-03-01T10:00:00Z"});
        let deployed = json!({"environmentId": GATEWAY});
        let mut all = vec![
            ("environment/gateway", json!({"title": "g"})),
            ("integration/apim", link),
        ];
        let deployments: Vec<String> = resources
            .iter()
            .map(|(at, _)| format!("{at}/deployment/d01"))
            .collect();
        all.extend(deployments.iter().map(|at| (at.as_str(), deployed.clone())));
        all.extend(resources.iter().cloned());
        state(&all)
    }

    #[test]
    fn what_is_older_than_the_integration_does_not_come_from_it() {
        let live = linked(&[
            (
                "api/111111111111111111",
                json!({"title": "Copy", "createdAt": "2026-03-01T09:59:59.9999999Z"}),
            ),
            (
                "api/222222222222222222",
                json!({"title": "Synced", "createdAt": "2026-03-01T10:00:00.0000000Z"}),
            ),
            ("api/333333333333333333", json!({"title": "Unknown age"})),
            (
                "api/by-hand",
                json!({"title": "By hand", "createdAt": "2026-02-01T00:00:00Z"}),
            ),
        ]);
        let origins: Vec<String> = live.origins.keys().map(ToString::to_string).collect();
        assert_eq!(
            origins,
            [
                "environment/gateway",
                "api/222222222222222222",
                "api/333333333333333333"
            ]
        );
    }

    #[test]
    fn a_marker_beats_a_guess_and_nothing_else() {
        let marker = |owner: &str| json!({"title": "t", "customProperties": {"managed-by": owner}});
        let mut live = linked(&[
            ("api/marked", marker("us")),
            ("api/theirs", marker("them")),
            ("api/plain", json!({"title": "t"})),
            ("api/444444444444444444", marker("us")),
        ]);
        live.believe_markers(&crate::model::OwnershipMarker {
            property: "managed-by".to_owned(),
            owner: "us".to_owned(),
        });
        assert_eq!(
            kept(&live),
            [
                "environment/gateway",
                "api/444444444444444444",
                "api/444444444444444444/deployment/d01",
                "api/plain",
                "api/plain/deployment/d01",
            ]
        );
    }

    #[test]
    fn integrations_with_one_environment_are_told_apart_by_address_and_age() {
        let instance = |name: &str| {
            json!({"resourceId": format!(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/{name}"
            )})
        };
        let link = |name: &str, created: &str| {
            json!({"targetEnvironmentId": GATEWAY, "azureApiManagementSource": instance(name),
                "createdAt": created})
        };
        let at = |uri: &str| json!({"environmentId": GATEWAY, "server": {"runtimeUri": [uri]}});
        let created = |at: &str| json!({"title": "t", "createdAt": at});
        let live = state(&[
            ("environment/gateway", json!({"title": "g"})),
            ("integration/one", link("one", "2026-01-01T00:00:00Z")),
            ("integration/two", link("two", "2026-02-01T00:00:00Z")),
            ("api/111111111111", created("2026-01-15T00:00:00Z")),
            (
                "api/111111111111/deployment/d",
                at("https://api.contoso.com/a"),
            ),
            ("api/222222222222", created("2026-03-01T00:00:00Z")),
            (
                "api/222222222222/deployment/d",
                at("https://TWO.azure-api.net/b"),
            ),
            ("api/333333333333", created("2026-03-01T00:00:00Z")),
            (
                "api/333333333333/deployment/d",
                at("https://api.contoso.com/c"),
            ),
        ]);
        let of = |name: &str| -> Vec<String> {
            let origin = &live.origins[&api(name)];
            assert!(origin.is_confirmed);
            origin.integrations().map(ToString::to_string).collect()
        };
        assert_eq!(of("111111111111"), ["integration/one"]);
        assert_eq!(of("222222222222"), ["integration/two"]);
        assert_eq!(of("333333333333"), ["integration/one", "integration/two"]);
    }
}
