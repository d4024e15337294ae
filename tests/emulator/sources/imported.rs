//! What a source imports into the service.

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::{
    ENVIRONMENT, SOURCE, WORKSPACE, amazon, apim, center, is_generated, only_child, options,
    properties, set, titled,
};
use crate::emulator::api_management::{self, SAMPLE};
use crate::emulator::harness::EmulatorFixture;

#[tokio::test]
async fn apis_come_with_versions_definitions_and_deployments() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let environment = properties(&center, &format!("/services/contoso{ENVIRONMENT}")).await;
    assert_eq!(
        environment.to_string(),
        r#"{"title":"Azure API Management","kind":"Production","server":{"type":"AzureApiManagement","managementPortalUri":[]},"customProperties":{}}"#
    );
    let list = center.get(&format!("{WORKSPACE}/apis")).await.json();
    let told: Vec<(&str, &str)> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|api| &api["properties"])
        .map(|api| {
            (
                api["title"].as_str().unwrap(),
                api["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Orders", "REST"),
            ("Payments", "REST"),
            ("Shipping", "SOAP"),
            ("Catalog", "GRAPHQL"),
            ("Notifications", "WEBSOCKET"),
            ("Storefront tools", "MCP"),
        ]
    );
    let (orders, api) = titled(&center, "Orders").await;
    assert!(is_generated(&orders), "{orders}");
    assert_eq!(api["lifecycleStage"], "design");
    assert_eq!(api["contacts"], json!([]));
    let versions = center.get(&format!("{orders}/versions")).await.json();
    let titles: Vec<&Value> = versions["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["properties"]["title"])
        .collect();
    assert_eq!(titles, ["v1", "v2"]);
    let deployments = center.get(&format!("{orders}/deployments")).await.json();
    let deployment = &deployments["value"][1]["properties"];
    assert_eq!(deployment["environmentId"], ENVIRONMENT);
    assert_eq!(
        deployment["server"]["runtimeUri"],
        json!(["https://contoso-apim.azure-api.net/orders/v2"])
    );
    let definition = deployment["definitionId"].as_str().expect("a definition");
    let definition = format!("/services/contoso{definition}");
    let specification = properties(&center, &definition).await["specification"].clone();
    assert_eq!(
        specification,
        json!({"name": "openapi", "version": "3.0.1"})
    );
    let export = center
        .post(&format!("{definition}/exportSpecification"), json!({}))
        .await
        .expect(200);
    assert!(
        export.json()["value"]
            .as_str()
            .unwrap()
            .contains("placeOrder")
    );

    let (tools, _) = titled(&center, "Storefront tools").await;
    let (_, deployment) = only_child(&center, &format!("{tools}/deployments")).await;
    let uri = deployment["server"]["runtimeUri"][0].as_str().unwrap();
    assert!(uri.ends_with("/mcp/messages"), "{uri}");
    assert_eq!(deployment.get("definitionId"), None);
}

#[tokio::test]
async fn a_graphql_api_comes_with_its_schema() {
    let center = center(options()).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    let (catalog, _) = titled(&center, "Catalog").await;
    let (version, _) = only_child(&center, &format!("{catalog}/versions")).await;
    let (definition, properties) = only_child(&center, &format!("{version}/definitions")).await;
    let specification = json!({"name": "graphql"});
    assert_eq!(
        properties,
        json!({"title": "GraphQL", "specification": specification})
    );
    let export = center
        .post(&format!("{definition}/exportSpecification"), json!({}))
        .await
        .expect(200);
    assert!(
        export.json()["value"]
            .as_str()
            .unwrap()
            .starts_with("type Query {")
    );
}

#[tokio::test]
async fn the_plan_limits_how_many_apis_a_source_brings() {
    let center = EmulatorFixture::bare(options()).await;
    let free = json!({"location": "eastus", "sku": {"name": "Free"}, "identity": {"type": "SystemAssigned"}});
    center.put("/services/contoso", free).await.expect(201);
    api_management::own(&center).await;
    let puts = (0..200).map(|number| {
        let body = json!({"properties": {"path": format!("p{number}")}});
        let center = &center;
        async move {
            let path = format!("/service/own/apis/api-{number}");
            api_management::put(center, &path, body).await.expect(201);
        }
    });
    futures::stream::iter(puts)
        .buffer_unordered(20)
        .collect::<Vec<()>>()
        .await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let state = properties(&center, SOURCE).await["linkState"].clone();
    assert_eq!(state["state"], "error");
    assert!(
        state["message"]
            .as_str()
            .unwrap()
            .contains("first 200 APIs")
    );
    let one_more = json!({"title": "One more", "kind": "rest"});
    center
        .set(&format!("{WORKSPACE}/apis/one-more"), one_more)
        .await
        .expect(400);
    let second = set(&center, &format!("{SOURCE}2"), apim("/service/own"))
        .await
        .expect(400);
    assert!(second.problems()[0].contains("(1)"), "{}", second.text);
}

#[tokio::test]
async fn the_plan_limits_how_many_sources_there_are() {
    let center = center(options()).await;
    let source = |number| format!("{WORKSPACE}/apiSources/source-{number}");
    for number in 1..=3 {
        set(&center, &source(number), amazon()).await.expect(200);
    }
    let fourth = set(&center, &source(4), amazon()).await.expect(400);
    assert!(
        fourth.problems()[0].contains("apiSources (3)"),
        "{}",
        fourth.text
    );
    // An update is not one more.
    set(&center, &source(3), amazon()).await.expect(200);
}

#[tokio::test]
async fn documents_stay_out_unless_they_are_always_imported() {
    for import in ["ondemand", "never"] {
        let center = center(options()).await;
        let mut source = apim(SAMPLE);
        source["importSpecification"] = json!(import);
        set(&center, SOURCE, source).await.expect(200);
        let (payments, _) = titled(&center, "Payments").await;
        let (version, _) = only_child(&center, &format!("{payments}/versions")).await;
        let (definition, properties) = only_child(&center, &format!("{version}/definitions")).await;
        assert_eq!(properties, json!({"title": "OpenAPI"}));
        center
            .post(&format!("{definition}/exportSpecification"), json!({}))
            .await
            .expect(404);
        let import = json!({"format": "inline", "value": "{}"});
        center
            .post(&format!("{definition}/importSpecification"), import)
            .await
            .expect(200);
    }
}
