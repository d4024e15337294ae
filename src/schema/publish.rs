//! From the schemas that check manifests to what editors understand.
//!
//! The forms here are those with which yaml-language-server completes, hovers and reports best;
//! `tests/editor` checks that.

use serde_json::{Map, Value, json};

use super::additions::Additions;
use super::forms::open;
use crate::model::view::CustomProperties;

/// A resource's name, or a text with a variable.
pub(super) const NAME_PATTERN: &str = r"^([a-zA-Z0-9.-]{1,90}|.*\$\{.*)$";

/// What an editor says of another name.
pub(super) const NAME_MESSAGE: &str = "A name has 1 to 90 letters, digits, dots and hyphens.";

/// What an editor says of a text that may be a secret. It does not repeat the text.
const SECRET_MESSAGE: &str = "Only the address of a Key Vault secret may be here, never the secret itself: https://contoso-vault.vault.azure.net/secrets/aws-access-key. If a real key was committed, revoke it.";

/// A schema without the keywords that only this program knows, said in standard ones where possible,
/// with what a project adds. `path` is what `explain` calls it; editors show it as the heading.
pub(super) fn published(path: &str, schema: &Value, additions: &Additions) -> Value {
    match schema {
        Value::Object(map) => Value::Object(object(path, map, additions)),
        Value::Array(items) => items
            .iter()
            .map(|item| published(path, item, additions))
            .collect(),
        other => other.clone(),
    }
}

fn object(path: &str, map: &Map<String, Value>, additions: &Additions) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in map {
        match key.as_str() {
            "x-known-values" | "x-suggestions" => out.extend(open(
                list(value),
                map.get("x-known-descriptions").map_or(&[], |v| list(v)),
            )),
            "x-resource-name" => {
                out.insert("pattern".to_owned(), json!(NAME_PATTERN));
                out.insert("patternErrorMessage".to_owned(), json!(NAME_MESSAGE));
            }
            "x-secret-uri" => {
                out.insert("pattern".to_owned(), json!(or_variable(value)));
                out.insert("patternErrorMessage".to_owned(), json!(SECRET_MESSAGE));
            }
            "x-or-number" => {
                out.insert("type".to_owned(), json!(["string", "number"]));
            }
            "x-other-kinds" => {
                out.insert("allOf".to_owned(), other_kinds(value));
            }
            "x-one-required" => {
                out.insert("minProperties".to_owned(), json!(1));
            }
            "x-exclusive" => {
                out.insert("allOf".to_owned(), exclusions(value));
            }
            "x-custom-properties" => out.extend(additions.custom_properties(value)),
            "x-reference" => out.extend(additions.reference(value)),
            "pattern" => {
                out.insert(key.clone(), json!(or_variable(value)));
            }
            key if key.starts_with("x-") => {}
            "title" if value.as_str().is_some_and(|title| title.ends_with("Spec")) => {}
            "properties" => {
                out.insert(key.clone(), properties(path, map, value, additions));
            }
            "examples" => {
                out.insert(key.clone(), value.clone());
            }
            _ => {
                out.insert(key.clone(), published(path, value, additions));
            }
        }
    }
    if is_text(&out) {
        let or_null = out["type"].is_array().then_some("null");
        let types: Vec<&str> = READ_AS_TEXT.into_iter().chain(or_null).collect();
        out.insert("type".to_owned(), json!(types));
    }
    if additions.must_have_custom_properties(map) {
        let required = out.entry("required").or_insert_with(|| json!([]));
        if let Value::Array(required) = required {
            required.push(json!(CustomProperties::FIELD));
        }
    }
    shorthand(path, map, out, additions)
}

/// What a manifest may say where a text is expected: YAML reads `1.0` and `true` as something else, and the text is
/// what is written.
pub(super) const READ_AS_TEXT: [&str; 3] = ["string", "number", "boolean"];

