//! Checks a YAML tree against a spec type's schema and gives its value, with every problem at its place.
//!
//! The schema decides how a scalar is read, so that `version: 1.10` stays the text `1.10` where a
//! text is expected. Beyond JSON Schema it knows these keywords of ours: `x-known-values` (an open
//! list of values), `x-shorthand` (a mapping that may be written as one of its fields),
//! `x-not-settable`, `x-other-kinds` (values that another kind declares), `x-exclusive`, `x-one-required`,
//! `x-custom-properties`, `x-resource-name`, `x-secret-uri` and `x-secret-keys` (a mapping in which secrets are
//! recognised by their keys).

use serde_json::{Map, Value};

use super::schema_check_context::SchemaCheckContext;
use super::wording::{did_you_mean, list};
use super::{schema_check_text as text, secrets, spelling};
use crate::model::view::CustomProperties;
use crate::model::{Diagnostic, code};
use crate::yaml::{Entry, Node, NodeValue};

/// The value of a tree; `None` where it is of the wrong type altogether.
pub(super) fn check(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) -> Option<Value> {
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => object(schema, node, cx),
        Some("array") => array(schema, node, cx),
        Some("string") => text::check(schema, node, cx),
        Some(simple) => scalar(simple, schema, node, cx),
        None => Some(node.to_json()),
    }
}

fn object(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) -> Option<Value> {
    let Some(entries) = node.entries() else {
        let shorthand = schema.get("x-shorthand").and_then(Value::as_str);
        if let (Some(field), Some(_)) = (shorthand, node.scalar()) {
            let value = check(&schema["properties"][field], node, cx)?;
            return Some(Map::from_iter([(field.to_owned(), value)]).into());
        }
        return cx.keep_wrong_type("a mapping", schema, node);
    };
    if schema.get("x-custom-properties").is_some() {
        return Some(custom_properties(entries, cx).into());
    }
    let mut map = Map::new();
    // Among properties that nobody modelled, a null says that there is none.
    let keeps_nulls = schema.get("x-secret-keys").is_some();
    for entry in entries
        .iter()
        .filter(|entry| keeps_nulls || !entry.value.is_null())
    {
        if let Some(value) = property(schema, entry, cx) {
            map.insert(entry.key.text.clone(), value);
        }
    }
    missing(schema, node, cx);
    exclusive(schema, node, cx);
    Some(Value::Object(map))
}

fn property(schema: &Value, entry: &Entry, cx: &mut SchemaCheckContext<'_>) -> Option<Value> {
    let name = entry.key.text.as_str();
    if let Some(form) = schema.get("x-secret-keys").and_then(Value::as_str)
        && !secrets::check(form, entry, cx.diagnostics)
    {
        return None;
    }
    if let Some(property) = schema.get("properties").and_then(|known| known.get(name)) {
        return check(property, &entry.value, cx);
    }
    match schema.get("additionalProperties") {
        Some(additional @ Value::Object(_)) => return check(additional, &entry.value, cx),
        Some(Value::Bool(true)) => return Some(entry.value.to_json()),
        _ => {}
    }
    if let Some(help) = schema
        .get("x-not-settable")
        .and_then(|fields| fields.get(name))
    {
        cx.report(
            Diagnostic::error(code::NOT_SETTABLE, format!("`{name}` cannot be set"))
                .at(entry.key.span, "not settable")
                .help(help.as_str().unwrap_or_default()),
        );
        return None;
    }
    let known: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    cx.report(
        Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
            .at(entry.key.span, "no such field here")
            .help(did_you_mean(name, &known).unwrap_or_else(|| elsewhere(name, &known, cx))),
    );
    None
}

/// Where an unknown field belongs, or which fields there are.
fn elsewhere(name: &str, known: &[&str], cx: &SchemaCheckContext<'_>) -> String {
    let is_metadata = cx.metadata.contains_key(&name.to_ascii_lowercase());
    if is_metadata && known.contains(&CustomProperties::FIELD) {
        return format!(
            "`{name}` is custom metadata: write it under `{}`",
            CustomProperties::FIELD
        );
    }
    format!("the fields here are {}", list(known, "and"))
}

fn missing(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) {
    let required = schema.get("required").and_then(Value::as_array);
    let known = spelling::known_fields(schema).unwrap_or_default();
    let fields = spelling::Fields::of(node, &known);
    for field in required.into_iter().flatten().filter_map(Value::as_str) {
        match fields.entry(field) {
            // It is reported as an unknown field.
            Some(entry) if entry.key.text != field => {}
            Some(entry) if entry.value.is_null() => cx.report(
                Diagnostic::error(code::MISSING_FIELD, format!("`{field}` has no value"))
                    .at(entry.key.span, "a value must follow")
                    .help(format!(
                        "write a value behind `{field}:`{}",
                        known_values(&schema["properties"][field])
                    )),
            ),
            Some(_) => {}
            None => {
                let description = &schema["properties"][field]["description"];
                let mut diagnostic =
                    Diagnostic::error(code::MISSING_FIELD, format!("`{field}` is missing"))
                        .at(node.first_span(), format!("`{field}` must be set here"));
                if let Some(description) = description.as_str() {
                    let known = known_values(&schema["properties"][field]);
                    diagnostic = diagnostic.help(format!("`{field}`: {description}{known}"));
                }
                cx.report_kept(diagnostic);
            }
        }
    }
}

