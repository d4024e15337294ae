//! What an integration may read follows from role assignments.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::api_management;
use super::harness::{EmulatorFixture, GROUP, ReceivedResponse, names};

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";
const INSTANCE: &str = "/service/contoso-apim";
const SOURCE: &str = "/services/contoso/workspaces/default/apiSources/source";
const APIS: &str = "/services/contoso/workspaces/default/apis";

const READS_INSTANCE: &str = "71522526-b88f-4d52-b57f-d31fc3546d0d";
const READS_SECRETS: &str = "4633458b-17de-408a-b874-0445c86b69e6";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

/// A center whose service has an identity, and the id of its principal.
async fn center(options: EmulatorOptions) -> (EmulatorFixture, String) {
    let center = EmulatorFixture::with(EmulatorOptions {
        seed_sample: false,
        ..options
    })
    .await;
    let body = json!({"location": "eastus", "sku": {"name": "Standard"}, "identity": {"type": "SystemAssigned"}});
    let made = center.put("/services/contoso", body).await.expect(200);
    let principal = made.json()["identity"]["principalId"].clone();
    (center, principal.as_str().expect("a principal").to_owned())
}

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let url = format!("{}{path}?api-version=2022-04-01", center.emulator.url());
    center.send(method, &url, body).await
}

fn assignment(scope: &str) -> String {
    let name = "99999999-0000-4000-8000-000000000001";
    format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}")
}

async fn assign(center: &EmulatorFixture, scope: &str, role: &str, principal: &str) {
    let role = format!("/providers/Microsoft.Authorization/roleDefinitions/{role}");
    let body = json!({"properties": {"roleDefinitionId": role, "principalId": principal}});
    send(center, Method::PUT, &assignment(scope), Some(&body))
        .await
        .expect(201);
}

async fn revoke(center: &EmulatorFixture, scope: &str) {
    send(center, Method::DELETE, &assignment(scope), None)
        .await
        .expect(200);
}

async fn source(
    center: &EmulatorFixture,
    method: Method,
    body: Option<&Value>,
) -> ReceivedResponse {
    let url = center
        .url(SOURCE)
        .replace("2024-03-01", "2024-06-01-preview");
    center.send(method, &url, body).await
}

async fn link(center: &EmulatorFixture, properties: Value) {
    let body = json!({"properties": properties});
    source(center, Method::PUT, Some(&body)).await.expect(200);
}

/// The state of the link, and its message.
async fn state(center: &EmulatorFixture) -> (String, String) {
    let read = source(center, Method::GET, None).await.expect(200).json();
    let text = |name: &str| {
        let value = read["properties"]["linkState"][name].as_str();
        value.unwrap_or_default().to_owned()
    };
    (text("state"), text("message"))
}

fn apim() -> Value {
    let id = format!("{}{INSTANCE}", api_management::PROVIDER);
    json!({"azureApiManagementSource": {"resourceId": id}})
}

fn amazon() -> Value {
    json!({"amazonApiGatewaySource": {
        "accessKey": "https://kv.vault.azure.net/secrets/AccessKey",
        "secretAccessKey": "https://kv.vault.azure.net/secrets/SecretAccessKey",
        "regionName": "eu-west-1",
    }})
}

#[tokio::test]
async fn a_link_needs_a_role_and_heals_when_it_is_given() {
    let (center, principal) = center(EmulatorOptions::default()).await;
    let instance = format!("{}{INSTANCE}", api_management::PROVIDER);
    link(&center, apim()).await;
    let (name, message) = state(&center).await;
    assert_eq!(name, "error");
    assert!(
        message.contains("API Management Service Reader Role"),
        "{message}"
    );
    assert!(message.contains(&principal), "{message}");
    assert!(names(&center.get(APIS).await.json()).is_empty());

    assign(&center, &instance, READS_SECRETS, &principal).await;
    assert_eq!(state(&center).await.0, "error", "it is the wrong role");
    revoke(&center, &instance).await;
    assign(&center, &instance, READS_INSTANCE, &principal).await;
    assert_eq!(state(&center).await, ("syncing".to_owned(), String::new()));
    assert_eq!(names(&center.get(APIS).await.json()).len(), 6);

    revoke(&center, &instance).await;
    assert_eq!(state(&center).await.0, "error");
    assert_eq!(names(&center.get(APIS).await.json()).len(), 6);
}

