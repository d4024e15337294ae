//! Descriptions that are trees.

use std::collections::BTreeSet;

use serde_json::Value;

use super::form::Sameness;
use crate::document::bundle::is_same;

/// Keys whose texts are for people, in all formats that are trees.
const FOR_PEOPLE: [&str; 3] = ["description", "summary", "$comment"];

/// Keys whose values are data, or have names of the API as keys: a `description` in them is not one.
const OTHERWISE: [&str; 8] = [
    "default", "enum", "const", "example", "examples", "mapping", "scopes", "required",
];

pub(super) fn sameness(before: &Value, after: &Value) -> Sameness {
    if is_same(before, after) {
        return Sameness::Same;
    }
    match is_same_otherwise(before, after, "") {
        true => Sameness::ExceptDescriptions,
        false => Sameness::Different,
    }
}

/// Whether nothing differs but texts for people; `key` is where the values are, empty for the items of a list.
fn is_same_otherwise(before: &Value, after: &Value, key: &str) -> bool {
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => {
            let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
            keys.into_iter().all(|inner| {
                let values = (was.get(inner), is.get(inner));
                let is_data = OTHERWISE.contains(&inner.as_str()) && key != "responses";
                let is_text = |value: Option<&Value>| {
                    value.is_none_or(|value| value.is_string() || value.is_null())
                };
                // A link gives values to parameters by their names.
                let is_for_people = FOR_PEOPLE.contains(&inner.as_str()) && key != "parameters";
                match values {
                    values if is_for_people && is_text(values.0) && is_text(values.1) => true,
                    (Some(was), Some(is)) if is_data || inner.starts_with("x-") => is_same(was, is),
                    (Some(was), Some(is)) => is_same_otherwise(was, is, inner),
                    _ => false,
                }
            })
        }
        (Value::Array(was), Value::Array(is)) => {
            let mut both = was.iter().zip(is);
            was.len() == is.len() && both.all(|(was, is)| is_same_otherwise(was, is, ""))
        }
        _ => is_same(before, after),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_for_people_are_not_all_that_is_called_so() {
        use Sameness::{Different, ExceptDescriptions, Same};
        for (before, after, expected) in [
            (json!({"a": 1.0, "b": 2}), json!({"b": 2, "a": 1}), Same),
            (
                json!({"description": "a"}),
                json!({"description": "b"}),
                ExceptDescriptions,
            ),
            (
                json!({"description": "a", "b": 1}),
                json!({"b": 1}),
                ExceptDescriptions,
            ),
            (
                json!({"description": null}),
                json!({"description": "b"}),
                ExceptDescriptions,
            ),
            (
                json!([{"summary": "a"}]),
                json!([{"summary": "b"}]),
                ExceptDescriptions,
            ),
            (
                json!({"responses": {"default": {"description": "a"}}}),
                json!({"responses": {"default": {"description": "b"}}}),
                ExceptDescriptions,
            ),
            (
                json!({"properties": {"description": {"type": "string"}}}),
                json!({"properties": {"description": {"type": "integer"}}}),
                Different,
            ),
            (
                json!({"default": {"description": "a"}}),
                json!({"default": {"description": "b"}}),
                Different,
            ),
            (
                json!({"parameters": [{"description": "a"}]}),
                json!({"parameters": [{"description": "b"}]}),
                ExceptDescriptions,
            ),
            (
                json!({"parameters": {"a": {"description": "a"}}}),
                json!({"parameters": {"a": {"description": "b"}}}),
                ExceptDescriptions,
            ),
            (
                json!({"links": {"a": {"parameters": {"summary": "$url"}}}}),
                json!({"links": {"a": {"parameters": {"summary": "$method"}}}}),
                Different,
            ),
            (
                json!({"mapping": {"description": "#/a"}}),
                json!({"mapping": {"description": "#/b"}}),
                Different,
            ),
            (
                json!({"x-a": {"description": "a"}}),
                json!({"x-a": {"description": "b"}}),
                Different,
            ),
            (
                json!({"description": "a", "b": 1}),
                json!({"description": "b"}),
                Different,
            ),
            (json!([1]), json!([1, 2]), Different),
        ] {
            assert_eq!(sameness(&before, &after), expected, "{before} {after}");
            assert_eq!(sameness(&after, &before), expected, "{after} {before}");
        }
    }
}
