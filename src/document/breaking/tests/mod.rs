//! Each rule, with a change that looks alike and breaks nothing.

mod asyncapi;
mod asyncapi_references;
mod completeness;
mod graphql;
mod graphql_model;
mod invariants;
mod judged;
mod law;
mod object_model;
mod object_model_events;
mod openapi;
mod pairs;
mod proto_model;
mod recursion;
mod rewritings;
mod schemas;
mod services;
mod wsdl;
mod wsdl_2;
mod wsdl_model;
mod wsdl_texts;
mod xml_schema;
mod xml_schema_size;

use serde_json::{Value, json};

use super::{Breaking, DocumentPlace, Impact, breaking};

/// What is found, each in one line.
fn found(before: &str, after: &str) -> Vec<String> {
    let line = |found: Breaking| {
        let caution = match found.impact {
            Impact::Break => "",
            Impact::Caution => "caution: ",
        };
        format!("{caution}{}: {}", found.place, found.message)
    };
    breaking(before, after).into_iter().map(line).collect()
}

/// Fails unless exactly this is found.
#[track_caller]
fn finds(before: &str, after: &str, expected: &[&str]) {
    let found = found(before, after);
    assert_eq!(found, expected, "\n{before}\n->\n{after}");
}

/// A description whose operations take these bodies.
fn document(operations: &Value, schemas: &Value) -> String {
    let paths: serde_json::Map<String, Value> = operations
        .as_object()
        .into_iter()
        .flatten()
        .map(|(path, schema)| {
            let body =
                json!({"required": true, "content": {"application/json": {"schema": schema}}});
            let responses = json!({"204": {"description": "done"}});
            (
                path.clone(),
                json!({"post": {"requestBody": body, "responses": responses}}),
            )
        })
        .collect();
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": paths, "components": {"schemas": schemas},
    })
    .to_string()
}

fn taken(schema: &Value, schemas: &Value) -> String {
    document(&json!({"/a": schema}), schemas)
}

fn returned(schema: &Value) -> String {
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {
            "description": "d", "content": {"application/json": {"schema": schema}},
        }}}}},
    })
    .to_string()
}

fn schema(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn breaks(found: &[Breaking]) -> Vec<&Breaking> {
    found
        .iter()
        .filter(|found| found.impact == Impact::Break)
        .collect()
}

fn pointer(place: &Option<DocumentPlace>) -> Option<&str> {
    place.as_ref().and_then(DocumentPlace::pointer)
}
