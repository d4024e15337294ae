//! Custom metadata: schemas, assignments, values.

use serde_json::{Value, json};

use super::harness::{API, EmulatorFixture, keys};

const SCHEMAS: &str = "/services/contoso/metadataSchemas";

fn schema(text: &str, assigned: &[(&str, bool)]) -> Value {
    let assigned: Vec<Value> = assigned
        .iter()
        .map(|(entity, required)| json!({"entity": entity, "required": required, "deprecated": false}))
        .collect();
    json!({"schema": text, "assignedTo": assigned})
}

fn api(custom: Value) -> Value {
    json!({"title": "Orders", "kind": "rest", "customProperties": custom})
}

async fn with_team(assigned: &[(&str, bool)]) -> EmulatorFixture {
    let center = EmulatorFixture::start().await;
    let team = schema(r#"{"type":"string", "maxLength":5}"#, assigned);
    center
        .set(&format!("{SCHEMAS}/team"), team)
        .await
        .expect(200);
    center
}

#[tokio::test]
async fn a_schema_is_kept_byte_for_byte() {
    let center = EmulatorFixture::start().await;
    let text = "{\"type\" : \"boolean\",   \"title\":\"Public\"}";
    let body = center
        .set(&format!("{SCHEMAS}/public"), json!({"schema": text}))
        .await
        .expect(200)
        .json();
    assert_eq!(
        body["properties"].to_string(),
        json!({"assignedTo": [], "schema": text}).to_string()
    );
    assert_eq!(keys(&body["properties"]), ["assignedTo", "schema"]);
    for bad in [
        "",
        "nonsense",
        "[]",
        r#"{"type":"strin"}"#,
        r#"{"$ref":"https://example.com/s.json"}"#,
    ] {
        center
            .set(&format!("{SCHEMAS}/public"), json!({"schema": bad}))
            .await
            .expect(400)
            .problems();
    }
    let planet = schema(r#"{"type":"string"}"#, &[("planet", false)]);
    center
        .set(&format!("{SCHEMAS}/public"), planet)
        .await
        .expect(400)
        .problems();
}

#[tokio::test]
async fn values_are_required_known_and_valid() {
    let center = with_team(&[("api", true)]).await;
    let missing = center.set(API, api(json!({}))).await.expect(400).problems();
    assert!(missing[0].contains("\"team\""), "{missing:?}");
    let unknown = center
        .set(API, api(json!({"team": "a", "colour": "red"})))
        .await
        .expect(400)
        .problems();
    assert!(unknown[0].contains("'colour'"), "{unknown:?}");
    let invalid = center
        .set(API, api(json!({"team": "too long"})))
        .await
        .expect(400)
        .problems();
    assert!(invalid[0].contains("'team'"), "{invalid:?}");
    let body = center
        .set(API, api(json!({"team": "blue"})))
        .await
        .expect(200)
        .json();
    assert_eq!(
        body["properties"]["customProperties"],
        json!({"team": "blue"})
    );
    // Not assigned to environments.
    let environment = json!({"title": "e", "kind": "k", "customProperties": {"team": "blue"}});
    center
        .set(
            "/services/contoso/workspaces/default/environments/prod",
            environment,
        )
        .await
        .expect(400);
}

#[tokio::test]
async fn a_schema_in_use_stays_and_keeps_its_type() {
    let center = with_team(&[("api", false), ("environment", false)]).await;
    let path = format!("{SCHEMAS}/team");
    center
        .set(API, api(json!({"team": "blue"})))
        .await
        .expect(200);
    let refused = center.delete(&path).await.expect(400).problems();
    assert!(refused[0].starts_with("Cannot delete, change type or unassign the \"team\" schema"));
    let both = [("api", false), ("environment", false)];
    center
        .set(&path, schema(r#"{"type":"number"}"#, &both))
        .await
        .expect(400);
    center
        .set(
            &path,
            schema(r#"{"type":"string"}"#, &[("environment", false)]),
        )
        .await
        .expect(400);
    // What is free to change: the rest of the schema, an unused assignment, required or not.
    center
        .set(&path, schema(r#"{"type":"string"}"#, &[("api", true)]))
        .await
        .expect(200);

    center
        .set(&path, schema(r#"{"type":"string"}"#, &[("api", false)]))
        .await
        .expect(200);
    center.set(API, api(json!({}))).await.expect(200);
    center
        .set(&path, schema(r#"{"type":"number"}"#, &[]))
        .await
        .expect(200);
    center.delete(&path).await.expect(204);
}

#[tokio::test]
async fn deleting_an_api_frees_the_schemas_its_deployments_used() {
    let center = with_team(&[("deployment", false), ("api", false)]).await;
    center.set(API, api(json!({"team": "a"}))).await.expect(200);
    let deployment = json!({"title": "d", "customProperties": {"team": "b"}});
    center
        .set(&format!("{API}/deployments/prod"), deployment)
        .await
        .expect(200);
    center.delete(&format!("{SCHEMAS}/team")).await.expect(400);
    center.delete(API).await.expect(204);
    center.delete(&format!("{SCHEMAS}/team")).await.expect(204);
}

#[tokio::test]
async fn the_export_is_one_json_schema() {
    let center = with_team(&[("api", true)]).await;
    let url = "/services/contoso/exportMetadataSchema";
    let body = center
        .post(url, json!({"assignedTo": "api"}))
        .await
        .expect(200)
        .json();
    assert_eq!(body["format"], "json-schema");
    let schema: Value = serde_json::from_str(body["value"].as_str().unwrap()).unwrap();
    assert_eq!(
        schema["properties"]["customProperties"],
        json!({
            "type": "object",
            "properties": {"team": {"type": "string", "maxLength": 5}},
            "unevaluatedProperties": false,
            "required": ["team"],
        })
    );
    let body = center
        .post(url, json!({"assignedTo": "environment"}))
        .await
        .expect(200)
        .json();
    assert!(!body["value"].as_str().unwrap().contains("team"));
    center.post(url, json!({})).await.expect(400).problems();
}
