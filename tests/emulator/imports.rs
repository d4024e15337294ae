//! One-shot imports: copies that belong to nobody.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::api_management;
use super::harness::{EmulatorFixture, ReceivedResponse, keys};

const WORKSPACE: &str = "/services/contoso/workspaces/default";

async fn center(options: EmulatorOptions) -> EmulatorFixture {
    let center = EmulatorFixture::with(EmulatorOptions {
        seed_sample: false,
        enforce_roles: false,
        ..options
    })
    .await;
    let identity = json!({"location": "eastus", "sku": {"name": "Standard"}, "identity": {"type": "SystemAssigned"}});
    center.put("/services/contoso", identity).await.expect(200);
    center
}

async fn import(center: &EmulatorFixture, apis: &[&str]) -> ReceivedResponse {
    let ids: Vec<String> = apis
        .iter()
        .map(|api| {
            format!(
                "{}/service/contoso-apim/apis/{api}",
                api_management::PROVIDER
            )
        })
        .collect();
    center
        .post(
            "/services/contoso/importFromApim",
            json!({"sourceResourceIds": ids}),
        )
        .await
}

async fn polled(center: &EmulatorFixture, started: &ReceivedResponse) -> ReceivedResponse {
    let location = started.header("location").expect("a location");
    center.send(Method::GET, location, None).await
}

async fn apis(center: &EmulatorFixture) -> Vec<Value> {
    let list = center
        .get(&format!("{WORKSPACE}/apis"))
        .await
        .expect(200)
        .json();
    list["value"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn an_import_has_not_started_at_first() {
    let options = EmulatorOptions {
        operation_delay: Duration::from_secs(60 * 60),
        ..EmulatorOptions::default()
    };
    let center = center(options).await;
    let started = import(&center, &["payments"]).await.expect(202);
    let first = polled(&center, &started).await.expect(202).json();
    assert_eq!(first["status"], "NotStarted");
}

#[tokio::test]
async fn an_import_is_seen_at_every_stage() {
    let options = EmulatorOptions {
        operation_delay: Duration::from_millis(400),
        ..EmulatorOptions::default()
    };
    let center = center(options).await;
    let started = import(&center, &["payments"]).await.expect(202);
    assert_eq!(started.text, "");
    let location = started.header("location").expect("a location");
    assert!(
        location.contains("/services/contoso/operationResults/"),
        "{location}"
    );
    let mut seen = Vec::new();
    let last = loop {
        let heard = polled(&center, &started).await;
        let status = heard.json()["status"]
            .as_str()
            .expect("a status")
            .to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        if heard.status == 200 {
            break heard.json();
        }
        assert_eq!(heard.status, 202);
        assert!(heard.header("location").is_some());
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    // A slow machine may miss a stage, never their order.
    let stages = ["NotStarted", "InProgress", "Succeeded"];
    let mut rest = stages.iter();
    assert!(
        seen.iter().all(|status| rest.any(|stage| stage == status)),
        "{seen:?}"
    );
    assert_eq!(
        keys(&last),
        ["id", "name", "status", "startTime", "endTime"]
    );

    let found = apis(&center).await;
    assert_eq!(found.len(), 1);
    let name = found[0]["name"].as_str().unwrap();
    assert!(name.parse::<u64>().is_ok(), "{name}");
    let properties = &found[0]["properties"];
    assert_eq!(properties["title"], "Payments");
    assert_eq!(properties["kind"], "REST");
    assert_eq!(properties["lifecycleStage"], "design");
    let deployments = center
        .get(&format!("{WORKSPACE}/apis/{name}/deployments"))
        .await
        .json();
    let deployment = &deployments["value"][0]["properties"];
    assert_eq!(
        deployment["environmentId"],
        "/workspaces/default/environments/azure-api-management"
    );
    center
        .get(&format!("{WORKSPACE}/environments/azure-api-management"))
        .await
        .expect(200);

    // A copy belongs to whoever has it.
    let mine = json!({"title": "Mine", "kind": "rest"});
    let path = format!("{WORKSPACE}/apis/{name}");
    assert_eq!(
        center.set(&path, mine).await.expect(200).json()["properties"]["title"],
        "Mine"
    );
    center.delete(&path).await.expect(204);
}

#[tokio::test]
async fn a_wildcard_brings_all_and_a_second_import_brings_more() {
    let center = center(EmulatorOptions::default()).await;
    let started = import(&center, &["*"]).await.expect(202);
    polled(&center, &started).await.expect(200);
    assert_eq!(apis(&center).await.len(), 6);
    let started = import(&center, &["orders-v2", "shipping"])
        .await
        .expect(202);
    polled(&center, &started).await.expect(200);
    assert_eq!(apis(&center).await.len(), 8);
}

#[tokio::test]
async fn what_is_not_there_fails_the_operation() {
    let center = center(EmulatorOptions::default()).await;
    let started = import(&center, &["payments", "doesnotexist"])
        .await
        .expect(202);
    let failed = polled(&center, &started).await.expect(400).json();
    assert_eq!(keys(&failed), ["code", "message", "details"]);
    let message = failed["details"][0]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Failed to obtain schema from APIM for /subscriptions/"),
        "{message}"
    );
    assert!(apis(&center).await.is_empty());
    center
        .post("/services/contoso/importFromApim", json!({}))
        .await
        .expect(400);
    let other = json!({"sourceResourceIds": ["/subscriptions/s"]});
    center
        .post("/services/contoso/importFromApim", other)
        .await
        .expect(400);
}

#[tokio::test]
async fn an_import_needs_an_identity() {
    let center = EmulatorFixture::start().await;
    let started = import(&center, &["*"]).await.expect(202);
    let failed = polled(&center, &started).await.expect(400);
    assert!(
        failed.text.contains("no managed identity"),
        "{}",
        failed.text
    );
}

#[tokio::test]
async fn a_source_is_imported_without_being_linked() {
    let center = center(EmulatorOptions::default()).await;
    let source = json!({
        "apiSourceType": "AmazonApiGateway",
        "amazonApiGatewaySource": {
            "accessKey": "https://kv.vault.azure.net/secrets/AccessKey",
            "secretAccessKey": "https://kv.vault.azure.net/secrets/SecretAccessKey",
            "regionName": "us-west-2",
        },
        "importSpecification": "always",
    });
    let url = center.url(&format!("{WORKSPACE}/importApiSource"));
    center
        .send(Method::POST, &url, Some(&source))
        .await
        .expect(400);
    let url = url.replace("2024-03-01", "2024-06-01-preview");
    let started = center
        .send(Method::POST, &url, Some(&source))
        .await
        .expect(202);
    let location = started.header("location").expect("a location");
    assert!(!location.contains("/workspaces/"), "{location}");
    polled(&center, &started).await.expect(200);
    let titles: Vec<Value> = apis(&center)
        .await
        .iter()
        .map(|api| api["properties"]["title"].clone())
        .collect();
    assert_eq!(titles, ["Loyalty", "Returns"]);
    center
        .delete(&format!("{WORKSPACE}/environments/amazon-api-gateway"))
        .await
        .expect(204);
    let mut literal = source;
    literal["amazonApiGatewaySource"]["accessKey"] = json!("AKIA");
    center
        .send(Method::POST, &url, Some(&literal))
        .await
        .expect(400);
}