/// Whether any word is allowed. No number is an address or one of a list of words.
fn is_text(schema: &Map<String, Value>) -> bool {
    let is_string = match &schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            names.contains(&json!("string"))
                && names.iter().all(|name| name == "string" || name == "null")
        }
        _ => false,
    };
    let is_open = !["enum", "const", "format"]
        .iter()
        .any(|key| schema.contains_key(*key));
    let is_name = schema
        .get("pattern")
        .is_none_or(|pattern| *pattern == NAME_PATTERN);
    is_string && is_open && is_name
}

/// A pattern that accepts a text with a variable too.
fn or_variable(pattern: &Value) -> String {
    format!(r"(?:{})|\$\{{", pattern.as_str().unwrap_or_default())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn properties(
    path: &str,
    map: &Map<String, Value>,
    fields: &Value,
    additions: &Additions,
) -> Value {
    let mut out = Map::new();
    for (name, field) in fields.as_object().into_iter().flatten() {
        let path = format!("{path}.{name}");
        let mut field = published(&path, field, additions);
        if let Value::Object(field) = &mut field {
            field.insert("title".to_owned(), json!(path));
        }
        out.insert(name.clone(), field);
    }
    out.extend(not_settable(map));
    Value::Object(out)
}

/// Fields that look as if they could be set: an editor says what to do instead.
fn not_settable(map: &Map<String, Value>) -> Map<String, Value> {
    let fields = map.get("x-not-settable").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .map(|(name, help)| {
            let help = help.as_str().unwrap_or_default();
            let description = format!("Cannot be set: {help}.");
            let mut schema = nothing(&description);
            schema["description"] = json!(description);
            (name.clone(), schema)
        })
        .collect()
}

/// Values that another kind declares, in any case: an editor says what to do instead.
fn other_kinds(values: &Value) -> Value {
    let values = values.as_object().into_iter().flatten();
    values
        .map(|(value, help)| {
            let help = help.as_str().unwrap_or_default();
            let message = format!("`{value}` has a kind of its own: {help}.");
            json!({
                "if": {"type": "string", "pattern": in_any_case(value)},
                "then": nothing(&message),
            })
        })
        .collect()
}

/// The pattern of a word in any case; not every reader of schemas knows flags in patterns.
fn in_any_case(word: &str) -> String {
    let letters = word.chars().map(|c| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
        false => regex::escape(&c.to_string()),
    });
    format!("^{}$", letters.collect::<String>())
}

/// At most one of the fields: if one is set, no other may be. An editor marks the other one.
fn exclusions(fields: &Value) -> Value {
    let fields = list(fields);
    let mut rules = Vec::new();
    for (i, first) in fields.iter().filter_map(Value::as_str).enumerate() {
        for second in fields[i + 1..].iter().filter_map(Value::as_str) {
            let message = format!("`{first}` and `{second}` exclude each other: keep one.");
            rules.push(json!({
                "if": {"required": [first]},
                "then": {"properties": {second: nothing(&message)}},
            }));
        }
    }
    Value::Array(rules)
}

/// No value, with words for an editor that sees one. (`null` is what a field that is left out is.)
fn nothing(message: &str) -> Value {
    json!({"const": null, "errorMessage": message, "doNotSuggest": true})
}

/// A mapping that may also be written as one of its fields.
fn shorthand(
    path: &str,
    map: &Map<String, Value>,
    out: Map<String, Value>,
    additions: &Additions,
) -> Map<String, Value> {
    let Some(field) = map.get("x-shorthand").and_then(Value::as_str) else {
        return out;
    };
    let mut alone = published(path, &map["properties"][field], additions);
    let description = out.get("description").cloned();
    if let (Value::Object(alone), Some(_)) = (&mut alone, &description) {
        alone.shift_remove("description");
    }
    let mut both = Map::new();
    if let Some(description) = description {
        both.insert("description".to_owned(), description);
    }
    both.insert("anyOf".to_owned(), json!([alone, out]));
    both
}
