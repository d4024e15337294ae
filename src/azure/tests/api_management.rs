//! What an instance of API Management is asked, and what is made of its responses.

use serde_json::{Value, json};

use super::fake_service::{FakeService, Reply, fine, reply};
use crate::azure::{ApiManagement, InstanceId};
use crate::live::ErrorKind;

const ID: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/gw";

async fn instance() -> (FakeService, ApiManagement) {
    let service = FakeService::start([fine()]).await;
    let (id, _) = InstanceId::parse(ID).unwrap();
    let instance = ApiManagement::new(service.client(), id);
    (service, instance)
}

fn api(kind: Option<&str>) -> Value {
    json!({"name": "a b", "properties": {"type": kind}})
}

fn replies(bodies: &[Value]) -> Vec<Reply> {
    bodies.iter().map(|body| reply(200, body)).collect()
}

#[tokio::test]
async fn revisions_that_are_not_current_are_left_out_on_every_page() {
    let (service, instance) = instance().await;
    let next = format!("{}{ID}/apis?$skip=2&api-version=2024-05-01", service.root());
    service.play(replies(&[
        json!({"value": [
            {"name": "a", "properties": {"isCurrent": true}},
            {"name": "a;rev=2", "properties": {"isCurrent": false}},
        ], "nextLink": next}),
        json!({"value": [{"name": "b", "properties": {}}, {"name": "b;rev=2", "properties": {}}]}),
    ]));
    let apis = instance.apis().await.unwrap();
    let names: Vec<&Value> = apis.iter().map(|api| &api["name"]).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(
        service.lines()[0],
        format!("GET {ID}/apis?api-version=2024-05-01")
    );
}

#[tokio::test]
async fn each_type_has_its_own_export() {
    let (service, instance) = instance().await;
    let export = format!("GET {ID}/apis/a%20b?export=true&format=");
    for (kind, format) in [
        (None, "openapi-link"),
        (Some("http"), "openapi-link"),
        (Some("soap"), "wsdl-link"),
    ] {
        // The place in which older versions put the link is good too.
        for place in ["/value", "/properties/value"] {
            let link = json!({"link": format!("{}/blob?sig=1", service.root())});
            let body = match place {
                "/value" => json!({"value": link}),
                _ => json!({"properties": {"value": link}}),
            };
            service.play([reply(200, body), reply(200, "the text")]);
            let text = instance.description(&api(kind)).await.unwrap();
            assert_eq!(text.as_deref(), Some("the text"));
            let lines = service.lines();
            assert_eq!(lines[0], format!("{export}{format}&api-version=2024-05-01"));
            assert_eq!(lines[1], "GET /blob?sig=1");
        }
    }
    for kind in ["websocket", "grpc", "mcp", "odata", "what-comes-next"] {
        service.play([reply(500, "")]);
        let text = instance.description(&api(Some(kind))).await.unwrap();
        assert_eq!((text, service.lines().len()), (None, 0), "{kind}");
    }
    service.play([reply(200, json!({"value": "inline"}))]);
    let error = instance.description(&api(None)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn the_schema_of_graphql_is_its_description() {
    let (service, instance) = instance().await;
    let graphql = api(Some("graphql"));
    let schema = |document: Value| {
        let content = "application/vnd.ms-azure-apim.graphql.schema";
        json!({"name": "graphql", "properties": {"contentType": content, "document": document}})
    };
    let text = json!({"value": "type Query { a: Int }"});
    let whole = json!({"value": [{"name": "x", "properties": {"contentType": "json"}}, schema(text.clone())]});
    let bare = json!({"value": [schema(Value::Null)]});
    for bodies in [vec![whole], vec![bare, schema(text)]] {
        service.play(replies(&bodies));
        let text = instance.description(&graphql).await.unwrap();
        assert_eq!(text.as_deref(), Some("type Query { a: Int }"));
        assert_eq!(service.lines().len(), bodies.len());
    }
    service.play([reply(200, json!({"value": []}))]);
    assert_eq!(instance.description(&graphql).await.unwrap(), None);
    let absent = json!({"error": {"code": "ResourceNotFound", "message": "m"}});
    service.play([reply(404, absent)]);
    let error = instance.description(&graphql).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    service.play(replies(&[
        json!({"value": [schema(Value::Null)]}),
        schema(Value::Null),
    ]));
    let error = instance.description(&graphql).await.unwrap_err();
    assert!(
        error.to_string().contains("no text for the schema"),
        "{error}"
    );
    service.play([reply(
        403,
        json!({"error": {"code": "AuthorizationFailed", "message": "m"}}),
    )]);
    let error = instance.description(&graphql).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authorization);
}

#[tokio::test]
async fn what_is_not_there_is_named() {
    let (service, instance) = instance().await;
    let absent = json!({"error": {"code": "ResourceNotFound", "message": "m"}});
    service.play([reply(404, absent)]);
    let error = instance.instance().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("`gw` does not exist"), "{error}");
    let error = instance.api("orders").await.unwrap_err();
    assert!(error.to_string().contains("`orders`"), "{error}");
}
