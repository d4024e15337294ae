//! Functions of templates over lists and objects.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::values::{find, merge, text};

/// The most numbers that `range` gives (documented).
const MOST_NUMBERS: u64 = 10_000;

/// The value of a function over lists and objects; `None` for any other function, or for other arguments.
pub(super) fn call(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let lists = || arguments.iter().filter_map(Value::as_array).flatten();
    Ok(Some(match (name, arguments) {
        ("concat", [Value::Array(_), ..]) => lists().cloned().collect(),
        ("createarray", _) => arguments.iter().cloned().collect(),
        ("createobject", _) => {
            let pairs = arguments.chunks(2).filter(|pair| pair.len() == 2);
            Value::Object(
                pairs
                    .map(|pair| (text(&pair[0]), pair[1].clone()))
                    .collect(),
            )
        }
        ("range", [start, count]) => range(start, count)?,
        ("union", [Value::Array(_), ..]) => distinct(lists()),
        ("union", _) => {
            let mut whole = Map::new();
            for one in arguments.iter().filter_map(Value::as_object) {
                merge(&mut whole, one);
            }
            Value::Object(whole)
        }
        ("intersection", [Value::Array(items), others @ ..]) => {
            let others: Vec<HashSet<&Value>> = others
                .iter()
                .map(|other| other.as_array().into_iter().flatten().collect())
                .collect();
            let items = items.iter();
            distinct(items.filter(|item| others.iter().all(|other| other.contains(item))))
        }
        _ => return Ok(part_of(name, arguments).or_else(|| about(name, arguments))),
    }))
}

/// What is taken from lists and objects, in another form.
fn part_of(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("array", [Value::Array(items)]) => json!(items),
        ("array", [one]) => json!([one]),
        ("flatten", [Value::Array(items)]) => items
            .iter()
            .filter_map(Value::as_array)
            .flatten()
            .cloned()
            .collect(),
        ("items", [Value::Object(entries)]) => sorted(entries)
            .into_iter()
            .map(|(key, value)| json!({"key": key, "value": value}))
            .collect(),
        ("objectkeys", [Value::Object(entries)]) => sorted(entries)
            .into_iter()
            .map(|(key, _)| Value::from(key.as_str()))
            .collect(),
        ("skip", [Value::Array(items), count]) => {
            items.iter().skip(number(count)).cloned().collect()
        }
        ("take", [Value::Array(items), count]) => {
            items.iter().take(number(count)).cloned().collect()
        }
        ("tryget", [first, steps @ ..]) => {
            let step = |value: &Value, step: &Value| match step {
                Value::String(name) => value.as_object().and_then(|it| find(it, name)).cloned(),
                at => value.get(usize::try_from(at.as_u64()?).ok()?).cloned(),
            };
            let found = steps
                .iter()
                .try_fold(first.clone(), |value, at| step(&value, at));
            found.unwrap_or_default()
        }
        _ => return None,
    })
}

/// What is said about a list, an object or a text.
fn about(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("length", [Value::Array(items)]) => json!(items.len()),
        ("length", [Value::Object(entries)]) => json!(entries.len()),
        ("length", [Value::String(text)]) => json!(text.chars().count()),
        ("empty", [first, ..]) => json!(match first {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(entries) => entries.is_empty(),
            _ => false,
        }),
        ("first", [Value::String(text)]) => text
            .chars()
            .next()
            .map(String::from)
            .unwrap_or_default()
            .into(),
        ("last", [Value::String(text)]) => text
            .chars()
            .last()
            .map(String::from)
            .unwrap_or_default()
            .into(),
        ("first", [Value::Array(items)]) => items.first().cloned().unwrap_or_default(),
        ("last", [Value::Array(items)]) => items.last().cloned().unwrap_or_default(),
        ("contains", [Value::Array(items), item]) => json!(items.contains(item)),
        ("contains", [Value::Object(entries), key]) => json!(find(entries, &text(key)).is_some()),
        ("contains", [Value::String(of), part]) => json!(of.contains(&text(part))),
        ("coalesce", _) => arguments
            .iter()
            .find(|it| !it.is_null())
            .cloned()
            .unwrap_or_default(),
        _ => return None,
    })
}

/// A count of items; a negative one is none.
fn number(value: &Value) -> usize {
    let count = value.as_u64().unwrap_or_default();
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Every value once, in the order of its first appearance.
fn distinct<'a>(values: impl Iterator<Item = &'a Value>) -> Value {
    let mut found = HashSet::new();
    values
        .filter(|value| found.insert(*value))
        .cloned()
        .collect()
}

/// The entries of an object in the order of their keys (documented).
fn sorted(entries: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    entries
}

/// So many numbers, one after the other.
fn range(start: &Value, count: &Value) -> Result<Value, String> {
    let (Some(start), Some(count)) = (start.as_i64(), count.as_u64()) else {
        return Err("needs two numbers".to_owned());
    };
    if count > MOST_NUMBERS {
        return Err(format!("gives at most {MOST_NUMBERS} numbers"));
    }
    let numbers = (0..count).map(|at| start.saturating_add_unsigned(at));
    Ok(numbers.map(Value::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_united_and_intersected() {
        let numbers =
            |start: usize| -> Value { (start..start + 200_000).map(Value::from).collect() };
        let lists = [numbers(0), numbers(100_000)];
        for (name, from, to) in [("union", 0, 300_000), ("intersection", 100_000, 200_000)] {
            let expected: Value = (from..to).map(Value::from).collect();
            assert!(call(name, &lists) == Ok(Some(expected)), "{name}");
        }
        let objects = [
            json!([{"a": 1, "b": [2]}, null]),
            json!([{"b": [2], "a": 1}]),
        ];
        for (name, expected) in [
            ("union", json!([{"a": 1, "b": [2]}, null])),
            ("intersection", json!([{"a": 1, "b": [2]}])),
        ] {
            assert_eq!(call(name, &objects), Ok(Some(expected)));
        }
    }
}
