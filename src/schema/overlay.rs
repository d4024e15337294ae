//! The schema of overlays: partial manifests.

use serde_json::{Value, json};

/// The schema of manifests as it applies to overlays: only what identifies a resource or an item of a
/// list is required, and `null` takes a field away.
#[must_use]
pub fn for_overlays(mut schema: Value) -> Value {
    if let Some(title) = schema.get_mut("title") {
        *title = json!(format!("{}: overlays", title.as_str().unwrap_or_default()));
    }
    if let Some(map) = schema.as_object_mut() {
        map.shift_remove("defaultSnippets");
    }
    if let Some(rules) = schema["allOf"].as_array_mut() {
        for rule in rules {
            relax(&mut rule["then"]["properties"]["spec"]);
        }
    }
    if let Some(required) = schema["else"]["required"].as_array_mut() {
        required.retain(|field| field != "spec");
    }
    schema
}

fn relax(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    if let Some(Value::Array(required)) = map.get_mut("required") {
        required.retain(|field| field == "name");
    }
    map.shift_remove("minProperties");
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for (name, property) in properties {
            relax(property);
            if name != "name" {
                or_null(property);
            }
        }
    }
    for keyword in ["items", "additionalProperties"] {
        map.get_mut(keyword).into_iter().for_each(relax);
    }
    if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
        choices.iter_mut().for_each(relax);
    }
}

fn or_null(property: &mut Value) {
    if let Some(kind) = property.get_mut("type") {
        match kind {
            Value::Array(kinds) => kinds.push(json!("null")),
            one => *one = json!([one.take(), "null"]),
        }
    }
    if let Some(Value::Array(choices)) = property.get_mut("anyOf")
        && !choices.contains(&Value::Bool(true))
    {
        choices.push(json!({ "type": "null" }));
    }
}
