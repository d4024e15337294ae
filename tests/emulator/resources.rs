//! PUT, GET, DELETE and HEAD of children.

use reqwest::Method;
use serde_json::json;

use super::harness::{API, EmulatorFixture, GROUP, keys, names};

const ENVIRONMENT: &str = "/services/contoso/workspaces/default/environments/prod";

#[tokio::test]
async fn creating_and_updating_an_api_both_answer_200() {
    let center = EmulatorFixture::start().await;
    let sent = json!({"kind": "rest", "title": "Orders", "summary": null, "lifecycleStage": "retired", "novel": 1});
    let created = center.set(API, sent).await.expect(200);
    let body = created.json();
    assert_eq!(
        keys(&body),
        ["type", "properties", "id", "name", "systemData"]
    );
    assert_eq!(body["type"], "Microsoft.ApiCenter/services/workspaces/apis");
    assert_eq!(body["id"], format!("{GROUP}{API}"));
    assert_eq!(
        body["properties"].to_string(),
        r#"{"title":"Orders","kind":"rest","externalDocumentation":[],"contacts":[],"customProperties":{}}"#
    );
    assert_eq!(keys(&body["systemData"]), ["createdAt", "lastModifiedAt"]);
    let etag = created.header("etag").expect("an etag").to_owned();
    assert_eq!(etag.len(), 36);
    assert!(!etag.contains('"'));

    let updated = center
        .set(API, json!({"kind": "rest", "title": "Orders 2"}))
        .await
        .expect(200);
    assert_eq!(keys(&updated.json()["systemData"]), ["lastModifiedAt"]);
    assert_ne!(updated.header("etag"), Some(etag.as_str()));

    let read = center.get(API).await.expect(200);
    assert_eq!(read.header("etag"), updated.header("etag"));
    assert_eq!(
        read.json()["systemData"]["createdAt"],
        body["systemData"]["createdAt"]
    );
    assert_eq!(read.json()["properties"]["title"], "Orders 2");
    assert_eq!(
        read.header("content-type"),
        Some("application/json; charset=utf-8")
    );
}

#[tokio::test]
async fn put_replaces_what_was_there() {
    let center = EmulatorFixture::start().await;
    let full = json!({"title": "Orders", "kind": "rest", "summary": "s", "termsOfService": {}, "contacts": [{"email": "e", "name": "n"}]});
    let body = center.set(API, full).await.expect(200).json();
    assert_eq!(body["properties"]["termsOfService"], json!({}));
    assert_eq!(
        body["properties"]["contacts"][0].to_string(),
        r#"{"name":"n","email":"e"}"#
    );
    let body = center
        .set(API, json!({"title": "Orders", "kind": "mcp"}))
        .await
        .json();
    assert_eq!(body["properties"].get("summary"), None);
    assert_eq!(body["properties"]["contacts"], json!([]));
    assert_eq!(body["properties"]["kind"], "mcp");
}

#[tokio::test]
async fn a_new_environment_shows_no_last_modified_at() {
    let center = EmulatorFixture::start().await;
    let sent = json!({"title": "Prod", "kind": "Production", "server": {"type": "other", "managementPortalUri": ["example.com"]}});
    let body = center
        .set(ENVIRONMENT, sent.clone())
        .await
        .expect(200)
        .json();
    assert_eq!(keys(&body["systemData"]), ["createdAt"]);
    assert_eq!(
        keys(&body["properties"]),
        ["title", "kind", "server", "customProperties"]
    );
    assert_eq!(
        keys(&center.get(ENVIRONMENT).await.json()["systemData"]),
        ["createdAt"]
    );
    let body = center.set(ENVIRONMENT, sent).await.expect(200).json();
    assert_eq!(keys(&body["systemData"]), ["lastModifiedAt"]);
    let read = center.get(ENVIRONMENT).await.json();
    assert_eq!(keys(&read["systemData"]), ["createdAt", "lastModifiedAt"]);
}

#[tokio::test]
async fn a_version_moves_the_apis_stage_and_etag_but_not_its_time() {
    let center = EmulatorFixture::start().await;
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    let before = center.get(API).await;
    assert_eq!(before.json()["properties"].get("lifecycleStage"), None);
    let stage = |stage: &str| json!({"title": "v", "lifecycleStage": stage});
    center
        .set(&format!("{API}/versions/1-0-0"), stage("production"))
        .await
        .expect(200);
    let after = center.get(API).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_eq!(before.json()["systemData"], after.json()["systemData"]);
    assert_eq!(after.json()["properties"]["lifecycleStage"], "production");
    assert_eq!(
        keys(&after.json()["properties"])[..3],
        ["title", "kind", "lifecycleStage"]
    );
    center
        .set(&format!("{API}/versions/2-0-0"), stage("preview"))
        .await
        .expect(200);
    let list = center
        .get("/services/contoso/workspaces/default/apis")
        .await
        .json();
    assert_eq!(list["value"][0]["properties"]["lifecycleStage"], "preview");
    center
        .delete(&format!("{API}/versions/2-0-0"))
        .await
        .expect(204);
    assert_eq!(
        center.get(API).await.json()["properties"]["lifecycleStage"],
        "production"
    );
}

