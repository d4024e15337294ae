use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::kinds;
use crate::model::{Address, DesiredResource, DesiredState, Patterns};

fn state(resources: impl IntoIterator<Item = (Address, Value)>) -> DesiredState {
    let mut desired = DesiredState::default();
    for (address, body) in resources {
        let body = body.as_object().unwrap().clone();
        let resource = kinds::of(&address).declared(address.clone(), body);
        let declared = DesiredResource {
            resource,
            place: None,
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
            document: None,
        };
        desired.resources.insert(address, declared);
    }
    desired
}

fn api(name: &str) -> Address {
    Address::top(&kinds::API.info, name)
}

fn catalogue() -> DesiredState {
    let version = api("orders").child(&kinds::API_VERSION.info, "v1");
    let definition = version.child(&kinds::API_DEFINITION.info, "openapi");
    let uses = json!({"environment": "production", "definition": "v1/openapi"});
    state([
        (
            api("orders"),
            json!({"title": "Orders & \"all\"", "customProperties": {"team": "a"}}),
        ),
        (version, json!({"title": "v1"})),
        (definition, json!({"title": "OpenAPI"})),
        (api("orders").child(&kinds::DEPLOYMENT.info, "prod"), uses),
        (api("weather"), json!({"title": "weather"})),
        (
            Address::top(&kinds::ENVIRONMENT.info, "production"),
            json!({"title": "Production"}),
        ),
        (
            Address::top(&kinds::METADATA_SCHEMA.info, "team"),
            json!({}),
        ),
    ])
}

fn drawn(only: &[&str], metadata: bool) -> (String, String) {
    let (desired, only) = (catalogue(), Patterns::new(only).unwrap());
    let graph = Graph::new(&desired, &only, metadata);
    let (mermaid, limit) = graph.mermaid();
    assert_eq!(limit, None);
    (mermaid.to_string(), graph.dot().to_string())
}

#[test]
fn an_api_is_a_group_and_what_is_named_is_pointed_at() {
    let (mermaid, dot) = drawn(&[], false);
    insta::assert_snapshot!(mermaid);
    insta::assert_snapshot!(dot);
}

#[test]
fn a_selection_shows_what_it_is_below_and_what_it_names() {
    let (mermaid, _) = drawn(&["api/orders/deployment/*"], false);
    assert!(mermaid.contains("api/orders"), "{mermaid}");
    assert!(mermaid.contains("environment/production"), "{mermaid}");
    assert!(mermaid.contains("definition/openapi"), "{mermaid}");
    assert!(!mermaid.contains("weather"), "{mermaid}");
    let (mermaid, dot) = drawn(&["api/weather"], false);
    assert_eq!(mermaid.matches("[\"").count(), 1, "{mermaid}");
    assert!(!dot.contains("cluster"), "{dot}");
}

#[test]
fn metadata_schemas_are_drawn_when_asked_for() {
    let (_, dot) = drawn(&[], true);
    assert!(dot.contains("label=\"metadata-schema/team\""), "{dot}");
    assert!(dot.contains("ltail=cluster_"), "{dot}");
}

#[test]
fn a_graph_that_mermaid_does_not_draw_is_reported() {
    let environment = Address::top(&kinds::ENVIRONMENT.info, "production");
    let deployments = (0..501).map(|i| {
        let address = api(&format!("api-{i}")).child(&kinds::DEPLOYMENT.info, "prod");
        (address, json!({"environment": "production"}))
    });
    let desired = state(
        (0..501)
            .map(|i| (api(&format!("api-{i}")), json!({})))
            .chain(deployments)
            .chain([(environment, json!({}))]),
    );
    let limit = |only: &[&str]| {
        let only = Patterns::new(only).unwrap();
        Graph::new(&desired, &only, false).mermaid().1
    };
    let message = limit(&[]).unwrap().to_string();
    assert!(message.contains("has 501 lines and "), "{message}");
    assert_eq!(limit(&["api/api-1*"]), None);
}
