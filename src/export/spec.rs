//! The values of a manifest in the order in which people expect them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The value with its fields in the order of the schema, and dictionaries sorted by key.
///
/// A dictionary's order means nothing and is the service's to change; a JSON Schema keeps the order
/// that its author gave it.
pub(super) fn ordered(schema: &Value, value: Value) -> Value {
    match value {
        Value::Object(mut map) => match schema.get("properties").and_then(Value::as_object) {
            Some(properties) => {
                let mut fields = Map::new();
                for (name, property) in properties {
                    if let Some(value) = map.shift_remove(name) {
                        fields.insert(name.clone(), ordered(property, value));
                    }
                }
                fields.extend(map);
                Value::Object(fields)
            }
            None if is_dictionary(schema) => sorted(Value::Object(map)),
            None => Value::Object(map),
        },
        Value::Array(items) => match schema.get("items") {
            Some(inner) => items.into_iter().map(|item| ordered(inner, item)).collect(),
            None => Value::Array(items),
        },
        scalar => scalar,
    }
}

fn is_dictionary(schema: &Value) -> bool {
    schema.get("x-custom-properties").is_some()
        || schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries: BTreeMap<String, Value> = map.into_iter().collect();
            Value::Object(entries.into_iter().map(|(k, v)| (k, sorted(v))).collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        scalar => scalar,
    }
}

/// The value with every `${` written so that it is not a variable. Keys never contain variables.
pub(crate) fn escaped(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains("${") => Value::String(text.replace("${", "$${")),
        Value::Array(items) => items.into_iter().map(escaped).collect(),
        Value::Object(map) => map.into_iter().map(|(k, v)| (k, escaped(v))).collect(),
        other => other,
    }
}
