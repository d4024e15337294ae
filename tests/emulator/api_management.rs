//! The read surface of API Management, over real HTTP.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{EmulatorFixture, ReceivedResponse, keys, names};

pub(super) const PROVIDER: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiManagement";
pub(super) const SAMPLE: &str = "/service/contoso-apim";
const OPENAPI: &str = r#"{"openapi":"3.0.1","info":{"title":"Echo API","version":"1"},"servers":[{"url":"https://echo.example"}],"paths":{"/echo/{id}":{"get":{"operationId":"echo","summary":"Echo","responses":{}}}}}"#;

/// Sends a request below the provider, as the newest stable version.
pub(super) async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let joint = if path.contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{PROVIDER}{path}{joint}api-version=2024-05-01",
        center.emulator.url()
    );
    center.send(method, &url, body).await
}

pub(super) async fn get(center: &EmulatorFixture, path: &str) -> ReceivedResponse {
    send(center, Method::GET, path, None).await
}

pub(super) async fn put(center: &EmulatorFixture, path: &str, body: Value) -> ReceivedResponse {
    send(center, Method::PUT, path, Some(&body)).await
}

/// An instance `own` with one API, `echo`.
pub(super) async fn own(center: &EmulatorFixture) {
    put(center, "/service/own", json!({"location": "eastus"}))
        .await
        .expect(201);
    let echo = json!({"properties": {"path": "echo", "format": "openapi+json", "value": OPENAPI}});
    put(center, "/service/own/apis/echo", echo)
        .await
        .expect(201);
}

async fn exported(center: &EmulatorFixture, api: &str, format: &str) -> (Value, String) {
    let format = format.replace('+', "%2B");
    let path = format!("{SAMPLE}/apis/{api}?export=true&format={format}");
    let answer = get(center, &path).await.expect(200).json();
    assert_eq!(keys(&answer), ["id", "properties"]);
    let answer = answer["properties"].clone();
    let link = answer["value"]["link"].as_str().expect("a link");
    let text = reqwest::get(link)
        .await
        .expect("an answer")
        .text()
        .await
        .expect("a text");
    (answer, text)
}

#[tokio::test]
async fn the_sample_instance_is_there_in_every_group() {
    let center = EmulatorFixture::start().await;
    let found = get(&center, SAMPLE).await.expect(200).json();
    assert_eq!(found["name"], "contoso-apim");
    assert_eq!(
        found["properties"]["gatewayUrl"],
        "https://contoso-apim.azure-api.net"
    );
    assert_eq!(found["identity"], Value::Null);
    let missing = get(&center, "/service/other").await.expect(404);
    assert_eq!(missing.header("x-ms-failure-cause"), Some("gateway"));
    assert_eq!(missing.json()["error"]["code"], "ResourceNotFound");

    let apis = get(&center, &format!("{SAMPLE}/apis"))
        .await
        .expect(200)
        .json();
    let expected = [
        "catalog",
        "notifications",
        "orders-v1",
        "orders-v2",
        "payments",
        "payments;rev=2",
        "shipping",
        "storefront-tools",
    ];
    assert_eq!(names(&apis), expected);
    assert_eq!(apis["count"], 8);
    assert_eq!(apis.get("nextLink"), None);
    let types: Vec<&str> = apis["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|api| api["properties"]["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "graphql",
            "websocket",
            "http",
            "http",
            "http",
            "http",
            "soap",
            "mcp"
        ]
    );
}

