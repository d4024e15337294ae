//! The fields that manifests of a kind may have.

use serde_json::Value;

use super::Kind;
use crate::model::{FieldPath, field_path};

/// The paths of all fields that a manifest of the kind may have, without positions in lists. One that may have any
/// fields is there a second time, with `.*` behind it.
#[must_use]
pub fn field_paths(kind: &Kind) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    collect((kind.schema)(), "", &mut paths);
    paths
}

fn collect(schema: &Value, above: &str, paths: &mut Vec<FieldPath>) {
    if let Some(items) = schema.get("items") {
        collect(items, above, paths);
    }
    let choices = ["anyOf", "oneOf", "allOf"];
    for choice in choices.iter().filter_map(|word| schema.get(word)) {
        for one in choice.as_array().into_iter().flatten() {
            collect(one, above, paths);
        }
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let path = field_path(above, name);
        collect(property, &path, paths);
        if is_open(property) {
            paths.push(format!("{path}.*"));
        }
        paths.push(path);
    }
}

/// Whether a value may have any fields.
fn is_open(schema: &Value) -> bool {
    let of = schema.get("items").unwrap_or(schema);
    let is_mapping = of.get("type").is_none_or(|own| own == "object");
    is_mapping && of.get("properties").is_none() && of.get("oneOf").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_lists_and_mappings_have_paths() {
        let paths = field_paths(&super::super::API);
        for path in ["title", "contacts", "contacts.email", "license.name"] {
            assert!(paths.iter().any(|own| own == path), "{path}: {paths:?}");
        }
    }
}
