//! Merging partial manifests into whole ones: RFC 7396, except that lists of named items merge by name.

use std::sync::Arc;

use crate::yaml::{Entry, Node, NodeValue};

/// The base with the overlay's values in it; a null in the overlay removes what the base has.
pub(super) fn merge(base: &Arc<Node>, overlay: &Arc<Node>) -> Arc<Node> {
    match (&base.value, &overlay.value) {
        (NodeValue::Mapping(old), NodeValue::Mapping(new)) => Arc::new(Node {
            span: base.span,
            value: NodeValue::Mapping(merge_maps(old, new)),
        }),
        (NodeValue::Sequence(old), NodeValue::Sequence(new))
            if are_named(old) && are_named(new) =>
        {
            let items = merge_named(old, new);
            Arc::new(Node {
                span: base.span,
                value: NodeValue::Sequence(items),
            })
        }
        _ => Arc::clone(overlay),
    }
}

fn merge_maps(old: &[Entry], new: &[Entry]) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::with_capacity(old.len() + new.len());
    for entry in old {
        match new.iter().find(|other| other.key.text == entry.key.text) {
            None => merged.push(entry.clone()),
            Some(other) if other.value.is_null() => {}
            Some(other) => merged.push(Entry {
                key: other.key.clone(),
                value: merge(&entry.value, &other.value),
            }),
        }
    }
    let added = new
        .iter()
        .filter(|entry| !entry.value.is_null())
        .filter(|entry| !old.iter().any(|other| other.key.text == entry.key.text));
    merged.extend(added.cloned());
    merged
}

fn merge_named(old: &[Arc<Node>], new: &[Arc<Node>]) -> Vec<Arc<Node>> {
    let mut merged: Vec<Arc<Node>> = old
        .iter()
        .map(
            |item| match new.iter().find(|other| same_name(other, item)) {
                Some(other) => merge(item, other),
                None => Arc::clone(item),
            },
        )
        .collect();
    let added = new
        .iter()
        .filter(|item| !old.iter().any(|other| same_name(other, item)));
    merged.extend(added.cloned());
    merged
}

fn are_named(items: &[Arc<Node>]) -> bool {
    items.iter().all(|item| name_of(item).is_some())
}

fn name_of(item: &Node) -> Option<&str> {
    item.get("name")?.scalar_text()
}

/// Names compare without case, as the service compares them.
fn same_name(one: &Node, other: &Node) -> bool {
    match (name_of(one), name_of(other)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    }
}
