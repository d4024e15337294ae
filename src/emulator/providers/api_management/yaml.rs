//! YAML documents as JSON values, as far as descriptions of APIs need it.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};

/// How deep a description may nest.
const MAX_DEPTH: usize = 100;

/// A collection that is open.
struct Open {
    anchor: usize,
    /// The key of the entry that is being read, in a mapping.
    key: Option<String>,
    value: Value,
}

/// The first document; `None` when it is not YAML.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<usize, Value> = HashMap::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (done, anchor) = match event.ok()?.0 {
            Event::Scalar(text, style, anchor, _) => (scalar(&text, style), anchor),
            Event::Alias(anchor) => (anchors.get(&anchor).cloned()?, 0),
            Event::SequenceStart(_, anchor, _) => {
                open.push(Open {
                    anchor,
                    key: None,
                    value: Value::Array(Vec::new()),
                });
                continue;
            }
            Event::MappingStart(_, anchor, _) => {
                open.push(Open {
                    anchor,
                    key: None,
                    value: Value::Object(Map::new()),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let closed = open.pop()?;
                (closed.value, closed.anchor)
            }
            _ => continue,
        };
        if open.len() > MAX_DEPTH {
            return None;
        }
        if anchor != 0 {
            anchors.insert(anchor, done.clone());
        }
        let Some(parent) = open.last_mut() else {
            return Some(done);
        };
        add(parent, done);
    }
    None
}

fn add(parent: &mut Open, value: Value) {
    match &mut parent.value {
        Value::Array(items) => items.push(value),
        Value::Object(entries) => match parent.key.take() {
            Some(key) => {
                entries.insert(key, value);
            }
            None => {
                parent.key = Some(match value {
                    Value::String(key) => key,
                    other => other.to_string(),
                });
            }
        },
        _ => {}
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::from(text);
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        other => other
            .parse::<i64>()
            .map(Value::from)
            .ok()
            .or_else(|| {
                other
                    .parse::<f64>()
                    .ok()
                    .and_then(Number::from_f64)
                    .map(Value::from)
            })
            .unwrap_or_else(|| Value::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn yaml_becomes_json() {
        let text =
            "openapi: 3.0.1\ninfo: &i {title: T, version: '1'}\nagain: *i\nlist:\n- 1\n- true\n";
        let info = json!({"title": "T", "version": "1"});
        let expected = json!({"openapi": "3.0.1", "info": info, "again": info, "list": [1, true]});
        assert_eq!(super::read(text), Some(expected));
        assert_eq!(super::read("a: ["), None);
    }
}
