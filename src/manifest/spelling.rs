//! Misspelt fields: reported once, and then read as the fields that were meant.

use std::sync::Arc;

use serde_json::Value;

use super::words::{did_you_mean, nearest};
use crate::model::{Diagnostic, Diagnostics, code};
use crate::yaml::{Entry, Node, NodeValue};

/// The field that a misspelt one means: the nearest known field, if it is not set as well.
pub(super) fn meant<'a>(node: &Node, name: &str, known: &[&'a str]) -> Option<&'a str> {
    if known.contains(&name) {
        return None;
    }
    let near = nearest(name, known)?;
    let is_set = node.entry(near).is_some();
    let first = node
        .entries()
        .into_iter()
        .flatten()
        .map(|entry| entry.key.text.as_str())
        .find(|other| !known.contains(other) && nearest(other, known) == Some(near));
    (!is_set && first == Some(name)).then_some(near)
}

/// The entry of a field, or the one that means it.
pub(super) fn entry<'n>(node: &'n Node, field: &str, known: &[&str]) -> Option<&'n Entry> {
    node.entry(field).or_else(|| {
        let mut entries = node.entries()?.iter();
        entries.find(|entry| meant(node, &entry.key.text, known) == Some(field))
    })
}

/// The fields of a schema that takes no others; `None` for other schemas.
pub(super) fn known_fields(schema: &Value) -> Option<Vec<&str>> {
    let is_open = schema
        .get("additionalProperties")
        .is_some_and(|more| *more != Value::Bool(false));
    if is_open || schema.get("x-custom-properties").is_some() {
        return None;
    }
    let properties = schema.get("properties")?.as_object()?;
    Some(properties.keys().map(String::as_str).collect())
}

/// A tree whose misspelt fields have the names that were meant, so that each mistake is one problem.
pub(super) fn corrected(
    schema: &Value,
    node: &Arc<Node>,
    diagnostics: &mut Diagnostics,
) -> Arc<Node> {
    match &node.value {
        NodeValue::Mapping(entries) => {
            let value = entries
                .iter()
                .map(|entry| corrected_entry(schema, node, entry, diagnostics))
                .collect();
            Arc::new(Node {
                span: node.span,
                value: NodeValue::Mapping(value),
            })
        }
        NodeValue::Sequence(items) => {
            let Some(inner) = schema.get("items") else {
                return Arc::clone(node);
            };
            let items = items
                .iter()
                .map(|item| corrected(inner, item, diagnostics))
                .collect();
            Arc::new(Node {
                span: node.span,
                value: NodeValue::Sequence(items),
            })
        }
        NodeValue::Scalar(_) => Arc::clone(node),
    }
}

fn corrected_entry(
    schema: &Value,
    node: &Node,
    entry: &Entry,
    diagnostics: &mut Diagnostics,
) -> Entry {
    let mut entry = entry.clone();
    let known = known_fields(schema).unwrap_or_default();
    let name = entry.key.text.clone();
    let settable = schema
        .get("x-not-settable")
        .is_none_or(|fields| fields.get(&name).is_none());
    if let Some(field) = meant(node, &name, &known)
        && settable
        && fits(&schema["properties"][field], &entry.value)
    {
        let hint = did_you_mean(&name, &[field]).unwrap_or_default();
        diagnostics.push(
            Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
                .at(entry.key.span, "no such field here")
                .help(hint),
        );
        field.clone_into(&mut entry.key.text);
    }
    if let Some(inner) = schema
        .get("properties")
        .and_then(|all| all.get(&entry.key.text))
    {
        entry.value = corrected(inner, &entry.value, diagnostics);
    }
    entry
}

/// Whether a value has the form that a field wants; otherwise another field may have been meant.
fn fits(schema: &Value, value: &Node) -> bool {
    match (schema.get("type").and_then(Value::as_str), &value.value) {
        (Some("object"), NodeValue::Mapping(_)) | (Some("array"), NodeValue::Sequence(_)) => true,
        (Some("object" | "array"), _) => value.is_null(),
        (Some(_), NodeValue::Scalar(_)) | (None, _) => true,
        (Some(_), _) => false,
    }
}
