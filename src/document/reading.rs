//! A text that several questions are asked about, read at most once in each notation.

use std::cell::OnceCell;

use serde_json::Value;

use super::yaml_text::{Yaml, read_yaml};
use super::{content, json};
use crate::model::without_mark;
use crate::yaml::{Node, NodeValue};

/// A description and its trees, which are made when they are first needed.
pub(super) struct Reading<'a> {
    /// The text as it is given.
    pub(super) whole: &'a str,
    /// The text without its byte order mark.
    pub(super) text: &'a str,
    strict: OnceCell<Option<Value>>,
    yaml: OnceCell<Yaml>,
    value: OnceCell<Option<Value>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(whole: &'a str) -> Self {
        Self {
            whole,
            text: without_mark(whole),
            strict: OnceCell::new(),
            yaml: OnceCell::new(),
            value: OnceCell::new(),
        }
    }

    /// How many bytes precede the text.
    pub(super) fn mark(&self) -> usize {
        self.whole.len() - self.text.len()
    }

    /// Whether the text starts as JSON does.
    pub(super) fn starts_json(&self) -> bool {
        self.text.trim_start().starts_with(['{', '['])
    }

    /// The value of unambiguous JSON that is an object or a list; `None` for anything else.
    pub(super) fn strict(&self) -> Option<&Value> {
        let read = || {
            self.starts_json()
                .then(|| json::strict(self.text))
                .flatten()
        };
        self.strict.get_or_init(read).as_ref()
    }

    /// The text as YAML.
    pub(super) fn yaml(&self) -> &Yaml {
        self.yaml.get_or_init(|| read_yaml(self.text))
    }

    /// The value of the first YAML document that is not empty.
    pub(super) fn value(&self) -> Option<&Value> {
        let read = || self.yaml().first_root().map(Node::to_json);
        self.value.get_or_init(read).as_ref()
    }

    /// Whether the text means the same without the line breaks at its end, and has only line feeds for line breaks:
    /// then its trees are those of the normalised text.
    pub(super) fn is_normal(&self) -> bool {
        let text = content::normalised(self.text);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            return false;
        }
        let last = self.yaml().first_root().map(last_scalar);
        text.len() == self.text.len()
            || last.is_none_or(|last| {
                let last = self.text.get(last.span.start..).unwrap_or_default();
                !last.starts_with(['|', '>'])
            })
    }
}

/// The scalar that is last in the text, or a collection without one.
fn last_scalar(node: &Node) -> &Node {
    let inner: Option<&Node> = match &node.value {
        NodeValue::Scalar(_) => None,
        NodeValue::Sequence(items) => items
            .iter()
            .map(|item| last_scalar(item))
            .max_by_key(|node| node.span.start),
        NodeValue::Mapping(entries) => entries
            .iter()
            .map(|entry| last_scalar(&entry.value))
            .max_by_key(|node| node.span.start),
    };
    inner.unwrap_or(node)
}
