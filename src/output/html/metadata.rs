//! The values of custom metadata by which changes can be filtered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::Body;
use crate::model::view::CustomProperties;
use crate::plan::Change;

/// The values of a resource by the name of their metadata schema.
pub(super) type Metadata = BTreeMap<String, BTreeSet<String>>;

/// The values that a resource has, and those that it had.
pub(super) fn of_change(change: &Change) -> Metadata {
    let mut all = Metadata::new();
    for resource in change.before().into_iter().chain(change.after()) {
        add(&mut all, &resource.body);
    }
    all
}

/// The values that a resource has.
pub(super) fn of_body(body: &Body) -> Metadata {
    let mut all = Metadata::new();
    add(&mut all, body);
    all
}

fn add(all: &mut Metadata, body: &Body) {
    for (name, value) in CustomProperties::of(body).values().into_iter().flatten() {
        let mut texts = Vec::new();
        add_texts(&mut texts, value);
        if !texts.is_empty() {
            all.entry(name.clone()).or_default().extend(texts);
        }
    }
}

/// A list counts as each of its items; a mapping is nothing that people choose from.
fn add_texts(texts: &mut Vec<String>, value: &Value) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Bool(_) | Value::Number(_) => texts.push(value.to_string()),
        Value::Array(items) => items.iter().for_each(|item| add_texts(texts, item)),
        Value::Null | Value::Object(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_count_as_their_items_and_mappings_as_nothing() {
        let body = json!({"customProperties": {"team": "checkout", "rules": ["sox", "pci-dss"],
            "public": false, "slo": 99.95, "approver": {"name": "Ines"}, "none": null}});
        let values = of_body(body.as_object().unwrap());
        let shown: Vec<String> = values
            .iter()
            .map(|(name, values)| {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("{name}: {}", values.join(", "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "public: false",
                "rules: pci-dss, sox",
                "slo: 99.95",
                "team: checkout"
            ]
        );
    }
}
