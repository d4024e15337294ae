//! Refusals, in the three shapes the service mixes.

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::json;

use super::harness::{API, EmulatorFixture, GROUP, ReceivedResponse, SERVICE};

#[tokio::test]
async fn a_token_is_required() {
    let center = EmulatorFixture::start().await;
    let response = center.client.get(center.url(API)).send().await.unwrap();
    let heard = ReceivedResponse::read(response).await.expect(401);
    assert_eq!(heard.json()["error"]["code"], "AuthenticationFailed");
    assert!(heard.header("www-authenticate").is_some());
    let empty = center
        .client
        .get(center.url(API))
        .header("authorization", "Bearer ");
    ReceivedResponse::read(empty.send().await.unwrap())
        .await
        .expect(401);
}

#[tokio::test]
async fn an_api_version_is_required_and_must_exist() {
    let center = EmulatorFixture::start().await;
    let plain = format!("{}{GROUP}{API}", center.emulator.url());
    let heard = center.send(Method::GET, &plain, None).await.expect(400);
    assert_eq!(heard.json()["error"]["code"], "MissingApiVersionParameter");
    let old = format!("{plain}?api-version=2020-01-01");
    let heard = center.send(Method::GET, &old, None).await.expect(400);
    assert_eq!(heard.json()["error"]["code"], "InvalidResourceType");
    let message = heard.json()["error"]["message"].to_string();
    assert!(
        message.contains("2024-03-01,2024-03-15-preview,2024-06-01-preview"),
        "{message}"
    );
    let heard = center.get("/deletedServices").await.expect(400);
    assert!(heard.text.contains("2024-03-15-preview"), "{}", heard.text);
}

#[tokio::test]
async fn unknown_types_are_404_and_wrong_methods_405() {
    let center = EmulatorFixture::start().await;
    for path in [
        "/services/contoso/widgets/w",
        "/gadgets",
        "/services/contoso/apis/orders",
    ] {
        let heard = center.get(path).await.expect(404);
        assert_eq!(
            heard.json()["error"]["code"],
            "InvalidResourceType",
            "{path}"
        );
    }
    center
        .send(Method::PATCH, &center.url(API), Some(&json!({})))
        .await
        .expect(405);
    center
        .send(
            Method::GET,
            &center.url("/services/contoso/exportMetadataSchema"),
            None,
        )
        .await
        .expect(405);
}

#[tokio::test]
async fn a_missing_service_is_the_gateways_404() {
    let center = EmulatorFixture::bare(EmulatorOptions::default()).await;
    for path in [SERVICE, API, "/services/contoso/metadataSchemas"] {
        let heard = center.get(path).await.expect(404);
        let error = &heard.json()["error"];
        assert_eq!(error["code"], "ResourceNotFound");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(
            "The Resource 'Microsoft.ApiCenter/services/contoso' under resource group 'rg'"
        ));
        assert_eq!(heard.header("x-ms-failure-cause"), Some("gateway"));
        assert_eq!(heard.header("api-supported-versions"), None);
    }
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(404);
}

#[tokio::test]
async fn missing_children_are_bare() {
    let center = EmulatorFixture::start().await;
    assert_eq!(
        center.get(API).await.expect(404).json(),
        json!({"code": "404"})
    );
    let schema = center
        .get("/services/contoso/metadataSchemas/team")
        .await
        .expect(404);
    assert_eq!(schema.json(), json!({"code": "404"}));
    let environment = center
        .get("/services/contoso/workspaces/default/environments/none")
        .await
        .expect(404);
    assert_eq!(
        environment.json(),
        json!({"code": "404", "message": "The environment with the specified ID does not exist."})
    );
    let orphan = json!({"title": "v", "lifecycleStage": "design"});
    center
        .set(&format!("{API}/versions/1-0-0"), orphan)
        .await
        .expect(404);
    center.get(&format!("{API}/versions")).await.expect(404);
    let export = center
        .post(
            &format!("{API}/versions/1-0-0/definitions/d-1/exportSpecification"),
            json!(null),
        )
        .await;
    assert_eq!(export.expect(404).json()["title"], "Not Found");
}

#[tokio::test]
async fn bad_bodies_name_every_problem() {
    let center = EmulatorFixture::start().await;
    let heard = center
        .set(
            API,
            json!({"title": "x".repeat(51), "summary": "y".repeat(201)}),
        )
        .await;
    assert_eq!(
        heard.expect(400).problems(),
        [
            "The field Title must be a string or array type with a maximum length of '50'.",
            "The field Summary must be a string or array type with a maximum length of '200'.",
            "The Kind field is required.",
        ]
    );
    let version = format!("{API}/versions/v_1");
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    let named = center
        .set(&version, json!({"title": "v1", "lifecycleStage": "design"}))
        .await
        .expect(400);
    assert_eq!(
        named.problems(),
        ["The field VersionName must match the regular expression '^[a-zA-Z0-9\\-\\.]{1,90}$'."]
    );
    let environment = "/services/contoso/workspaces/default/environments/prod";
    let portals = json!({"title": "t", "kind": "k", "server": {"managementPortalUri": ["a", "b"]}});
    let heard = center.set(environment, portals).await.expect(400);
    assert!(heard.problems()[0].contains("ManagementPortalUri"));
    center.put(API, json!({})).await.expect(400).problems();
    let garbage = center
        .client
        .put(center.url(API))
        .bearer_auth("t")
        .body("{")
        .send()
        .await
        .unwrap();
    ReceivedResponse::read(garbage).await.expect(400).problems();
}

#[tokio::test]
async fn plans_limit_what_fits() {
    let options = EmulatorOptions {
        seed_sample: false,
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::bare(options).await;
    center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await
        .expect(201);
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    let version = json!({"title": "v", "lifecycleStage": "design"});
    for number in 0..5 {
        center
            .set(&format!("{API}/versions/{number}-0-0"), version.clone())
            .await
            .expect(200);
    }
    let heard = center
        .set(&format!("{API}/versions/5-0-0"), version.clone())
        .await
        .expect(400);
    assert!(heard.problems()[0].contains("maximum number of versions (5)"));
    center
        .set(&format!("{API}/versions/4-0-0"), version.clone())
        .await
        .expect(200);
    center
        .put(
            SERVICE,
            json!({"location": "eastus", "sku": {"name": "Standard"}}),
        )
        .await
        .expect(200);
    center
        .set(&format!("{API}/versions/5-0-0"), version)
        .await
        .expect(200);
    let workspace = center
        .set("/services/contoso/workspaces/other", json!({"title": "o"}))
        .await;
    workspace.expect(400).problems();
    center
        .delete("/services/contoso/workspaces/default")
        .await
        .expect(400);
}
