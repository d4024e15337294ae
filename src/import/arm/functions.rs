//! Functions of templates whose value depends on their arguments alone.

use serde_json::{Value, json};

/// Functions of texts.
pub(super) fn of_texts(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let first = arguments.first().unwrap_or(&Value::Null);
    Ok(Some(match (name, arguments) {
        ("concat", [Value::Array(_), ..]) => return Ok(None),
        ("concat", _) => Value::from(arguments.iter().map(text).collect::<String>()),
        ("format", [Value::String(pattern), values @ ..]) => {
            let mut whole = pattern.clone();
            for (i, value) in values.iter().enumerate() {
                whole = whole.replace(&format!("{{{i}}}"), &text(value));
            }
            Value::from(whole)
        }
        ("tolower", _) => Value::from(text(first).to_lowercase()),
        ("toupper", _) => Value::from(text(first).to_uppercase()),
        ("string", _) => Value::from(text(first)),
        ("trim", _) => Value::from(text(first).trim()),
        ("int", _) => text(first)
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| "not a number")?,
        ("replace", [of, old, new]) => Value::from(text(of).replace(&text(old), &text(new))),
        ("split", [of, at]) => text(of).split(&text(at)).map(Value::from).collect(),
        ("join", [Value::Array(items), with]) => {
            let items: Vec<String> = items.iter().map(text).collect();
            Value::from(items.join(&text(with)))
        }
        ("substring", [of, start, ..]) => {
            let skipped = text(of)
                .chars()
                .skip(start.as_u64().unwrap_or_default() as usize)
                .collect::<String>();
            let most = arguments.get(2).and_then(Value::as_u64);
            Value::from(
                skipped
                    .chars()
                    .take(most.map_or(usize::MAX, |most| most as usize))
                    .collect::<String>(),
            )
        }
        ("json", [Value::String(text)]) => {
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
        }
        _ => return Ok(None),
    }))
}

/// Functions of lists and objects.
pub(super) fn of_collections(name: &str, arguments: &[Value]) -> Option<Value> {
    let first = arguments.first().unwrap_or(&Value::Null);
    Some(match (name, arguments) {
        ("concat", [Value::Array(_), ..]) => arguments
            .iter()
            .filter_map(Value::as_array)
            .flatten()
            .cloned()
            .collect(),
        ("createarray", _) => arguments.iter().cloned().collect(),
        ("createobject", _) => {
            let pairs = arguments.chunks(2).filter(|pair| pair.len() == 2);
            Value::Object(
                pairs
                    .map(|pair| (text(&pair[0]), pair[1].clone()))
                    .collect(),
            )
        }
        ("union", [Value::Array(_), ..]) => arguments
            .iter()
            .filter_map(Value::as_array)
            .flatten()
            .cloned()
            .collect(),
        ("union", _) => {
            let maps = arguments.iter().filter_map(Value::as_object).flatten();
            Value::Object(maps.map(|(k, v)| (k.clone(), v.clone())).collect())
        }
        ("length", [Value::Array(items)]) => json!(items.len()),
        ("length", [Value::Object(entries)]) => json!(entries.len()),
        ("length", [Value::String(text)]) => json!(text.chars().count()),
        ("empty", _) => json!(match first {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(entries) => entries.is_empty(),
            _ => false,
        }),
        ("first", [Value::Array(items)]) => items.first().cloned().unwrap_or_default(),
        ("last", [Value::Array(items)]) => items.last().cloned().unwrap_or_default(),
        ("contains", [Value::Array(items), item]) => json!(items.contains(item)),
        ("contains", [Value::Object(entries), key]) => json!(entries.contains_key(&text(key))),
        ("contains", [Value::String(of), part]) => json!(of.contains(&text(part))),
        ("coalesce", _) => arguments
            .iter()
            .find(|it| !it.is_null())
            .cloned()
            .unwrap_or_default(),
        _ => return None,
    })
}

/// Conditions.
pub(super) fn of_logic(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("if", [Value::Bool(condition), yes, no]) => if *condition { yes } else { no }.clone(),
        ("equals", [a, b]) => match (a, b) {
            (Value::String(a), Value::String(b)) => json!(a.eq_ignore_ascii_case(b)),
            _ => json!(a == b),
        },
        ("not", [Value::Bool(it)]) => json!(!it),
        ("and", _) => json!(arguments.iter().all(|it| *it == json!(true))),
        ("or", _) => json!(arguments.contains(&json!(true))),
        ("true", []) => json!(true),
        ("false", []) => json!(false),
        ("null", []) => Value::Null,
        _ => return None,
    })
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
