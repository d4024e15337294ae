//! Role assignments at any scope.

use std::time::{Duration, Instant};

use apicenter::emulator::{EmulatorOptions, Replication, Storage};
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{EmulatorFixture, GROUP, ReceivedResponse, SERVICE};

const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";
const ROLES: &str = "/providers/Microsoft.Authorization";
const READER: &str = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const ALICE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const BOB: &str = "bbbbbbbb-0000-4000-8000-000000000002";

fn name(number: u32) -> String {
    format!("99999999-0000-4000-8000-{number:012}")
}

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let joint = if path.contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{path}{joint}api-version=2022-04-01",
        center.emulator.url()
    );
    center.send(method, &url, body).await
}

fn wanted(role: &str, principal: &str) -> Value {
    let role = format!("{SUBSCRIPTION}{ROLES}/roleDefinitions/{role}");
    json!({"properties": {"roleDefinitionId": role, "principalId": principal, "principalType": "ServicePrincipal"}})
}

async fn assign(
    center: &EmulatorFixture,
    scope: &str,
    number: u32,
    body: &Value,
) -> ReceivedResponse {
    let path = format!("{scope}{ROLES}/roleAssignments/{}", name(number));
    send(center, Method::PUT, &path, Some(body)).await
}

/// The last digit of the names of the assignments that a list holds.
async fn listed(center: &EmulatorFixture, scope: &str, filter: &str) -> Vec<u32> {
    let filter = filter.replace(' ', "%20");
    let path = format!("{scope}{ROLES}/roleAssignments?$filter={filter}");
    let list = send(center, Method::GET, &path, None)
        .await
        .expect(200)
        .json();
    let items = list["value"].as_array().expect("a list").clone();
    let number = |one: &Value| one["name"].as_str()?.chars().last()?.to_digit(10);
    items.iter().filter_map(number).collect()
}

fn code(heard: ReceivedResponse, status: u16) -> String {
    let body = heard.expect(status).json();
    body["error"]["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn assignments_follow_the_rules_of_the_provider() {
    let center = EmulatorFixture::start().await;
    let vault = format!("{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v");
    let reads = wanted(READER, ALICE);
    let made = assign(&center, &vault, 1, &reads).await.expect(201).json();
    assert_eq!(made["properties"]["scope"], json!(vault));
    assert_eq!(made["properties"]["description"], Value::Null);
    let id = format!("{vault}{ROLES}/roleAssignments/{}", name(1));
    assert_eq!(made["id"], json!(id));
    let again = wanted(&READER.to_uppercase(), ALICE);
    let same = assign(&center, &vault.to_lowercase(), 1, &again).await;
    same.expect(200);
    let read = send(&center, Method::GET, &id, None)
        .await
        .expect(200)
        .json();
    assert_eq!(read["properties"]["principalId"], ALICE);

    let other = assign(&center, &vault, 1, &wanted(READER, BOB)).await;
    assert_eq!(code(other, 400), "RoleAssignmentUpdateNotPermitted");
    let other = assign(&center, SUBSCRIPTION, 1, &reads).await;
    assert_eq!(code(other, 400), "RoleAssignmentUpdateNotPermitted");
    let twin = assign(&center, &vault, 2, &reads).await;
    assert_eq!(code(twin, 409), "RoleAssignmentExists");
    let path = format!("{vault}{ROLES}/roleAssignments/reader");
    let named = send(&center, Method::PUT, &path, Some(&reads)).await;
    assert_eq!(code(named, 400), "InvalidRoleAssignmentId");
    let nobody = assign(&center, &vault, 3, &wanted(READER, "alice")).await;
    assert_eq!(code(nobody, 400), "InvalidPrincipalId");
    let nothing = assign(&center, &vault, 3, &json!({"properties": {}})).await;
    assert_eq!(code(nothing, 400), "InvalidRequestContent");

    send(&center, Method::DELETE, &id, None).await.expect(200);
    let gone = send(&center, Method::DELETE, &id, None).await.expect(204);
    assert_eq!(gone.text, "");
    let read = send(&center, Method::GET, &id, None).await;
    assert_eq!(code(read, 404), "RoleAssignmentNotFound");
}

#[tokio::test]
async fn lists_hold_what_is_inherited_and_filters_choose() {
    let center = EmulatorFixture::start().await;
    let group = format!("{SUBSCRIPTION}/resourceGroups/rg");
    let service = format!("{GROUP}{SERVICE}");
    for (scope, number, who) in [
        (SUBSCRIPTION, 1, ALICE),
        (&group, 2, BOB),
        (&service, 3, ALICE),
    ] {
        assign(&center, scope, number, &wanted(OWNER, who))
            .await
            .expect(201);
    }
    let aside = format!("{group}/providers/Microsoft.ApiManagement/service/a");
    assign(&center, &aside, 4, &wanted(OWNER, ALICE))
        .await
        .expect(201);
    assert_eq!(listed(&center, &group, "").await, [1, 2, 3, 4]);
    assert_eq!(listed(&center, &group, "atScope()").await, [1, 2]);
    assert_eq!(listed(&center, &service, "atScope()").await, [1, 2, 3]);
    let alice = format!("principalId eq '{ALICE}'");
    assert_eq!(listed(&center, &service, &alice).await, [1, 3]);
    let alice = format!("assignedTo('{ALICE}') and atScope()");
    assert_eq!(listed(&center, &group, &alice).await, [1]);
    assert_eq!(listed(&center, "", "atScope()").await, [] as [u32; 0]);
    let path = format!("{group}{ROLES}/roleAssignments?$filter=color%20eq%20'red'");
    let refused = send(&center, Method::GET, &path, None).await;
    assert_eq!(code(refused, 400), "InvalidFilterInQueryString");
}

#[tokio::test]
async fn assignments_survive_restarts_and_end_with_their_scope() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = EmulatorOptions {
        data: Storage::File(folder.path().join("state.redb")),
        ..EmulatorOptions::default()
    };
    let service = format!("{GROUP}{SERVICE}");
    let center = EmulatorFixture::with(options.clone()).await;
    assign(&center, &service, 1, &wanted(OWNER, ALICE))
        .await
        .expect(201);
    assign(&center, SUBSCRIPTION, 2, &wanted(OWNER, BOB))
        .await
        .expect(201);
    center.emulator.stop().await;
    let center = EmulatorFixture::with(options).await;
    assert_eq!(listed(&center, &service, "").await, [1, 2]);

    center.delete(SERVICE).await.expect(200);
    let gone = assign(&center, &service, 3, &wanted(OWNER, ALICE)).await;
    assert_eq!(code(gone, 404), "ResourceNotFound");
    let restore = json!({"location": "eastus", "properties": {"restore": true}});
    center.put(SERVICE, restore).await.expect(200);
    assert_eq!(listed(&center, &service, "").await, [2], "not brought back");

    let group = format!("{SUBSCRIPTION}/resourceGroups/rg");
    assign(&center, &group, 4, &wanted(OWNER, ALICE))
        .await
        .expect(201);
    send(&center, Method::DELETE, &group, None)
        .await
        .expect(202);
    assert_eq!(listed(&center, SUBSCRIPTION, "").await, [2]);
}

