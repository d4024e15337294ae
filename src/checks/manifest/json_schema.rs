//! JSON Schema, offline: nothing is ever fetched, and patterns run in linear time.

use jsonschema::{JsonType, PatternOptions, Validator};
use serde_json::Value;

use crate::manifest::{did_you_mean, list};

/// Compiles a schema.
///
/// # Errors
/// What is wrong with it, and the JSON pointer of the place.
pub(super) fn compile(schema: &Value) -> Result<Validator, (String, String)> {
    jsonschema::options()
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .offline()
        .build(schema)
        .map_err(|error| (error.to_string(), error.instance_path().to_string()))
}

/// A value that a schema refuses.
pub(super) struct Refusal {
    /// JSON pointer of the part that is refused.
    pub(super) pointer: String,
    /// Why, in words.
    pub(super) message: String,
    /// What would do.
    pub(super) help: Option<String>,
}

/// Every part of a value that a schema refuses.
pub(super) fn refusals(schema: &Value, validator: &Validator, value: &Value) -> Vec<Refusal> {
    validator
        .iter_errors(value)
        .map(|error| {
            let pointer = error.instance_path().to_string();
            let part = value.pointer(&pointer).unwrap_or(value);
            let holder = parent_schema(schema, &error.schema_path().to_string());
            match choices(holder) {
                Some(choices) => not_a_choice(pointer, part, &choices),
                None => Refusal {
                    pointer,
                    message: error.to_string(),
                    help: None,
                },
            }
        })
        .collect()
}

fn not_a_choice(pointer: String, part: &Value, choices: &[&Value]) -> Refusal {
    let text = written(part);
    let choices_text: Vec<String> = choices.iter().map(|choice| written(choice)).collect();
    let known: Vec<&str> = choices_text.iter().map(String::as_str).collect();
    let all = format!("the choices are {}", list(&known, "and"));
    let twin = choices.iter().find(|choice| written(choice) == text);
    let (what, help) = match twin.map(|twin| (type_name(part), type_name(twin))) {
        Some((is, wanted)) => (
            format!("the {is} `{text}`"),
            format!("write the {wanted} `{text}`, or make the choices of the schema {is}s"),
        ),
        None => (
            format!("`{text}`"),
            did_you_mean(&text, &known).map_or(all.clone(), |hint| format!("{hint} ({all})")),
        ),
    };
    Refusal {
        pointer,
        message: format!("{what} is not one of the allowed values"),
        help: Some(help),
    }
}

/// A value as it is written, a text without its quotes.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What a value is called in JSON Schema.
pub(super) fn type_name(value: &Value) -> &'static str {
    JsonType::from(value).as_str()
}

/// The schema that holds the keyword at a JSON pointer.
fn parent_schema<'a>(schema: &'a Value, pointer: &str) -> &'a Value {
    let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
    schema.pointer(parent).unwrap_or(schema)
}

/// The choices that a schema offers, as `enum` or as `oneOf` of `const`.
pub(super) fn choices(schema: &Value) -> Option<Vec<&Value>> {
    if let Some(Value::Array(values)) = schema.get("enum") {
        return Some(values.iter().collect());
    }
    let items = schema.get("oneOf")?.as_array()?;
    items.iter().map(|item| item.get("const")).collect()
}