#[tokio::test]
async fn other_roles_imply_reading_an_instance_at_it_or_above() {
    let (center, principal) = center(EmulatorOptions::default()).await;
    link(&center, apim()).await;
    let instance = format!("{}{INSTANCE}", api_management::PROVIDER);
    let group = GROUP
        .split("/providers")
        .next()
        .expect("a group")
        .to_owned();
    for (role, scope) in [
        ("312a565d-c81f-4fd8-895a-4e21e48d571c", &instance),
        (READER, &instance),
        ("b24988ac-6180-42a0-ab88-20f7382dd24c", &group),
        (
            "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
            &SUBSCRIPTION.to_owned(),
        ),
        (READS_INSTANCE, &String::new()),
    ] {
        assert_eq!(state(&center).await.0, "error", "before {role}");
        assign(&center, scope, role, &principal).await;
        assert_eq!(state(&center).await.0, "syncing", "{role} on {scope}");
        revoke(&center, scope).await;
    }
}

#[tokio::test]
async fn the_keys_of_another_cloud_need_a_role_on_their_vault() {
    let (center, principal) = center(EmulatorOptions::default()).await;
    link(&center, amazon()).await;
    assert!(state(&center).await.1.contains("Key Vault Secrets User"));
    let vaults = format!("{SUBSCRIPTION}/resourceGroups/keys/providers/Microsoft.KeyVault/vaults");
    for (scope, role, expected) in [
        (format!("{vaults}/other"), READS_SECRETS, "error"),
        (format!("{vaults}/kv"), READER, "error"),
        (format!("{vaults}/KV"), READS_SECRETS, "syncing"),
        (
            format!("{SUBSCRIPTION}/resourceGroups/keys"),
            READS_SECRETS,
            "syncing",
        ),
    ] {
        assign(&center, &scope, role, &principal).await;
        assert_eq!(state(&center).await.0, expected, "{role} on {scope}");
        revoke(&center, &scope).await;
    }
}

#[tokio::test]
async fn a_server_heals_a_link_soon_after_the_role() {
    let (center, principal) = center(EmulatorOptions {
        sync_delay: Duration::from_millis(60),
        ..EmulatorOptions::default()
    })
    .await;
    link(&center, apim()).await;
    settles(&center, "error").await;
    assign(&center, SUBSCRIPTION, READER, &principal).await;
    settles(&center, "syncing").await;
}

