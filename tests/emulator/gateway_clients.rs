//! What the official clients need of API Management and of managed identities.

use apicenter::emulator::EmulatorOptions;
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};

use super::api_management::{PROVIDER, SAMPLE, get, own, put, send};
use super::harness::{EmulatorFixture, GROUP, ReceivedResponse, keys, names};

const ECHO: &str = "/service/own/apis/echo";
const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-0000-0000-000000000001";

/// Sends a request to a path from its start, in this API version.
async fn at(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    version: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let joint = if path.contains('?') { '&' } else { '?' };
    let url = format!(
        "{}{path}{joint}api-version={version}",
        center.emulator.url()
    );
    center.send(method, &url, body).await
}

#[tokio::test]
async fn an_api_without_a_description_is_written_at_once() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let api = json!({"properties": {"path": "/plain/api", "displayName": "Plain"}});
    for (path, body, status) in [
        ("/service/own/apis/plain", &api, 201),
        ("/service/own/apis/plain", &api, 200),
        (
            "/service/own/apis/plain/operations/one",
            &json!({"properties": {"displayName": "One", "method": "GET", "urlTemplate": "/"}}),
            201,
        ),
    ] {
        let heard = put(&center, path, body.clone()).await.expect(status);
        for header in ["location", "azure-asyncoperation"] {
            assert_eq!(heard.header(header), None, "{path}");
        }
        assert!(heard.header("etag").is_some());
    }
    let plain = get(&center, "/service/own/apis/plain").await.json();
    assert_eq!(plain["properties"]["path"], "plain/api");
}

#[tokio::test]
async fn an_import_is_polled_at_the_api_in_older_versions() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let text = r#"{"openapi":"3.0.1","info":{"title":"Two","version":"1"},"paths":{}}"#;
    let body = json!({"properties": {"path": "two", "format": "openapi+json", "value": text}});
    let path = format!("{PROVIDER}/service/own/apis/two");
    for status in [201, 200] {
        let begun = at(&center, Method::PUT, &path, "2022-08-01", Some(&body)).await;
        let begun = begun.expect(202);
        assert_eq!(begun.text, "");
        assert_eq!(begun.header("azure-asyncoperation"), None);
        let location = begun.header("location").expect("a location");
        assert!(
            location.contains("apis/two?api-version=2022-08-01&asyncId="),
            "{location}"
        );
        let done = center
            .send(Method::GET, location, None)
            .await
            .expect(status);
        assert_eq!(done.json()["properties"]["displayName"], "Two");
    }
    let newer = at(&center, Method::PUT, &path, "2024-05-01", Some(&body)).await;
    let newer = newer.expect(200);
    let poll = newer.header("azure-asyncoperation").expect("an operation");
    let done = center.send(Method::GET, poll, None).await.expect(200);
    assert_eq!(done.json()["status"], "Succeeded");
}

#[tokio::test]
async fn a_patch_changes_only_what_it_names() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let before = get(&center, ECHO).await.json();
    let body = json!({"properties": {"description": "Says it again.", "path": "/again"}});
    let heard = send(&center, Method::PATCH, ECHO, Some(&body))
        .await
        .expect(200);
    let after = heard.json();
    assert_eq!(after["properties"]["description"], "Says it again.");
    assert_eq!(after["properties"]["path"], "again");
    for kept in ["displayName", "serviceUrl", "protocols", "type"] {
        assert_eq!(after["properties"][kept], before["properties"][kept]);
    }
    assert_eq!(get(&center, ECHO).await.json(), after);
    let operation = format!("{ECHO}/operations/echo");
    let body = json!({"properties": {"displayName": "Say"}});
    let heard = send(&center, Method::PATCH, &operation, Some(&body)).await;
    let properties = heard.expect(200).json()["properties"].clone();
    assert_eq!(
        (&properties["displayName"], &properties["method"]),
        (&json!("Say"), &json!("GET"))
    );
    let tagged = json!({"tags": {"team": "a"}});
    let heard = send(&center, Method::PATCH, "/service/own", Some(&tagged)).await;
    let service = heard.expect(200).json();
    assert_eq!(
        (&service["tags"], &service["location"]),
        (&tagged["tags"], &json!("eastus"))
    );
    send(
        &center,
        Method::PATCH,
        "/service/own/apis/none",
        Some(&body),
    )
    .await
    .expect(404);
}