async fn principal(center: &EmulatorFixture) -> String {
    let body = json!({"location": "eastus", "sku": {"name": "Free"}, "identity": {"type": "SystemAssigned"}});
    let made = center
        .put("/services/fabrikam", body)
        .await
        .expect(201)
        .json();
    let id = made["identity"]["principalId"].as_str();
    id.expect("a principal").to_owned()
}

#[tokio::test]
async fn a_new_identity_is_unknown_for_some_tries() {
    let center = EmulatorFixture::with(EmulatorOptions {
        replication: Replication {
            tries: 2,
            time: Duration::ZERO,
        },
        ..EmulatorOptions::default()
    })
    .await;
    let new = principal(&center).await;
    let wrong = json!({"properties": {"principalType": "User",
        "roleDefinitionId": wanted(READER, &new)["properties"]["roleDefinitionId"], "principalId": new}});
    for _ in 0..2 {
        let refused = assign(&center, SUBSCRIPTION, 1, &wanted(READER, &new)).await;
        assert_eq!(code(refused, 400), "PrincipalNotFound");
    }
    let refused = assign(&center, SUBSCRIPTION, 1, &wrong).await;
    assert_eq!(code(refused, 400), "UnmatchedPrincipalType");
    assign(&center, SUBSCRIPTION, 1, &wanted(READER, &new))
        .await
        .expect(201);
    assign(&center, SUBSCRIPTION, 2, &wanted(READER, ALICE))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_new_identity_is_unknown_for_some_time() {
    let replicating = async |time| {
        EmulatorFixture::with(EmulatorOptions {
            replication: Replication { tries: 0, time },
            ..EmulatorOptions::default()
        })
        .await
    };
    let center = replicating(Duration::from_secs(60 * 60)).await;
    let new = principal(&center).await;
    let refused = assign(&center, SUBSCRIPTION, 1, &wanted(READER, &new)).await;
    assert_eq!(code(refused, 400), "PrincipalNotFound");

    let time = Duration::from_millis(200);
    let center = replicating(time).await;
    let started = Instant::now();
    let new = principal(&center).await;
    while assign(&center, SUBSCRIPTION, 1, &wanted(READER, &new))
        .await
        .status
        == 400
    {
        assert!(started.elapsed() < Duration::from_secs(120), "never known");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(started.elapsed() >= time);
}

#[tokio::test]
async fn built_in_roles_are_found_by_name_and_id() {
    let center = EmulatorFixture::start().await;
    let scope = format!("{GROUP}{SERVICE}");
    let path = format!(
        "{scope}{ROLES}/roleDefinitions?$filter=roleName%20eq%20'Azure%20API%20Center%20Service%20Reader'"
    );
    let list = send(&center, Method::GET, &path, None)
        .await
        .expect(200)
        .json();
    assert_eq!(list["value"].as_array().map(Vec::len), Some(1));
    let role = &list["value"][0];
    assert_eq!(role["name"], "6cba8790-29c5-48e5-bab1-c7541b01cb04");
    let id = role["id"].as_str().expect("an id");
    assert!(id.starts_with(SUBSCRIPTION), "{id}");
    let read = send(&center, Method::GET, id, None)
        .await
        .expect(200)
        .json();
    assert_eq!(&read, role);
    let all = send(
        &center,
        Method::GET,
        &format!("{ROLES}/roleDefinitions"),
        None,
    )
    .await;
    let all = all.expect(200).json();
    assert_eq!(all["value"].as_array().map(Vec::len), Some(16));
    let id = all["value"][0]["id"].as_str().expect("an id");
    assert!(id.starts_with(ROLES), "{id}");
    let path = format!("{ROLES}/roleDefinitions/{}", name(1));
    let missing = send(&center, Method::GET, &path, None).await;
    assert_eq!(code(missing, 404), "RoleDefinitionDoesNotExist");
    send(&center, Method::PUT, id, Some(&json!({})))
        .await
        .expect(405);
}