async fn settles(center: &EmulatorFixture, expected: &str) {
    for _ in 0..1500 {
        if state(center).await.0 == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never {expected}: {:?}", state(center).await);
}

#[tokio::test]
async fn a_deleted_instance_ends_its_assignments_and_a_group_takes_its_instances_along() {
    let (center, principal) = center(EmulatorOptions::default()).await;
    api_management::own(&center).await;
    let own = format!("{}/service/own", api_management::PROVIDER);
    assign(&center, &own, READS_INSTANCE, &principal).await;
    link(
        &center,
        json!({"azureApiManagementSource": {"resourceId": own}}),
    )
    .await;
    assert_eq!(state(&center).await.0, "syncing");
    api_management::send(&center, Method::DELETE, "/service/own", None)
        .await
        .expect(200);
    send(&center, Method::GET, &assignment(&own), None)
        .await
        .expect(404);
    assert_eq!(state(&center).await.0, "error");

    let group = format!("{SUBSCRIPTION}/resourceGroups/apim");
    let own = format!("{group}/providers/Microsoft.ApiManagement/service/own");
    for (path, version) in [(&group, "2021-04-01"), (&own, "2024-05-01")] {
        let url = format!("{}{path}?api-version={version}", center.emulator.url());
        let body = json!({"location": "eastus"});
        center
            .send(Method::PUT, &url, Some(&body))
            .await
            .expect(201);
    }
    assign(&center, &group, READER, &principal).await;
    link(
        &center,
        json!({"azureApiManagementSource": {"resourceId": own}}),
    )
    .await;
    assert_eq!(state(&center).await.0, "syncing");
    let url = format!("{}{group}?api-version=2021-04-01", center.emulator.url());
    center.send(Method::DELETE, &url, None).await.expect(202);
    let url = format!("{}{own}?api-version=2024-05-01", center.emulator.url());
    center.send(Method::GET, &url, None).await.expect(404);
    settles(&center, "error").await;
}

/// The built-in roles, by name, that let a source be read from a scope.
async fn sufficient(source: Value, scope: &str) -> Vec<String> {
    let (center, principal) = center(EmulatorOptions::default()).await;
    link(&center, source).await;
    let definitions = "/providers/Microsoft.Authorization/roleDefinitions";
    let url = format!(
        "{}{SUBSCRIPTION}{definitions}?api-version=2022-04-01",
        center.emulator.url()
    );
    let list = center.send(Method::GET, &url, None).await.expect(200);
    let mut names = Vec::new();
    for role in list.json()["value"].as_array().expect("a list") {
        assign(
            &center,
            scope,
            role["name"].as_str().expect("a name"),
            &principal,
        )
        .await;
        if state(&center).await.0 == "syncing" {
            let name = role["properties"]["roleName"].as_str().expect("a name");
            names.push(name.to_owned());
        }
        revoke(&center, scope).await;
    }
    names.sort();
    names
}

#[tokio::test]
async fn every_role_that_allows_the_read_is_enough() {
    let instance = format!("{}{INSTANCE}", api_management::PROVIDER);
    assert_eq!(
        sufficient(apim(), &instance).await,
        [
            "API Management Service Contributor",
            "API Management Service Operator Role",
            "API Management Service Reader Role",
            "Contributor",
            "Owner",
            "Reader",
            "Role Based Access Control Administrator",
        ]
    );
    let vault = "/resourceGroups/keys/providers/Microsoft.KeyVault/vaults/kv";
    assert_eq!(
        sufficient(amazon(), &format!("{SUBSCRIPTION}{vault}")).await,
        [
            "Key Vault Administrator",
            "Key Vault Secrets Officer",
            "Key Vault Secrets User",
        ]
    );
}

/// A request with this `Host`, over a connection of its own: status and body.
async fn with_host(center: &EmulatorFixture, host: &str) -> (u16, String) {
    let url = center.url("/services/contoso");
    let request = center.client.get(url).bearer_auth("token");
    let response = request
        .header("host", host)
        .send()
        .await
        .expect("an answer");
    let status = response.status().as_u16();
    (status, response.text().await.expect("text"))
}

#[tokio::test]
async fn only_this_machine_and_named_hosts_are_served() {
    let center = EmulatorFixture::with(EmulatorOptions {
        hosts: vec!["emulator.internal".to_owned()],
        ..EmulatorOptions::default()
    })
    .await;
    for host in [
        "localhost:1234",
        "127.0.0.1",
        "[::1]:8181",
        "emulator.internal:80",
    ] {
        let (status, text) = with_host(&center, host).await;
        assert_eq!(status, 200, "{host}: {text}");
    }
    for host in [
        "attacker.example",
        "localhost.attacker.example",
        "10.1.2.3:8181",
    ] {
        let (status, text) = with_host(&center, host).await;
        assert_eq!(status, 421, "{host}: {text}");
        let name = host.split(':').next().expect("a name");
        assert!(
            text.contains(name) && text.contains("--serve-host NAME"),
            "{text}"
        );
    }
    // Nor does the authority, nor a link.
    for path in ["/t/oauth2/v2.0/token", "/exported-specifications/x", "/"] {
        let url = format!("{}{path}", center.emulator.url());
        let request = center.client.get(url).header("host", "attacker.example");
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 421, "{path}");
    }
}
