//! Where the parts of a text end.

use crate::yaml::node::{Entry, Node, NodeValue};

/// Where an entry ends: its value, or its key if the value is an alias or nothing.
pub fn entry_end(text: &str, entry: &Entry) -> usize {
    let key = entry.key.span.end;
    if entry.value.span.start >= key {
        end(text, &entry.value)
    } else {
        let rest = &text[key..];
        let line = rest.find('\n').unwrap_or(rest.len());
        let value = rest[..line].split(" #").next().unwrap_or_default();
        key + value.trim_end().len()
    }
}

/// Whether a collection is in brackets. One that is not starts where its first item or key starts.
pub(super) fn is_flow(text: &str, node: &Node) -> bool {
    let (bracket, first) = match &node.value {
        NodeValue::Scalar(_) => return false,
        NodeValue::Sequence(items) => ('[', items.first().map(|item| item.span.start)),
        NodeValue::Mapping(entries) => ('{', entries.first().map(|entry| entry.key.span.start)),
    };
    text[node.span.start..].starts_with(bracket) && first != Some(node.span.start)
}

/// Where a value ends, without blanks and comments that follow it.
pub(super) fn end(text: &str, node: &Node) -> usize {
    let trimmed = || {
        let span = &text[node.span.start..node.span.end.max(node.span.start)];
        node.span.start + span.trim_end().len()
    };
    if is_flow(text, node) {
        return node.span.end;
    }
    match &node.value {
        NodeValue::Scalar(_) => trimmed(),
        NodeValue::Sequence(items) => items.last().map_or_else(trimmed, |item| end(text, item)),
        NodeValue::Mapping(entries) => {
            let own = entries
                .iter()
                .filter(|e| e.key.span.start >= node.span.start);
            let ends = own.map(|entry| entry_end(text, entry));
            ends.max().unwrap_or_else(trimmed)
        }
    }
}
