//! Misspelt fields: reported once, and then read as the fields that were meant.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::wording::{is_surely, meant};
use crate::model::{Certainty, Diagnostic, Diagnostics, Fix, code};
use crate::yaml::{Entry, Key, Node, NodeValue};

/// The fields of one mapping. A misspelt field is read as the nearest known one, if that is not set as
/// well; of several that mean the same field, the first is.
pub(super) struct Fields<'n, 'k> {
    node: &'n Node,
    /// The misspelt entries by the fields that they mean.
    misspelt: BTreeMap<&'k str, &'n Entry>,
}

impl<'n, 'k> Fields<'n, 'k> {
    pub(super) fn of(node: &'n Node, known: &[&'k str]) -> Self {
        let mut misspelt = BTreeMap::new();
        for entry in node.entries().unwrap_or_default() {
            let name = entry.key.text.as_str();
            if known.contains(&name) {
                continue;
            }
            if let Some(near) = meant(name, known) {
                misspelt.entry(near).or_insert(entry);
            }
        }
        misspelt.retain(|near, _| node.entry(near).is_none());
        Self { node, misspelt }
    }

    /// The entry of a field, or the one that means it.
    pub(super) fn entry(&self, field: &str) -> Option<&'n Entry> {
        self.node
            .entry(field)
            .or_else(|| self.misspelt.get(field).copied())
    }

    /// The field that a misspelt one means.
    pub(super) fn meant(&self, name: &str) -> Option<&'k str> {
        self.misspelt
            .iter()
            .find(|(_, entry)| entry.key.text == name)
            .map(|(field, _)| *field)
    }
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
            let known = known_fields(schema).unwrap_or_default();
            let fields = Fields::of(node, &known);
            // The entries up to the first one that changes are copied only if there is one.
            let mut copy: Option<Vec<Entry>> = None;
            for (i, entry) in entries.iter().enumerate() {
                let new = corrected_entry(schema, &fields, entry, diagnostics);
                match (&mut copy, new) {
                    (Some(copy), new) => copy.push(new.unwrap_or_else(|| entry.clone())),
                    (None, Some(new)) => {
                        let unchanged = entries[..i].iter().cloned();
                        copy = Some(unchanged.chain([new]).collect());
                    }
                    (None, None) => {}
                }
            }
            with_value(node, copy.map(NodeValue::Mapping))
        }
        NodeValue::Sequence(items) => {
            let Some(inner) = schema.get("items") else {
                return Arc::clone(node);
            };
            let new: Vec<Arc<Node>> = items
                .iter()
                .map(|item| corrected(inner, item, diagnostics))
                .collect();
            let mut pairs = new.iter().zip(items);
            let is_same = pairs.all(|(new, old)| Arc::ptr_eq(new, old));
            with_value(node, (!is_same).then_some(NodeValue::Sequence(new)))
        }
        NodeValue::Scalar(_) => Arc::clone(node),
    }
}

/// The node with another value, if there is one.
fn with_value(node: &Arc<Node>, value: Option<NodeValue>) -> Arc<Node> {
    let span = node.span;
    value.map_or_else(|| Arc::clone(node), |value| Arc::new(Node { span, value }))
}

/// The corrected entry; `None` if there is nothing to correct.
fn corrected_entry(
    schema: &Value,
    fields: &Fields<'_, '_>,
    entry: &Entry,
    diagnostics: &mut Diagnostics,
) -> Option<Entry> {
    let name = entry.key.text.as_str();
    let is_settable = || {
        let fields = schema.get("x-not-settable");
        fields.is_none_or(|fields| fields.get(name).is_none())
    };
    let meant = fields
        .meant(name)
        .filter(|field| is_settable() && fits(&schema["properties"][field], &entry.value));
    if let Some(field) = meant {
        let known = known_fields(schema).unwrap_or_default();
        diagnostics.push(misspelt(entry, field, &known));
    }
    let field = meant.unwrap_or(name);
    let inner = schema.get("properties").and_then(|all| all.get(field));
    let value = inner.map_or_else(
        || Arc::clone(&entry.value),
        |inner| corrected(inner, &entry.value, diagnostics),
    );
    let is_changed = meant.is_some() || !Arc::ptr_eq(&value, &entry.value);
    is_changed.then(|| Entry {
        key: Key {
            text: field.to_owned(),
            span: entry.key.span,
        },
        value,
    })
}

/// A misspelt field, and its right name.
pub(super) fn misspelt(entry: &Entry, field: &str, known: &[&str]) -> Diagnostic {
    let name = entry.key.text.as_str();
    let certainty = match is_surely(name, field, known) {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    };
    Diagnostic::error(code::UNKNOWN_FIELD, format!("unknown field `{name}`"))
        .at(entry.key.span, "no such field here")
        .help(format!("did you mean `{field}`?"))
        .fix(Fix::write(certainty, entry.key.span, field))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Sources;
    use crate::yaml;

    const KNOWN: [&str; 2] = ["summary", "title"];

    fn parsed(text: &str) -> Arc<Node> {
        let source = Sources::default().add("a.yaml", text);
        let mut documents = yaml::parse(source, text, &mut Diagnostics::default());
        documents.pop().unwrap().root.unwrap()
    }

    fn schema() -> Value {
        json!({"additionalProperties": false, "properties": {
            "summary": {"type": "string"}, "title": {"type": "string"}}})
    }

    #[test]
    fn the_first_misspelt_field_is_meant_unless_the_field_is_set() {
        let node = parsed("titel: a\ntilte: b\nsumary: c\nsummary: d\nother: e\n");
        let fields = Fields::of(&node, &KNOWN);
        let key = |field| fields.entry(field).map(|entry| entry.key.text.as_str());
        assert_eq!(key("title"), Some("titel"));
        assert_eq!(key("summary"), Some("summary"));
        assert_eq!(fields.meant("titel"), Some("title"));
        for name in ["tilte", "sumary", "summary", "other", "title"] {
            assert_eq!(fields.meant(name), None, "{name}");
        }
        let mut diagnostics = Diagnostics::default();
        let corrected = corrected(&schema(), &node, &mut diagnostics);
        assert_eq!(
            corrected.to_json(),
            json!({"title": "a", "tilte": "b", "sumary": "c", "summary": "d", "other": "e"})
        );
    }

    #[test]
    fn many_unknown_fields_are_compared_with_the_known_ones_only() {
        let text: String = (0..30_000).map(|i| format!("titl{i}: 1\n")).collect();
        let node = parsed(&text);
        let mut diagnostics = Diagnostics::default();
        let corrected = corrected(&schema(), &node, &mut diagnostics);
        assert!(corrected.entry("title").is_some());
        assert!(corrected.entry("titl1").is_some());
    }
}