#[tokio::test]
async fn an_api_shows_what_is_set_and_its_version_set() {
    let center = EmulatorFixture::start().await;
    let heard = get(&center, &format!("{SAMPLE}/apis/orders-v1"))
        .await
        .expect(200);
    assert!(heard.header("etag").unwrap().starts_with('"'));
    let api = heard.json();
    assert_eq!(keys(&api), ["id", "type", "name", "properties"]);
    assert_eq!(api["type"], "Microsoft.ApiManagement/service/apis");
    let properties = &api["properties"];
    assert_eq!(properties["displayName"], "Orders");
    assert_eq!(properties["apiVersion"], "v1");
    assert_eq!(properties["isCurrent"], true);
    assert_eq!(properties["contact"], Value::Null);
    assert!(!keys(properties).contains(&"license"));
    let orders = get(&center, &format!("{SAMPLE}/apis/orders-v2"))
        .await
        .json();
    assert_eq!(orders["properties"]["license"]["name"], "MIT");
    let echo = json!({"properties": {"path": "echo", "displayName": "Echo"}});
    let echo = put(&center, &format!("{SAMPLE}/apis/echo"), echo)
        .await
        .json();
    assert_eq!(echo["properties"]["description"], Value::Null);
    assert!(keys(&echo["properties"]).contains(&"description"));
    assert_eq!(properties.get("apiVersionSet"), None);
    assert_eq!(
        properties["apiVersionSetId"],
        format!("{PROVIDER}{SAMPLE}/apiVersionSets/orders")
    );
    let expanded = get(&center, &format!("{SAMPLE}/apis?expandApiVersionSet=true"))
        .await
        .json();
    let orders = expanded["value"].as_array().unwrap();
    let orders = orders
        .iter()
        .find(|api| api["name"] == "orders-v1")
        .unwrap();
    let set = &orders["properties"]["apiVersionSet"];
    assert_eq!(set["name"], "Orders");
    assert_eq!(set["versioningScheme"], "Segment");
    assert_eq!(
        names(
            &get(&center, &format!("{SAMPLE}/apiVersionSets"))
                .await
                .json()
        ),
        ["orders"]
    );
    get(&center, &format!("{SAMPLE}/apiVersionSets/orders"))
        .await
        .expect(200);
    let missing = get(&center, &format!("{SAMPLE}/apis/none"))
        .await
        .expect(404)
        .json();
    assert_eq!(keys(&missing["error"]), ["code", "message", "details"]);
}

#[tokio::test]
async fn revisions_have_ids_of_their_own() {
    let center = EmulatorFixture::start().await;
    let list = get(&center, &format!("{SAMPLE}/apis/payments/revisions"))
        .await
        .expect(200)
        .json();
    let told: Vec<(&str, bool)> = list["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["apiId"].as_str().unwrap(),
                one["isCurrent"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("/apis/payments;rev=1", true),
            ("/apis/payments;rev=2", false)
        ]
    );
    let old = get(&center, &format!("{SAMPLE}/apis/payments;rev=2"))
        .await
        .expect(200)
        .json();
    assert_eq!(old["properties"].get("isCurrent"), None);
    // The current revision has two addresses, and one name.
    let plain = get(&center, &format!("{SAMPLE}/apis/payments")).await;
    let numbered = get(&center, &format!("{SAMPLE}/apis/payments;rev=1")).await;
    let (plain, numbered) = (plain.expect(200).json(), numbered.expect(200).json());
    assert_eq!(numbered["name"], "payments");
    assert_eq!(numbered, plain);
    let operations = |id: &str| format!("{SAMPLE}/apis/{id}/operations");
    let plain = get(&center, &operations("payments")).await.json();
    let operation = names(&plain)[0];
    let numbered = get(&center, &operations("payments;rev=1")).await.json();
    assert_eq!(names(&numbered), names(&plain));
    get(
        &center,
        &format!("{}/{operation}", operations("payments%3Brev%3D1")),
    )
    .await
    .expect(200);
    for id in ["payments;rev=9", "none;rev=1"] {
        get(&center, &format!("{SAMPLE}/apis/{id}"))
            .await
            .expect(404);
    }
    let filter = format!("{SAMPLE}/apis?$filter=isCurrent%20eq%20true");
    let current = get(&center, &filter).await.expect(200).json();
    assert_eq!(current["count"], 7);
    assert!(!names(&current).contains(&"payments;rev=2"));
}

