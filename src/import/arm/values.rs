//! Values of templates as texts, and entries of mappings.

use serde_json::{Map, Value};

/// A value as the text that functions make of it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

/// An entry of a mapping, whatever the case of its name.
pub(super) fn find<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut entries = map.iter();
    entries.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

/// Adds the entries of an object. Objects in both are merged, and every other value is replaced (documented).
pub(super) fn merge(whole: &mut Map<String, Value>, more: &Map<String, Value>) {
    for (key, value) in more {
        match (whole.get_mut(key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => merge(known, more),
            _ => {
                whole.insert(key.clone(), value.clone());
            }
        }
    }
}