#[tokio::test]
async fn a_deployment_loses_its_state_and_needs_real_references() {
    let center = EmulatorFixture::start().await;
    center.orders().await;
    let path = format!("{API}/deployments/prod");
    let sent = json!({
        "title": "Prod", "state": "active", "server": {"runtimeUri": ["https://example.com"]},
        "environmentId": "/workspaces/default/environments/prod",
        "definitionId": "/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi",
    });
    let body = center.set(&path, sent.clone()).await.expect(200).json();
    assert_eq!(
        keys(&body["properties"]),
        [
            "title",
            "environmentId",
            "definitionId",
            "server",
            "customProperties",
            "recommended"
        ]
    );
    assert_eq!(body["properties"]["recommended"], false);

    let mut wrong = sent.clone();
    wrong["environmentId"] = json!(format!("{GROUP}{ENVIRONMENT}"));
    let problems = center.set(&path, wrong).await.expect(400).problems();
    assert_eq!(
        problems,
        [
            "The 'environmentId' is in an incorrect format. The correct format is: '/workspaces/{0}/environments/{1}'"
        ]
    );
    let mut missing = sent;
    missing["definitionId"] =
        json!("/workspaces/default/apis/orders/versions/9-9-9/definitions/openapi");
    let problems = center.set(&path, missing).await.expect(400).problems();
    assert!(problems[0].contains("does not exist"), "{problems:?}");

    // Chosen here, not recorded: neither an environment nor a definition is held by its
    // deployments.
    center.delete(ENVIRONMENT).await.expect(204);
    center
        .delete(&format!("{API}/versions/1-0-0/definitions/openapi"))
        .await
        .expect(200);
    center.get(&path).await.expect(200);
}

#[tokio::test]
async fn deletes_answer_like_the_service_and_cascade() {
    let center = EmulatorFixture::start().await;
    center.orders().await;
    let definition = format!("{API}/versions/1-0-0/definitions/openapi");
    center
        .set(&format!("{API}/deployments/prod"), json!({"title": "Prod"}))
        .await
        .expect(200);
    assert_eq!(center.delete(&definition).await.expect(200).text, "");
    center.delete(&definition).await.expect(204);
    center
        .set(&definition, json!({"title": "OpenAPI"}))
        .await
        .expect(200);
    assert_eq!(center.delete(API).await.expect(204).text, "");
    for gone in [
        API.to_owned(),
        format!("{API}/versions/1-0-0"),
        definition,
        format!("{API}/deployments/prod"),
    ] {
        assert_eq!(
            center.get(&gone).await.expect(404).json(),
            json!({"code": "404"}),
            "{gone}"
        );
    }
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    assert!(names(&center.get(&format!("{API}/versions")).await.json()).is_empty());
    assert_eq!(
        center.get(API).await.json()["properties"].get("lifecycleStage"),
        None
    );
}

#[tokio::test]
async fn paths_ignore_case_and_ids_echo_it() {
    let center = EmulatorFixture::start().await;
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    let shouted = API
        .replace("workspaces", "WORKSPACES")
        .replace("orders", "ORDERS");
    let url = center
        .url(&shouted)
        .replace("resourceGroups", "resourcegroups");
    let body = center
        .send(Method::GET, &url, None)
        .await
        .expect(200)
        .json();
    assert_eq!(
        body["id"],
        format!("{GROUP}{shouted}").replace("resourceGroups", "resourcegroups")
    );
    assert_eq!(body["name"], "ORDERS");
    let list = center
        .get("/services/CONTOSO/workspaces/default/apis")
        .await
        .json();
    assert_eq!(
        list["value"][0]["id"],
        format!("{GROUP}/services/CONTOSO/workspaces/default/apis/orders")
    );
}

#[tokio::test]
async fn head_tells_whether_it_is_there() {
    let center = EmulatorFixture::start().await;
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(200);
    let there = center
        .send(Method::HEAD, &center.url(API), None)
        .await
        .expect(200);
    assert!(there.text.is_empty());
    assert!(there.header("etag").is_some());
    center
        .send(Method::HEAD, &center.url(&format!("{API}x")), None)
        .await
        .expect(404);
}

#[tokio::test]
async fn answers_carry_the_clouds_headers() {
    let center = EmulatorFixture::start().await;
    let put = center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await;
    assert_eq!(
        put.header("x-ms-ratelimit-remaining-subscription-writes"),
        Some("199")
    );
    assert_eq!(
        put.header("x-ms-ratelimit-remaining-subscription-global-writes"),
        Some("2999")
    );
    let get = center.get(API).await;
    assert_eq!(
        get.header("x-ms-ratelimit-remaining-subscription-global-reads"),
        Some("3749")
    );
    assert_eq!(
        get.header("api-supported-versions"),
        Some("2023-07-01-preview, 2024-03-01, 2024-03-15-preview, 2024-06-01-preview")
    );
    assert!(
        get.header("x-ms-request-id")
            .is_some_and(|id| id.len() == 36)
    );
    assert!(get.header("x-ms-correlation-request-id").is_some());
    let gone = center.delete(API).await;
    assert_eq!(
        gone.header("x-ms-ratelimit-remaining-subscription-deletes"),
        Some("199")
    );
}
