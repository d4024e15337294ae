//! References that lead nowhere: what they stand for is not compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::tree::{follow, reference, resolve};

/// What has schemas, whose references are judged where the schemas are compared.
const SCHEMAS: [&str; 4] = ["payload", "headers", "schema", "schemas"];

/// Values within one another that are looked into, at most.
const DEEPEST: usize = 64;

/// References behind one another after which they count as a circle.
const MOST_HOPS: usize = 16;

type Unread<'a> = BTreeMap<&'a str, &'a Value>;

/// Says which references of only one of the documents cannot be followed.
pub(super) fn compare<'a>(before: &'a Value, after: &'a Value, findings: &mut Findings) {
    let (was, now) = (unread(before), unread(after));
    for (reference, value) in &was {
        if !now.contains_key(reference) {
            let words = format!("{} could not be followed", subject(before, reference));
            findings.add("document", entry(words).at(Some(*value), None));
        }
    }
    for (reference, value) in &now {
        if !was.contains_key(reference) {
            let words = format!("{} cannot be followed", subject(after, reference));
            findings.add("document", entry(words).at(None, Some(*value)));
        }
    }
}

fn entry<'a>(words: String) -> Entry<'a> {
    let words = format!("{words}, so what it refers to is not compared");
    Entry::caution("schema-undecided", words)
}

/// The reference, and why it leads nowhere.
fn subject(root: &Value, reference: &str) -> String {
    let name = code(reference);
    match reference
        .strip_prefix('#')
        .map(|pointer| root.pointer(pointer))
    {
        Some(Some(_)) => format!("the reference {name}, which leads back to itself,"),
        Some(None) => format!("the reference {name}, which names nothing in the document,"),
        None => format!("the reference {name}, which leads to another document,"),
    }
}

fn unread(root: &Value) -> Unread<'_> {
    let mut found = Unread::new();
    collect(root, root, 0, &mut found);
    found
}

/// Whether a reference itself leads nowhere, or back to itself; not if one that it leads to does.
fn is_end(root: &Value, value: &Value) -> bool {
    let mut hops = std::iter::successors(Some(value), |value| follow(root, reference(value)?));
    let (next, last) = (hops.nth(1), hops.nth(MOST_HOPS));
    next.is_none() || last.is_some()
}

fn collect<'a>(root: &'a Value, value: &'a Value, depth: usize, found: &mut Unread<'a>) {
    if depth > DEEPEST {
        return;
    }
    let is_unread = |_: &&str| resolve(root, value).is_none() && is_end(root, value);
    if let Some(name) = reference(value).filter(is_unread) {
        found.entry(name).or_insert(value);
    }
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, _)| !SCHEMAS.contains(&key.as_str()))
            .for_each(|(_, value)| collect(root, value, depth + 1, found)),
        Value::Array(items) => items
            .iter()
            .for_each(|value| collect(root, value, depth + 1, found)),
        _ => {}
    }
}