/// " Known values are …", if there are any.
fn known_values(schema: &Value) -> String {
    let known = schema.get("x-known-values").and_then(Value::as_array);
    let known: Vec<&str> = known
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match known.is_empty() {
        true => String::new(),
        false => format!(" (known values are {})", list(&known, "and")),
    }
}

fn exclusive(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) {
    let Some(fields) = schema.get("x-exclusive").and_then(Value::as_array) else {
        return;
    };
    let names: Vec<&str> = fields.iter().filter_map(Value::as_str).collect();
    let present: Vec<&Entry> = names
        .iter()
        .filter_map(|name| node.entry(name))
        .filter(|entry| !entry.value.is_null())
        .collect();
    match present.as_slice() {
        [] if schema.get("x-one-required").is_some() => cx.report(
            Diagnostic::error(
                code::MISSING_FIELD,
                format!("one of {} is missing", list(&names, "and")),
            )
            .at(node.first_span(), "exactly one must be set here")
            .help(format!(
                "write `{}:` with its value, or another of them",
                names[0]
            )),
        ),
        [first, rest @ ..] if !rest.is_empty() => {
            for other in rest {
                // Only one of them is compared, so the service never holds all.
                cx.report(
                    Diagnostic::error(
                        code::EXCLUSIVE_FIELDS,
                        format!(
                            "`{}` and `{}` exclude each other",
                            first.key.text, other.key.text
                        ),
                    )
                    .at(other.key.span, "remove this")
                    .related(first.key.span, "or this")
                    .help(format!("set only one of {}", list(&names, "and"))),
                );
            }
        }
        _ => {}
    }
}

fn array(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) -> Option<Value> {
    let NodeValue::Sequence(items) = &node.value else {
        return cx.keep_wrong_type("a list", schema, node);
    };
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    if let Some(most) = bound("maxItems").filter(|&most| items.len() as u64 > most) {
        let extra = items.get(usize::try_from(most).unwrap_or(usize::MAX));
        cx.report_kept(
            Diagnostic::error(
                code::TOO_LONG,
                format!(
                    "{} entries where the service takes at most {most}",
                    items.len()
                ),
            )
            .at(
                extra.map_or(node.first_span(), |item| item.first_span()),
                "one too many",
            ),
        );
    }
    let any = Value::Object(Map::new());
    let item_schema = schema.get("items").unwrap_or(&any);
    let values = items
        .iter()
        .map(|item| check(item_schema, item, cx).unwrap_or(Value::Null))
        .collect();
    Some(Value::Array(values))
}

fn scalar(
    wanted: &str,
    schema: &Value,
    node: &Node,
    cx: &mut SchemaCheckContext<'_>,
) -> Option<Value> {
    let value = node.to_json();
    let (fits, noun) = match wanted {
        "boolean" => (value.is_boolean(), "true or false"),
        "integer" => (value.is_i64() || value.is_u64(), "a whole number"),
        _ => (value.is_number(), "a number"),
    };
    if !fits {
        return cx.keep_wrong_type(noun, schema, node);
    }
    Some(value)
}

/// Custom properties are read as their metadata schemas ask; whether they fit is a rule of its own.
fn custom_properties(entries: &[Entry], cx: &SchemaCheckContext<'_>) -> Map<String, Value> {
    entries
        .iter()
        .filter(|entry| !entry.value.is_null())
        .map(|entry| {
            let value = match cx.metadata.get(&entry.key.text.to_ascii_lowercase()) {
                Some(schema) => coerce(schema, &entry.value),
                None => entry.value.to_json(),
            };
            (entry.key.text.clone(), value)
        })
        .collect()
}

/// Whether a schema takes texts and nothing else that a plain scalar could be.
pub(crate) fn wants_text(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            names
                .iter()
                .all(|name| name == "string" || name == "null" || name == "array")
                && names.iter().any(|name| name == "string")
        }
        _ => false,
    }
}

fn coerce(schema: &Value, node: &Node) -> Value {
    let wants_text = wants_text(schema);
    match &node.value {
        NodeValue::Scalar(scalar) if wants_text && !node.is_null() => {
            Value::String(scalar.text.clone())
        }
        NodeValue::Sequence(items) => match schema.get("items") {
            Some(inner) => items.iter().map(|item| coerce(inner, item)).collect(),
            None => node.to_json(),
        },
        NodeValue::Mapping(entries) => entries
            .iter()
            .map(|entry| {
                let inner = schema
                    .get("properties")
                    .and_then(|p| p.get(&entry.key.text));
                let value = match inner {
                    Some(inner) => coerce(inner, &entry.value),
                    None => entry.value.to_json(),
                };
                (entry.key.text.clone(), value)
            })
            .collect(),
        NodeValue::Scalar(_) => node.to_json(),
    }
}
