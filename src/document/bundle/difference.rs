//! Where in the files a place of the bundle comes from, and where two documents differ first.

use std::ops::Range;

use serde_json::Value;

use super::reference::{below, push, steps};
use crate::document::{content, digest, structured};
use crate::model::{Diagnostics, DocumentPart, Span};
use crate::yaml::{self, Node};

/// The pointer to the first value of the second document that the first one does not have; for one that was
/// removed, the pointer to what had it. `None` if the documents are the same, or are not trees.
#[must_use]
pub fn first_difference(before: &str, after: &str) -> Option<String> {
    let (before, after) = (tree(before)?, tree(after)?);
    let mut pointer = String::new();
    differs(&before, &after, &mut pointer).then_some(pointer)
}

fn tree(text: &str) -> Option<Value> {
    let text = content::normalised(text);
    digest::meaning(&text).or_else(|| {
        let yaml = structured::read_yaml(&text);
        Some(yaml.only_root()?.to_json())
    })
}

/// Finds the first difference within what has the pointer, which then is its pointer.
fn differs(before: &Value, after: &Value, pointer: &mut String) -> bool {
    let mut inner = |step: &str, before: Option<&Value>, after: &Value| {
        let length = pointer.len();
        push(pointer, step);
        let is_found = before.is_none_or(|before| differs(before, after, pointer));
        if !is_found {
            pointer.truncate(length);
        }
        is_found
    };
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => {
            is.iter()
                .any(|(key, value)| inner(key, was.get(key), value))
                || was.len() > is.len()
        }
        (Value::Array(was), Value::Array(is)) => {
            let mut items = is.iter().enumerate();
            items.any(|(i, value)| inner(&i.to_string(), was.get(i), value)) || was.len() > is.len()
        }
        (Value::Number(_), Value::Number(_)) => {
            digest::canonical(before) != digest::canonical(after)
        }
        _ => before != after,
    }
}

/// The place in the files that a pointer into the bundle names, or else the nearest one around it.
#[must_use]
pub fn place(parts: &[DocumentPart], pointer: &str) -> Option<Span> {
    let found = parts
        .iter()
        .filter_map(|part| Some((part, below(pointer, &part.at)?)));
    let (part, rest) = found.max_by_key(|(part, _)| part.at.len())?;
    let mut problems = Diagnostics::default();
    let documents = yaml::parse(part.source, &part.text, &mut problems);
    let root = documents.into_iter().find_map(|document| document.root);
    let start = Span {
        source: part.source,
        start: 0,
        end: 0,
    };
    Some(root.map_or(start, |root| {
        span_at(&root, &format!("{}{rest}", part.pointer))
    }))
}

/// The key that a pointer ends at, as far as it leads.
fn span_at(root: &Node, pointer: &str) -> Span {
    let mut node = root;
    let mut span = root.first_span();
    for step in steps(pointer) {
        let item = || node.items()?.get(step.parse::<usize>().ok()?);
        if let Some(entry) = node.entry(&step) {
            (node, span) = (&entry.value, entry.key.span);
        } else if let Some(item) = item() {
            (node, span) = (item, item.first_span());
        } else {
            break;
        }
    }
    span
}

/// The pointer to the innermost value of a text around a place.
#[must_use]
pub fn pointer_at(text: &str, place: &Range<usize>) -> String {
    let yaml = structured::read_yaml(text);
    let mut pointer = String::new();
    let mut current = yaml.first_root();
    while let Some(node) = current {
        let entries = node.entries().into_iter().flatten();
        let keys = entries.map(|entry| {
            let start = entry.key.span.start;
            (start, entry.key.text.clone(), entry.value.as_ref())
        });
        let items = node.items().into_iter().flatten().enumerate();
        let items = items.map(|(i, item)| (item.first_span().start, i.to_string(), item.as_ref()));
        let inner = keys
            .chain(items)
            .filter(|(start, ..)| *start <= place.start)
            .last();
        current = inner.map(|(_, step, node)| {
            push(&mut pointer, &step);
            node
        });
    }
    pointer
}