#[tokio::test]
async fn lists_come_in_pages() {
    let options = EmulatorOptions {
        page_size: 3,
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    let mut page = get(&center, &format!("{SAMPLE}/apis")).await.json();
    let mut seen: Vec<String> = names(&page).into_iter().map(str::to_owned).collect();
    let mut pages = 1;
    while let Some(next) = page["nextLink"].as_str() {
        page = center
            .send(Method::GET, next, None)
            .await
            .expect(200)
            .json();
        assert_eq!(page["count"], 8);
        seen.extend(names(&page).into_iter().map(str::to_owned));
        pages += 1;
    }
    assert_eq!((pages, seen.len()), (3, 8));
    let two = get(&center, &format!("{SAMPLE}/apis?$top=2&$skip=1"))
        .await
        .json();
    assert_eq!(names(&two), ["notifications", "orders-v1"]);
    assert!(two["nextLink"].as_str().unwrap().contains("%24skip=3"));
    let by_name = format!("{SAMPLE}/apis?$filter=contains(displayName,'Orders')");
    assert_eq!(
        names(&get(&center, &by_name).await.json()),
        ["orders-v1", "orders-v2"]
    );
    get(&center, &format!("{SAMPLE}/apis?$filter=path%20gt%201"))
        .await
        .expect(400);
}

#[tokio::test]
async fn exports_are_links() {
    let center = EmulatorFixture::start().await;
    let (answer, text) = exported(&center, "orders-v1", "openapi+json-link").await;
    assert_eq!(keys(&answer), ["format", "value"]);
    assert_eq!(answer["format"], "openapi+json-link");
    assert!(text.contains("\"title\": \"Orders\""), "{text}");
    let (answer, text) = exported(&center, "payments", "openapi-link").await;
    assert_eq!(answer["format"], "openapi-link");
    assert!(text.starts_with("openapi: 3.0.3\n"), "{text}");
    let (_, text) = exported(&center, "orders-v1", "openapi-link").await;
    assert!(text.contains("title: Orders"), "{text}");
    let (_, text) = exported(&center, "payments", "openapi+json-link").await;
    let parsed: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(parsed["info"]["title"], "Payments");
    let (answer, text) = exported(&center, "shipping", "wsdl-link").await;
    assert_eq!(answer["format"], "wsdl-link+xml");
    assert!(text.contains("wsdl:definitions"));
    let (answer, text) = exported(&center, "orders-v1", "swagger-link").await;
    assert_eq!(answer["format"], "swagger-link-json");
    assert!(text.contains("\"swagger\": \"2.0\""));
    for (api, format) in [
        ("catalog", "openapi-link"),
        ("notifications", "openapi-link"),
        ("storefront-tools", "openapi-link"),
        ("shipping", "openapi-link"),
        ("orders-v1", "wsdl-link"),
        ("orders-v1", "pdf"),
    ] {
        let path = format!("{SAMPLE}/apis/{api}?export=true&format={format}");
        let refused = get(&center, &path).await.expect(400).json();
        assert_eq!(refused["error"]["code"], "ValidationError");
    }
}

/// Starts the creation of an instance; returns the response and the address to poll.
async fn create(operation_delay: Duration) -> (EmulatorFixture, ReceivedResponse, String) {
    let options = EmulatorOptions {
        operation_delay,
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::bare(options).await;
    let body = json!({"location": "eastus", "identity": {"type": "SystemAssigned"}});
    let created = put(&center, "/service/own", body).await.expect(201);
    let poll = created
        .header("azure-asyncoperation")
        .expect("an operation")
        .to_owned();
    (center, created, poll)
}

#[tokio::test]
async fn an_instance_is_made_by_a_long_running_operation() {
    let (center, created, poll) = create(Duration::from_secs(60 * 60)).await;
    assert!(created.header("location").is_some());
    assert_eq!(created.json()["properties"]["provisioningState"], "Created");
    assert!(created.json()["identity"]["principalId"].is_string());
    let begun = center
        .send(Method::GET, &poll, None)
        .await
        .expect(200)
        .json();
    assert_eq!(begun["status"], "InProgress");

    let (center, _, poll) = create(Duration::ZERO).await;
    let ended = center
        .send(Method::GET, &poll, None)
        .await
        .expect(200)
        .json();
    assert_eq!(ended["status"], "Succeeded");
    let found = get(&center, "/service/own").await.expect(200).json();
    assert_eq!(found["properties"]["provisioningState"], "Succeeded");
    put(&center, "/service/own", json!({"location": "eastus"}))
        .await
        .expect(200);
    assert_eq!(names(&get(&center, "/service").await.json()), ["own"]);
}

#[tokio::test]
async fn an_imported_description_brings_title_address_and_operations() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let api = get(&center, "/service/own/apis/echo")
        .await
        .expect(200)
        .json();
    assert_eq!(api["properties"]["displayName"], "Echo API");
    assert_eq!(api["properties"]["serviceUrl"], "https://echo.example");
    let operations = get(&center, "/service/own/apis/echo/operations")
        .await
        .expect(200)
        .json();
    assert_eq!(names(&operations), ["echo"]);
    assert_eq!(operations["value"][0]["properties"]["method"], "GET");
    assert_eq!(
        operations["value"][0]["properties"]["urlTemplate"],
        "/echo/{id}"
    );

    let operation =
        json!({"properties": {"displayName": "Post", "method": "POST", "urlTemplate": "/echo"}});
    put(&center, "/service/own/apis/echo/operations/post", operation)
        .await
        .expect(201);
    get(&center, "/service/own/apis/echo/operations/post")
        .await
        .expect(200);
    let nonsense = json!({"properties": {"path": "x", "format": "openapi", "value": "nonsense"}});
    let refused = put(&center, "/service/own/apis/bad", nonsense)
        .await
        .expect(400)
        .json();
    assert_eq!(refused["error"]["details"][0]["target"], "representation");
    put(&center, "/service/own/apis/bad", json!({"properties": {}}))
        .await
        .expect(400);
    send(&center, Method::DELETE, "/service/own/apis/echo", None)
        .await
        .expect(202);
    send(&center, Method::DELETE, "/service/own/apis/echo", None)
        .await
        .expect(204);
    get(&center, "/service/own/apis/echo/operations")
        .await
        .expect(404);
    send(&center, Method::DELETE, "/service/own", None)
        .await
        .expect(200);
    get(&center, "/service/own/apis").await.expect(404);
}

#[tokio::test]
async fn api_versions_are_those_of_the_provider() {
    let center = EmulatorFixture::start().await;
    let with = |version: &str| {
        format!(
            "{}{PROVIDER}{SAMPLE}?api-version={version}",
            center.emulator.url()
        )
    };
    for version in [
        "2022-08-01",
        "2023-05-01-preview",
        "2023-09-01-preview",
        "2024-05-01",
    ] {
        center
            .send(Method::GET, &with(version), None)
            .await
            .expect(200);
    }
    let refused = center
        .send(Method::GET, &with("2024-03-01"), None)
        .await
        .expect(400);
    assert!(
        refused.text.contains("Microsoft.ApiManagement"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn a_graphql_api_has_a_schema() {
    let center = EmulatorFixture::start().await;
    let list = get(&center, &format!("{SAMPLE}/apis/catalog/schemas"))
        .await
        .expect(200)
        .json();
    assert_eq!(names(&list), ["graphql"]);
    let schema = get(&center, &format!("{SAMPLE}/apis/catalog/schemas/graphql"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        schema["type"],
        "Microsoft.ApiManagement/service/apis/schemas"
    );
    assert_eq!(
        schema["properties"]["contentType"],
        "application/vnd.ms-azure-apim.graphql.schema"
    );
    assert!(
        schema["properties"]["document"]["value"]
            .as_str()
            .unwrap()
            .contains("type Product")
    );
    let path = format!("{SAMPLE}/apis/notifications/schemas");
    put(&center, &format!("{path}/one"), json!({"properties": {}}))
        .await
        .expect(400);
    let body =
        json!({"properties": {"contentType": "application/json", "document": {"value": "{}"}}});
    put(&center, &format!("{path}/one"), body).await.expect(201);
    send(&center, Method::DELETE, &format!("{path}/one"), None)
        .await
        .expect(200);
    get(&center, &format!("{path}/one")).await.expect(404);
}
