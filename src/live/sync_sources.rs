//! Which resources are managed by integrations.
//!
//! No response of the service shows it (observed). What is known: an integration names its environment, and
//! the APIs that it imports are deployed there under generated names. A field that names the integration
//! takes precedence, should the service ever send one.

use std::collections::BTreeMap;

use crate::kinds;
use crate::model::view::{DeploymentView, IntegrationView};
use crate::model::{Address, LiveResource, LiveState, Role, SyncOrigin};

/// Fields that would name the integration, as in the service's own model (observed in the exported
/// metadata schema).
const SOURCE_FIELDS: [&str; 2] = ["apiSourceName", "apiSourceId"];

/// Fills in `origins`, and marks everything that an integration manages.
pub fn detect_sync_sources(live: &mut LiveState) {
    let environments = linked_environments(live);
    let mut origins: BTreeMap<Address, SyncOrigin> = BTreeMap::new();
    for (address, current) in &live.resources {
        let root = address.root();
        let (owner, is_confirmed) = match named_source(current) {
            Some(owner) => (owner, true),
            None => match deployed_through(current, &environments) {
                Some(owner) => (owner, is_generated(root.name())),
                None => continue,
            },
        };
        let origin = origins.entry(root).or_insert(SyncOrigin {
            integration: owner,
            is_confirmed,
        });
        origin.is_confirmed |= is_confirmed;
    }
    for (environment, integration) in environments {
        if live.resources.contains_key(&environment) {
            origins.insert(
                environment,
                SyncOrigin {
                    integration,
                    is_confirmed: false,
                },
            );
        }
    }
    for (address, current) in &mut live.resources {
        current.synchronised |= origins.contains_key(&address.root());
    }
    live.origins = origins;
}

/// The environments that integrations deploy to, with the integration.
fn linked_environments(live: &LiveState) -> BTreeMap<Address, Address> {
    live.resources
        .values()
        .filter(|current| current.resource.address.is(Role::Integration))
        .filter_map(|current| {
            let name = IntegrationView::of(&current.resource.body).target_environment()?;
            let environment = Address::top(&kinds::ENVIRONMENT.info, name);
            Some((environment, current.resource.address.clone()))
        })
        .collect()
}

fn named_source(current: &LiveResource) -> Option<Address> {
    let value = SOURCE_FIELDS
        .iter()
        .find_map(|field| current.unmodelled.get(*field)?.as_str())?;
    let name = kinds::wire_name(value);
    (!name.is_empty()).then(|| Address::top(&kinds::INTEGRATION.info, name))
}

fn deployed_through(
    current: &LiveResource,
    environments: &BTreeMap<Address, Address>,
) -> Option<Address> {
    if *current.resource.address.kind() != kinds::DEPLOYMENT.info {
        return None;
    }
    let name = DeploymentView::of(&current.resource.body).environment()?;
    environments
        .get(&Address::top(&kinds::ENVIRONMENT.info, name))
        .cloned()
}

/// Whether the service generated a name: it uses long decimal numbers (observed) where people do not.
fn is_generated(name: &str) -> bool {
    name.len() >= 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn state(entries: &[(&str, serde_json::Value)]) -> LiveState {
        let mut live = LiveState::default();
        for (at, body) in entries {
            let address = kinds::parse_address(at).unwrap();
            let envelope = json!({ "properties": body });
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
}