#[tokio::test]
async fn a_deleted_api_is_reported_as_each_version_of_the_client_expects() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let path = format!("{PROVIDER}{ECHO}?deleteRevisions=true");
    let gone = at(&center, Method::DELETE, &path, "2024-05-01", None)
        .await
        .expect(202);
    let poll = gone.header("location").expect("a location");
    center.send(Method::GET, poll, None).await.expect(200);
    at(&center, Method::DELETE, &path, "2024-05-01", None)
        .await
        .expect(204);
    put(&center, ECHO, json!({"properties": {"path": "echo"}}))
        .await
        .expect(201);
    at(&center, Method::DELETE, &path, "2022-08-01", None)
        .await
        .expect(200);
}

#[tokio::test]
async fn an_export_of_an_older_version_has_no_properties() {
    let center = EmulatorFixture::start().await;
    let path = format!("{PROVIDER}{SAMPLE}/apis/orders-v1?export=true&format=openapi-link");
    let old = at(&center, Method::GET, &path, "2021-08-01", None)
        .await
        .expect(200);
    assert_eq!(keys(&old.json()), ["id", "format", "value"]);
    for version in ["2022-08-01", "2024-05-01"] {
        let new = at(&center, Method::GET, &path, version, None)
            .await
            .expect(200);
        assert_eq!(keys(&new.json()), ["id", "properties"], "{version}");
        assert!(new.json()["properties"]["value"]["link"].is_string());
    }
}

#[tokio::test]
async fn instances_and_identities_are_in_every_list() {
    let center = EmulatorFixture::start().await;
    own(&center).await;
    let other = format!("{SUBSCRIPTION}/resourceGroups/Other/providers");
    let body = json!({"location": "westeurope", "tags": {"team": "a"}});
    let instance = format!("{other}/Microsoft.ApiManagement/service/second");
    at(&center, Method::PUT, &instance, "2024-05-01", Some(&body))
        .await
        .expect(201);
    let identity = format!("{other}/Microsoft.ManagedIdentity/userAssignedIdentities/reader");
    at(&center, Method::PUT, &identity, "2023-01-31", Some(&body))
        .await
        .expect(201);

    let list = format!("{SUBSCRIPTION}/providers/Microsoft.ApiManagement/service");
    let list = at(&center, Method::GET, &list, "2024-05-01", None)
        .await
        .expect(200)
        .json();
    assert_eq!(names(&list), ["own", "second"]);
    assert_eq!(list["value"][1]["id"], instance);
    let all = format!("{SUBSCRIPTION}/resources");
    let all = at(&center, Method::GET, &all, "2022-09-01", None)
        .await
        .expect(200)
        .json();
    assert_eq!(names(&all), ["contoso", "own", "second", "reader"]);
    let types = format!("{SUBSCRIPTION}/providers/Microsoft.ApiManagement");
    let types = at(&center, Method::GET, &types, "2022-09-01", None)
        .await
        .expect(200)
        .json();
    assert_eq!(types["resourceTypes"][0]["resourceType"], "service");

    let check = format!("{SUBSCRIPTION}/providers/Microsoft.ApiManagement/checkNameAvailability");
    for (name, free, reason) in [("third", true, "Valid"), ("SECOND", false, "AlreadyExists")] {
        let body = json!({"name": name});
        let heard = at(&center, Method::POST, &check, "2022-08-01", Some(&body)).await;
        let heard = heard.expect(200).json();
        assert_eq!(keys(&heard), ["nameAvailable", "reason", "message"]);
        assert_eq!(
            (&heard["nameAvailable"], &heard["reason"]),
            (&json!(free), &json!(reason))
        );
    }
}

