//! Custom properties in a manifest.

use serde_json::Value;

/// Whether a manifest gives this very value back. Scalars are read as text where the metadata schema
/// wants text, so that a value of another type, left from an older schema, comes back as text.
pub(super) fn comes_back(schema: &Value, value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Bool(_) => schema["type"] != "string",
        Value::Array(items) => items.iter().all(|item| comes_back(&schema["items"], item)),
        Value::Object(map) => map
            .iter()
            .all(|(key, value)| comes_back(&schema["properties"][key], value)),
        Value::String(_) | Value::Null => true,
    }
}
