//! JSON Schema, offline: nothing is ever fetched, and patterns run in linear time.

use jsonschema::{JsonType, PatternOptions, Validator};
use serde_json::Value;

use crate::manifest::{is_same_word, list, meant, one_line, written_as};
use crate::model::Certainty;

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
    /// What to write in its place, as YAML.
    pub(super) replacement: Option<(Certainty, String)>,
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
                    replacement: of_type(holder, part),
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
    let near = meant(&text, &known);
    let (what, help) = match twin.map(|twin| (type_name(part), type_name(twin))) {
        Some((is, wanted)) => (
            format!("the {is} `{text}`"),
            format!("write the {wanted} `{text}`, or make the choices of the schema {is}s"),
        ),
        None => (
            format!("`{text}`"),
            near.map_or(all.clone(), |near| {
                format!("did you mean `{near}`? ({all})")
            }),
        ),
    };
    let is_only = known
        .iter()
        .filter(|choice| is_same_word(&text, choice))
        .count()
        == 1;
    let certainty = |near: &str| match is_only && is_same_word(&text, near) {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    let replacement = match twin {
        Some(Value::String(twin)) => Some((Certainty::Suggested, quoted(twin))),
        Some(twin) => Some((Certainty::Suggested, twin.to_string())),
        None => near
            .filter(|near| part.is_string() && choices.iter().any(|choice| choice == near))
            .map(|near| (certainty(near), one_line(near))),
    };
    Refusal {
        pointer,
        message: format!("{what} is not one of the allowed values"),
        help: Some(help),
        replacement,
    }
}

/// A scalar as a schema takes it: `true` for `yes`, `[x]` for `x`.
fn of_type(schema: &Value, part: &Value) -> Option<(Certainty, String)> {
    let is_list = schema.get("type").is_some_and(|name| name == "array");
    match part {
        Value::String(text) => written_as(schema, text),
        Value::Number(number) if is_list => written_as(schema, &number.to_string()),
        _ => None,
    }
}

/// A text in quotes, which no reader takes for a number.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A value as it is written, a text without its quotes.
pub(super) fn written(value: &Value) -> String {
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