#[tokio::test]
async fn an_identity_is_the_one_that_a_service_reads_with() {
    let center = EmulatorFixture::start().await;
    let group = format!("{SUBSCRIPTION}/resourceGroups/rg");
    let path = format!("{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader");
    at(&center, Method::GET, &path, "2023-01-31", None)
        .await
        .expect(404);
    let body = json!({"location": "eastus"});
    let made = at(&center, Method::PUT, &path, "2023-01-31", Some(&body))
        .await
        .expect(201);
    let made = made.json();
    assert_eq!(
        keys(&made),
        ["location", "tags", "id", "name", "type", "properties"]
    );
    at(&center, Method::PUT, &path, "2023-01-31", Some(&body))
        .await
        .expect(200);
    let tags = json!({"tags": {"a": "b"}});
    let tagged = at(&center, Method::PATCH, &path, "2023-01-31", Some(&tags))
        .await
        .expect(200);
    assert_eq!(tagged.json()["properties"], made["properties"]);
    assert_eq!(tagged.json()["tags"], tags["tags"]);
    let others = json!({"tags": {"c": "d"}});
    let tagged = at(&center, Method::PATCH, &path, "2023-01-31", Some(&others))
        .await
        .expect(200);
    assert_eq!(tagged.json()["tags"], others["tags"]);
    let service = json!({
        "location": "eastus", "sku": {"name": "Free"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {path.clone(): {}}},
    });
    let service = center
        .put("/services/contoso", service)
        .await
        .expect(200)
        .json();
    let used = &service["identity"]["userAssignedIdentities"][&path];
    assert_eq!(used["principalId"], made["properties"]["principalId"]);
    assert_eq!(used["clientId"], made["properties"]["clientId"]);
    at(&center, Method::DELETE, &path, "2023-01-31", None)
        .await
        .expect(200);
    at(&center, Method::DELETE, &path, "2023-01-31", None)
        .await
        .expect(204);
    at(&center, Method::PUT, &path, "2023-01-31", Some(&body))
        .await
        .expect(201);
    at(&center, Method::DELETE, &group, "2022-09-01", None)
        .await
        .expect(202);
    at(&center, Method::GET, &path, "2023-01-31", None)
        .await
        .expect(404);
}

#[tokio::test]
async fn an_unknown_type_is_missing_in_its_own_namespace() {
    let center = EmulatorFixture::start().await;
    let group = GROUP.split("/providers").next().expect("a group");
    for (path, namespace) in [
        (
            format!("{PROVIDER}{SAMPLE}/gadgets/one"),
            "Microsoft.ApiManagement",
        ),
        (format!("{GROUP}/gadgets"), "Microsoft.ApiCenter"),
        (
            format!("{group}/providers/Microsoft.Web/sites/one"),
            "Microsoft.Web",
        ),
        ("/gadgets".to_owned(), "Microsoft.Resources"),
    ] {
        let heard = at(&center, Method::GET, &path, "2024-05-01", None)
            .await
            .expect(404);
        let expected = format!("in the namespace '{namespace}'");
        assert!(heard.text.contains(&expected), "{}", heard.text);
    }
}

#[tokio::test]
async fn the_plan_of_a_service_is_sent_with_every_put() {
    let center = EmulatorFixture::start().await;
    for path in ["/services/contoso", "/services/another"] {
        for body in [
            json!({"location": "eastus"}),
            json!({"location": "eastus", "sku": {}}),
            json!({"location": "eastus", "sku": null}),
        ] {
            let refused = center.put(path, body).await.expect(400);
            assert_eq!(refused.problems(), ["A valid Sku is required."]);
        }
    }
    let body = json!({"location": "eastus", "sku": {"name": "Free"}});
    center.put("/services/another", body).await.expect(201);
}

#[tokio::test]
async fn an_emulator_with_https_imports_what_it_exported() {
    let emulator = apicenter::emulator::Emulator::start(EmulatorOptions {
        https: true,
        export_link_above: 0,
        seed_sample: false,
        ..EmulatorOptions::default()
    });
    let emulator = emulator.await.expect("it starts");
    emulator
        .ensure_service(
            &SUBSCRIPTION["/subscriptions/".len()..],
            "rg",
            "contoso",
            "eastus",
        )
        .expect("the service is made");
    let authority = emulator.certificate().expect("an authority");
    let authority = Certificate::from_pem(authority.as_bytes()).expect("a certificate");
    let client = Client::builder().no_proxy().add_root_certificate(authority);
    let center = EmulatorFixture {
        emulator,
        client: client.build().expect("a client"),
    };
    center.orders().await;
    let definition = format!("{}/versions/1-0-0/definitions/openapi", super::harness::API);
    let import = json!({"format": "inline", "value": "openapi: 3.0.0"});
    let imports = format!("{definition}/importSpecification");
    center.post(&imports, import).await.expect(200);
    let exports = format!("{definition}/exportSpecification");
    let exported = center.post(&exports, json!({})).await.expect(200).json();
    assert_eq!(exported["format"], "link");
    let begun = center.post(&imports, exported).await.expect(202);
    let poll = begun.header("location").expect("a location").to_owned();
    let done = loop {
        let heard = center.send(Method::GET, &poll, None).await;
        if heard.status != 202 {
            break heard;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    assert_eq!(done.expect(200).json()["status"], "Succeeded");
}
