//! The JSON Schema of manifests, for editors and other tools.
//!
//! It is made from the same types that check the manifests. Documents are told apart by `kind` with
//! `if`/`then`, which gives editors one precise message instead of one per kind.

mod explain;

use serde_json::{Map, Value, json};

use crate::kinds;
use crate::manifest;

pub use explain::explain;

/// The schema of every manifest document.
#[must_use]
pub fn manifest_schema() -> Value {
    let mut names = vec!["Project"];
    names.extend(kinds::declarable().map(|kind| kind.info.name));
    let mut rules = vec![rule("Project", manifest::project_schema())];
    rules.extend(kinds::declarable().map(|kind| rule(kind.info.name, (kind.schema)())));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "apicenter manifest",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata", "spec"],
        "additionalProperties": false,
        "properties": {
            "apiVersion": {"const": "apicenter/v1", "description": "Version of the manifest format."},
            "kind": {
                "description": "What the document declares.",
                "enum": names,
            },
            "metadata": {
                "type": "object",
                "description": "What identifies the resource.",
                "required": ["name"],
                "additionalProperties": false,
                "properties": {
                    "name": {
                        "type": "string",
                        "description": "Name of the resource: 3 to 90 letters, digits and hyphens, or a variable.",
                        "pattern": r"^([a-zA-Z0-9-]{3,90}|.*\$\{.*)$",
                    }
                },
            },
            "spec": {"type": "object", "description": "What the resource is to be."},
        },
        "allOf": rules,
    })
}

fn rule(kind: &str, schema: &Value) -> Value {
    json!({
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"spec": published(schema)}},
    })
}

/// A schema without the keywords that only this program knows, said in standard ones where possible.
fn published(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => Value::Object(publish_object(map)),
        Value::Array(items) => items.iter().map(published).collect(),
        other => other.clone(),
    }
}

fn publish_object(map: &Map<String, Value>) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in map {
        match key.as_str() {
            "x-known-values" => {
                out.insert(
                    "anyOf".to_owned(),
                    json!([{"enum": value}, {"type": "string"}]),
                );
            }
            "x-resource-name" => {
                out.insert("pattern".to_owned(), json!("^[a-zA-Z0-9-]{3,90}$"));
            }
            "x-one-required" => {
                out.insert("minProperties".to_owned(), json!(1));
            }
            "x-exclusive" => {
                out.insert("allOf".to_owned(), exclusions(value));
            }
            key if key.starts_with("x-") => {}
            "title" if value.as_str().is_some_and(|title| title.ends_with("Spec")) => {}
            _ => {
                out.insert(key.clone(), published(value));
            }
        }
    }
    shorthand(map, out)
}

/// At most one of the fields: no two together.
fn exclusions(fields: &Value) -> Value {
    let fields: Vec<&Value> = fields.as_array().into_iter().flatten().collect();
    let mut pairs = Vec::new();
    for (i, first) in fields.iter().enumerate() {
        for second in &fields[i + 1..] {
            pairs.push(json!({"not": {"required": [first, second]}}));
        }
    }
    Value::Array(pairs)
}

/// A mapping that may also be written as one of its fields.
fn shorthand(map: &Map<String, Value>, out: Map<String, Value>) -> Map<String, Value> {
    let Some(field) = map.get("x-shorthand").and_then(Value::as_str) else {
        return out;
    };
    let mut alone = published(&map["properties"][field]);
    let description = out.get("description").cloned();
    if let (Value::Object(alone), Some(_)) = (&mut alone, &description) {
        alone.shift_remove("description");
    }
    let mut both = Map::new();
    if let Some(description) = description {
        both.insert("description".to_owned(), description);
    }
    both.insert("anyOf".to_owned(), json!([alone, out]));
    both
}
