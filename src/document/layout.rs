//! One layout for two JSON texts, so that only what they say is compared.

use serde_json::{Map, Value};

use super::json::strict;

/// Two JSON texts with the same indentation, and with the keys of the second one in the order of the first;
/// `None` if one of them is not JSON without repeated keys, if both have that layout already, or if nothing else
/// differs.
#[must_use]
pub fn in_one_layout(before: &str, after: &str) -> Option<(String, String)> {
    let (old, new) = (strict(before)?, strict(after)?);
    let laid_out = (pretty(&old)?, pretty(&in_order_of(&old, new))?);
    let has_layout = laid_out.0 == before.trim_end() && laid_out.1 == after.trim_end();
    (!has_layout && laid_out.0 != laid_out.1).then_some(laid_out)
}

fn pretty(value: &Value) -> Option<String> {
    let is_structure = value.is_object() || value.is_array();
    is_structure.then_some(())?;
    serde_json::to_string_pretty(value).ok()
}

/// The value with its keys in the order in which another one has them. A key that only this one has stays behind
/// the key that it follows.
fn in_order_of(model: &Value, value: Value) -> Value {
    match (model, value) {
        (Value::Object(model), Value::Object(fields)) => {
            let order = order(model, &fields);
            let mut fields = fields;
            let pairs = order.into_iter().filter_map(|key| {
                let value = fields.shift_remove(&key)?;
                let value = match model.get(&key) {
                    Some(model) => in_order_of(model, value),
                    None => value,
                };
                Some((key, value))
            });
            Value::Object(pairs.collect())
        }
        (Value::Array(model), Value::Array(items)) => {
            let items = items.into_iter().enumerate();
            let items = items.map(|(at, item)| match model.get(at) {
                Some(model) => in_order_of(model, item),
                None => item,
            });
            items.collect()
        }
        (_, value) => value,
    }
}

/// The keys of `fields` in the order of `model`, each new key behind the one that it follows.
fn order(model: &Map<String, Value>, fields: &Map<String, Value>) -> Vec<String> {
    let mut followers: std::collections::BTreeMap<Option<&str>, Vec<&str>> =
        std::collections::BTreeMap::new();
    let mut known = None;
    for key in fields.keys() {
        if model.contains_key(key) {
            known = Some(key.as_str());
        } else {
            followers.entry(known).or_default().push(key);
        }
    }
    let mut order: Vec<String> = Vec::new();
    let mut push = |keys: Option<Vec<&str>>| {
        order.extend(keys.into_iter().flatten().map(str::to_owned));
    };
    push(followers.remove(&None));
    for key in model.keys().filter(|key| fields.contains_key(*key)) {
        push(Some(vec![key]));
        push(followers.remove(&Some(key.as_str())));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_json_says_is_left_to_compare() {
        let (before, after) = in_one_layout(
            r#"{"a":1,"b":{"x":[1,2],"y":0}}"#,
            r#"{"b":{"y":0,"x":[1,3]},"a":1}"#,
        )
        .unwrap();
        assert_eq!(before.replace('2', "3"), after);
        assert!(before.starts_with("{\n  \"a\": 1,\n  \"b\": {\n"));
    }

    #[test]
    fn a_new_key_stays_behind_the_one_that_it_follows() {
        let (_, after) =
            in_one_layout(r#"{"a":1,"c":3,"gone":4}"#, r#"{"z":0,"c":3,"n":5,"a":1}"#).unwrap();
        let keys: Vec<&str> = after.lines().filter_map(|l| l.trim().get(1..2)).collect();
        assert_eq!(keys, ["z", "a", "c", "n"]);
    }

    #[test]
    fn numbers_keep_their_digits() {
        let text = r#"{"n":1.50,"large":12345678901234567890123}"#;
        let (before, _) = in_one_layout(text, "{}").unwrap();
        assert!(before.contains("1.50") && before.contains("12345678901234567890123"));
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for (before, after) in [
            ("openapi: 3.0.3\n", "{}"),
            ("{\"a\": 1, \"a\": 2}", "{}"),
            ("{}", "{} x"),
            ("1", "2"),
            ("{\n  \"a\": 1\n}\n", "{\n  \"a\": 2\n}"),
            ("{\"a\":1}", "{ \"a\": 1 }"),
        ] {
            assert_eq!(in_one_layout(before, after), None, "{before} {after}");
        }
    }
}
