//! Types without a published description: what is sent comes back.

use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{EmulatorFixture, ReceivedResponse, names};

const WORKSPACE: &str = "/services/contoso/workspaces/default";

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    properties: Option<Value>,
) -> ReceivedResponse {
    let url = center.url(path).replace("2024-03-01", "2024-06-01-preview");
    let body = properties.map(|properties| json!({ "properties": properties }));
    center.send(method, &url, body.as_ref()).await
}

#[tokio::test]
async fn every_type_is_written_listed_and_deleted() {
    let center = EmulatorFixture::start().await;
    for (path, properties) in [
        ("apis/orders", json!({"title": "Orders", "kind": "rest"})),
        (
            "apis/orders/versions/1-0-0",
            json!({"title": "v1", "lifecycleStage": "design"}),
        ),
    ] {
        send(
            &center,
            Method::PUT,
            &format!("{WORKSPACE}/{path}"),
            Some(properties),
        )
        .await;
    }
    for collection in [
        "workspaces/default/skills",
        "workspaces/default/skills/row/versions",
        "workspaces/default/agents",
        "workspaces/default/agents/row/versions",
        "workspaces/default/plugins",
        "workspaces/default/models",
        "workspaces/default/mcpRegistries",
        "workspaces/default/links",
        "workspaces/default/authConfigs",
        "workspaces/default/apis/orders/versions/1-0-0/securityRequirements",
        "workspaces/default/skillEvaluationConfigurations",
        "workspaces/default/agentEvaluationConfigurations",
        "portals",
        "eventGridFilters",
    ] {
        let list = format!("/services/contoso/{collection}");
        let row = format!("{list}/row");
        let sent = json!({"title": "A row", "authConfigResourceId": "/authConfigs/a",
            "novel": {"deep": [1, null]}, "nothing": null});
        for status in [201, 200] {
            let written = send(&center, Method::PUT, &row, Some(sent.clone())).await;
            let written = written.expect(status).json();
            assert_eq!(
                written["properties"]["novel"], sent["novel"],
                "{collection}"
            );
            assert!(written["properties"].get("nothing").is_none());
        }
        let listed = send(&center, Method::GET, &list, None).await.expect(200);
        assert_eq!(names(&listed.json()), ["row"], "{collection}");
        let older = center.send(Method::GET, &center.url(&list), None).await;
        older.expect(400);
    }
    // Children vanish with their parents.
    let row = format!("{WORKSPACE}/skills/row");
    send(&center, Method::DELETE, &row, None).await.expect(200);
    send(&center, Method::DELETE, &row, None).await.expect(204);
    let child = format!("{row}/versions/row");
    send(&center, Method::GET, &child, None).await.expect(404);
}

#[tokio::test]
async fn a_form_with_a_title_requires_it() {
    let center = EmulatorFixture::start().await;
    let row = format!("{WORKSPACE}/agents/row");
    let refused = send(&center, Method::PUT, &row, Some(json!({"summary": "s"}))).await;
    assert!(refused.expect(400).text.contains("Title field is required"));
    let row = format!("{WORKSPACE}/mcpRegistries/row");
    send(&center, Method::PUT, &row, Some(json!({})))
        .await
        .expect(201);
}

#[tokio::test]
async fn versions_of_different_types_have_children_of_their_own() {
    let center = EmulatorFixture::start().await;
    let path = format!("{WORKSPACE}/skills/row/versions/v-1/definitions");
    send(&center, Method::GET, &path, None).await.expect(404);
}
