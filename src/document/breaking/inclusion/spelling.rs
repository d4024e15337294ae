//! Values that are written as text, as in a URL: one text may be read in several ways.

use serde_json::Value;

/// What a value may be read as, once it is written as text.
pub(super) fn readings(value: &Value) -> Vec<Value> {
    let mut all = vec![value.clone()];
    let mut add = |reading: Value| {
        if !all.contains(&reading) {
            all.push(reading);
        }
    };
    for each in [as_text as fn(&Value) -> Value, as_read] {
        add(map(value, each));
    }
    // One value and a list of it are written in the same way.
    match value {
        Value::Array(items) => {
            if let [only] = items.as_slice() {
                add(only.clone());
                add(as_text(only));
                add(as_read(only));
            }
        }
        Value::Object(_) => {}
        scalar => {
            add(Value::Array(vec![scalar.clone()]));
            add(Value::Array(vec![as_text(scalar)]));
            add(Value::Array(vec![as_read(scalar)]));
        }
    }
    all
}

/// A value with each scalar in another form.
fn map(value: &Value, each: fn(&Value) -> Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| map(item, each)).collect()),
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| (key.clone(), map(value, each)))
                .collect(),
        ),
        scalar => each(scalar),
    }
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(_) | Value::Bool(_) => Value::String(value.to_string()),
        other => other.clone(),
    }
}

fn as_read(value: &Value) -> Value {
    let read = value
        .as_str()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    match read {
        Some(read @ (Value::Number(_) | Value::Bool(_))) => read,
        _ => value.clone(),
    }
}
