//! Fields that a manifest must have.

use serde_json::{Value, json};

use crate::model::Body;

/// Adds mappings that a manifest must have; empty ones are not part of what is compared.
pub(super) fn fill_required(schema: &Value, body: &mut Body) {
    let required = schema["required"].as_array().into_iter().flatten();
    for field in required.filter_map(Value::as_str) {
        if schema["properties"][field]["type"] == "object" && !body.contains_key(field) {
            body.insert(field.to_owned(), json!({}));
        }
    }
}
