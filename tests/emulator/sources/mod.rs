//! API sources: what they import, what belongs to them, and how they are deleted.

mod background;
mod git;
mod imported;
mod ownership;
mod properties;
mod removal;

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::api_management;
use super::harness::{EmulatorFixture, ReceivedResponse};

const WORKSPACE: &str = "/services/contoso/workspaces/default";
const SOURCE: &str = "/services/contoso/workspaces/default/apiSources/apim";
const ENVIRONMENT: &str = "/workspaces/default/environments/azure-api-management";

/// Without the need for roles, which other tests are about.
fn options() -> EmulatorOptions {
    EmulatorOptions {
        seed_sample: false,
        enforce_roles: false,
        ..EmulatorOptions::default()
    }
}

/// A center whose service has an identity of its own.
async fn center(options: EmulatorOptions) -> EmulatorFixture {
    let center = EmulatorFixture::with(options).await;
    let body = json!({
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "sku": {"name": "Standard"},
    });
    center.put("/services/contoso", body).await.expect(200);
    center
}

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let url = center.url(path).replace("2024-03-01", "2024-06-01-preview");
    center.send(method, &url, body).await
}

async fn set(center: &EmulatorFixture, path: &str, properties: Value) -> ReceivedResponse {
    send(
        center,
        Method::PUT,
        path,
        Some(&json!({"properties": properties})),
    )
    .await
}

async fn properties(center: &EmulatorFixture, path: &str) -> Value {
    send(center, Method::GET, path, None)
        .await
        .expect(200)
        .json()["properties"]
        .clone()
}

fn apim(instance: &str) -> Value {
    json!({
        "apiSourceType": "AzureApiManagement",
        "azureApiManagementSource": {"resourceId": format!("{}{instance}", api_management::PROVIDER)},
        "importSpecification": "always",
    })
}

fn amazon() -> Value {
    json!({
        "apiSourceType": "AmazonApiGateway",
        "amazonApiGatewaySource": {
            "accessKey": "https://kv.vault.azure.net/secrets/AccessKey",
            "secretAccessKey": "https://kv.vault.azure.net/secrets/SecretAccessKey",
            "regionName": "eu-west-1",
        },
    })
}

/// The API of this title: its path and its properties.
async fn titled(center: &EmulatorFixture, title: &str) -> (String, Value) {
    let list = center
        .get(&format!("{WORKSPACE}/apis"))
        .await
        .expect(200)
        .json();
    let items = list["value"].as_array().expect("a list");
    let found = items.iter().find(|api| api["properties"]["title"] == title);
    let found = found.unwrap_or_else(|| panic!("no API {title} in {list}"));
    let name = found["name"].as_str().expect("a name");
    (
        format!("{WORKSPACE}/apis/{name}"),
        found["properties"].clone(),
    )
}

async fn only_child(center: &EmulatorFixture, path: &str) -> (String, Value) {
    let list = center.get(path).await.expect(200).json();
    let [child] = list["value"].as_array().expect("a list").as_slice() else {
        panic!("not one child: {list}");
    };
    (
        format!("{path}/{}", child["name"].as_str().expect("a name")),
        child["properties"].clone(),
    )
}

fn is_generated(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.parse::<u64>().is_ok()
}

/// The path of the API of this title, once it is there.
async fn eventually(center: &EmulatorFixture, title: &str) -> String {
    let list = format!("{WORKSPACE}/apis");
    let is_there = async || {
        center
            .get(&list)
            .await
            .text
            .contains(&format!("\"title\":\"{title}\""))
    };
    until(is_there).await;
    titled(center, title).await.0
}

async fn until(done: impl AsyncFn() -> bool) {
    for _ in 0..3000 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not happen within half a minute");
}
