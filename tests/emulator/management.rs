//! What is around a service: tenants, subscriptions, resource groups, registrations, all resources.

use reqwest::Method;
use serde_json::{Value, json};

use apicenter::emulator::EmulatorOptions;

use super::harness::{EmulatorFixture, ReceivedResponse, names};

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> ReceivedResponse {
    let joint = if path.contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{path}{joint}api-version=2022-12-01",
        center.emulator.url()
    );
    center.send(method, &url, body.as_ref()).await
}

async fn get(center: &EmulatorFixture, path: &str) -> ReceivedResponse {
    send(center, Method::GET, path, None).await
}

#[tokio::test]
async fn an_empty_emulator_has_a_tenant_and_a_subscription() {
    let center = EmulatorFixture::bare(EmulatorOptions::default()).await;
    let tenants = get(&center, "/tenants").await.expect(200).json();
    let tenant = &tenants["value"][0]["tenantId"];
    let listed = get(&center, "/subscriptions").await.expect(200).json();
    assert_eq!(listed["count"]["value"], 1);
    assert_eq!(&listed["value"][0]["tenantId"], tenant);
    let id = listed["value"][0]["id"].as_str().expect("an id");
    let one = get(&center, id).await.expect(200).json();
    assert_eq!(one, listed["value"][0]);
    let old = format!("{}/subscriptions?api-version=latest", center.emulator.url());
    center.send(Method::GET, &old, None).await.expect(400);
}

#[tokio::test]
async fn subscriptions_are_those_that_hold_something() {
    let center = EmulatorFixture::start().await;
    let path = "/subscriptions/abc/resourcegroups/g";
    let body = Some(json!({"location": "eastus"}));
    send(&center, Method::PUT, path, body).await.expect(201);
    let listed = get(&center, "/subscriptions").await.json();
    let ids: Vec<&str> = listed["value"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["subscriptionId"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids, ["00000000-0000-0000-0000-000000000001", "abc"]);
}

#[tokio::test]
async fn groups_are_made_read_changed_and_never_moved() {
    let center = EmulatorFixture::start().await;
    let group = format!("{SUBSCRIPTION}/resourceGroups/Team");
    let missing = get(&center, &group).await.expect(404).json();
    assert_eq!(missing["error"]["code"], "ResourceGroupNotFound");
    let body = json!({"location": "East US", "tags": {"a": "b"}});
    let made = send(&center, Method::PUT, &group, Some(body.clone())).await;
    let made = made.expect(201).json();
    assert_eq!(made["id"], json!(group));
    assert_eq!(made["location"], "eastus");
    send(&center, Method::PUT, &group, Some(body))
        .await
        .expect(200);
    let lower = group.to_lowercase();
    assert_eq!(get(&center, &lower).await.expect(200).json(), made);
    send(&center, Method::HEAD, &group, None).await.expect(204);
    let moved = send(
        &center,
        Method::PUT,
        &group,
        Some(json!({"location": "westeurope"})),
    )
    .await;
    let code = moved.expect(409).json()["error"]["code"].clone();
    assert_eq!(code, "InvalidResourceGroupLocation");
    send(&center, Method::PUT, &group, Some(json!({})))
        .await
        .expect(400);
    let tagged = send(&center, Method::PATCH, &group, Some(json!({"tags": {}}))).await;
    assert_eq!(tagged.expect(200).json()["tags"], json!({}));
    let list = get(&center, &format!("{SUBSCRIPTION}/resourcegroups"))
        .await
        .json();
    assert_eq!(
        names(&list),
        ["rg", "Team"],
        "also one that only holds a service"
    );
}

#[tokio::test]
async fn a_group_takes_its_services_along() {
    let center = EmulatorFixture::start().await;
    let group = format!("{SUBSCRIPTION}/resourcegroups/rg");
    let located = get(&center, &group).await.expect(200).json();
    assert_eq!(located["location"], "eastus", "that of its service");
    let deleted = send(&center, Method::DELETE, &group, None)
        .await
        .expect(202);
    let poll = deleted.header("location").expect("an address");
    center.send(Method::GET, poll, None).await.expect(200);
    center.get("/services/contoso").await.expect(404);
    get(&center, &group).await.expect(404);
    send(&center, Method::DELETE, &group, None)
        .await
        .expect(404);
    // As after the deletion of the service itself, its name stays taken.
    let again = center
        .put(
            "/services/contoso",
            json!({"location": "eastus", "sku": {"name": "Free"}}),
        )
        .await;
    assert!(again.expect(400).problems()[0].contains("already taken"));
}

#[tokio::test]
async fn providers_are_registered() {
    let center = EmulatorFixture::start().await;
    let path = format!("{SUBSCRIPTION}/providers/microsoft.apicenter");
    let provider = get(&center, &path).await.expect(200).json();
    assert_eq!(provider["registrationState"], "Registered");
    let versions = &provider["resourceTypes"][0]["apiVersions"];
    assert_eq!(versions[0], "2024-06-01-preview", "the newest first");
    let register = send(&center, Method::POST, &format!("{path}/register"), None).await;
    assert_eq!(register.expect(200).json(), provider);
    let unknown = get(&center, &format!("{SUBSCRIPTION}/providers/Microsoft.None")).await;
    let code = unknown.expect(404).json()["error"]["code"].clone();
    assert_eq!(code, "InvalidResourceNamespace");
    send(&center, Method::DELETE, &path, None).await.expect(405);
}

#[tokio::test]
async fn all_resources_are_the_services() {
    let center = EmulatorFixture::start().await;
    let body = json!({"location": "westeurope", "sku": {"name": "Free"}, "tags": {"team": "shop"}});
    center.put("/services/fabrikam", body).await.expect(201);
    for (filter, found) in [
        ("", vec!["contoso", "fabrikam"]),
        (
            "resourceType eq 'microsoft.apicenter/services'",
            vec!["contoso", "fabrikam"],
        ),
        ("resourceType eq 'Microsoft.KeyVault/vaults'", vec![]),
        (
            "name eq 'fabrikam' and resourceGroup eq 'RG'",
            vec!["fabrikam"],
        ),
        ("tagName eq 'team' and tagValue eq 'shop'", vec!["fabrikam"]),
        ("tagName eq 'team' and tagValue eq 'other'", vec![]),
        ("location eq 'East US'", vec!["contoso"]),
    ] {
        let path = format!(
            "{SUBSCRIPTION}/resources?$filter={}",
            filter.replace(' ', "%20")
        );
        let list = get(&center, &path).await.expect(200).json();
        assert_eq!(names(&list), found, "{filter}");
        let in_group = format!("{SUBSCRIPTION}/resourceGroups/none/resources");
        assert_eq!(get(&center, &in_group).await.json(), json!({"value": []}));
    }
    let path = format!("{SUBSCRIPTION}/resources?$filter=size%20eq%20'1'");
    let code = get(&center, &path).await.expect(400).json()["error"]["code"].clone();
    assert_eq!(code, "InvalidFilterInQueryString");
}

#[tokio::test]
async fn a_second_slash_before_a_path_does_no_harm() {
    let center = EmulatorFixture::start().await;
    get(&center, &format!("/{SUBSCRIPTION}")).await.expect(200);
}
