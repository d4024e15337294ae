//! The bodies that Swagger 2.0 describes field by field, as schemas.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::breaking::tree::{address, entries, flag, items, resolve, text};

/// The schemas of such bodies, by the address of the operation.
pub(super) type Forms = BTreeMap<usize, Value>;

pub(super) fn of(root: &Value) -> Forms {
    let mut forms = Forms::new();
    if root.get("openapi").is_some() {
        return forms;
    }
    for (_, item) in entries(root, "paths") {
        let Some(item) = resolve(root, item) else {
            continue;
        };
        for operation in item.as_object().into_iter().flat_map(Map::values) {
            let all = items(item, "parameters").chain(items(operation, "parameters"));
            let fields = all
                .filter_map(|parameter| resolve(root, parameter))
                .filter(|parameter| text(parameter, "in") == Some("formData"));
            if let Some(form) = form(fields) {
                forms.insert(address(operation), form);
            }
        }
    }
    forms
}

fn form<'a>(fields: impl Iterator<Item = &'a Value>) -> Option<Value> {
    let mut properties = Map::new();
    let mut required = BTreeSet::new();
    for field in fields {
        let Some(name) = text(field, "name") else {
            continue;
        };
        // A field of the operation takes the place of one of its path.
        if flag(field, "required") {
            required.insert(name);
        } else {
            required.remove(name);
        }
        let mut schema = field.clone();
        if let Some(schema) = schema.as_object_mut() {
            schema.retain(|key, _| {
                !["required", "name", "in", "description"].contains(&key.as_str())
            });
        }
        properties.insert(name.to_owned(), schema);
    }
    let is_empty = properties.is_empty();
    (!is_empty).then(|| json!({"type": "object", "properties": properties, "required": required}))
}
