//! The tree that a YAML document becomes.

use std::sync::Arc;

use serde_json::Value;

use super::core_schema;
use super::scalar::Scalar;
use crate::model::Span;

/// One document of a file.
#[derive(Debug, Clone)]
pub struct YamlDocument {
    /// What it holds; `None` where there is nothing between two `---`.
    pub root: Option<Arc<Node>>,
}

/// A value and its place. An alias is the very node that it names, place included.
#[derive(Debug, Clone)]
pub struct Node {
    /// The place of the value, without its anchor and tag. A block collection starts at its first
    /// key or item, a flow collection at its bracket, a block text at its `|` or `>`.
    pub span: Span,
    /// The value.
    pub value: NodeValue,
}

/// What a node holds.
#[derive(Debug, Clone)]
pub enum NodeValue {
    /// A text, a number, a boolean or nothing: see [`Node::to_json`] for which.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Arc<Node>>),
    /// Keys and values in the order of the file, each key once; merged ones come last.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Arc<Node>,
}

/// The key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its text; `1`, `true` and `~` are keys by their text too.
    pub text: String,
    /// Its place.
    pub span: Span,
}

impl Node {
    /// The value of that key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<Self>> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The key and value of that key, if this is a mapping that has it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries()?.iter().find(|entry| entry.key.text == key)
    }

    /// The entries, if this is a mapping.
    #[must_use]
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            NodeValue::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items, if this is a list.
    #[must_use]
    pub fn items(&self) -> Option<&[Arc<Self>]> {
        match &self.value {
            NodeValue::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The scalar, if this is one.
    #[must_use]
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar as written, whatever it would mean: `1.10` gives `1.10`, `no` gives `no`.
    #[must_use]
    pub fn scalar_text(&self) -> Option<&str> {
        self.scalar().map(|scalar| scalar.text.as_str())
    }

    /// Whether this is null: nothing at all, `~` or `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.scalar()
            .is_some_and(|scalar| core_schema::resolve(scalar).is_null())
    }

    /// A short place that stands for the whole and starts where it starts: the first key or item of a
    /// block collection, the bracket of a flow collection, or the scalar itself.
    #[must_use]
    pub fn first_span(&self) -> Span {
        match &self.value {
            NodeValue::Scalar(_) => self.span,
            NodeValue::Sequence(items) => self.inner(items.first().map(|item| item.first_span())),
            NodeValue::Mapping(entries) => self.inner(entries.first().map(|entry| entry.key.span)),
        }
    }

    /// The first child's place, unless a bracket precedes it or it was taken from elsewhere.
    fn inner(&self, child: Option<Span>) -> Span {
        let open = Span {
            end: self.span.end.min(self.span.start + 1),
            ..self.span
        };
        child
            .filter(|child| child.source == self.span.source && child.start == self.span.start)
            .unwrap_or(open)
    }

    /// The value as JSON, by the core schema of YAML 1.2: null, booleans, integers (also `0x` and
    /// `0o` of up to 256 digits) and floats are what they look like, everything else is text. So are `.inf` and `.nan`,
    /// which JSON cannot hold. Numbers are exact.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Scalar(scalar) => core_schema::resolve(scalar),
            NodeValue::Sequence(items) => items.iter().map(|item| item.to_json()).collect(),
            NodeValue::Mapping(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), entry.value.to_json()))
                    .collect(),
            ),
        }
    }
}
