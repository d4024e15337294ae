//! Where in the files a place of the bundle comes from, and where two documents differ first.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde_json::Value;

use super::json_places::json_places;
use super::reference::{below, push, splits, steps};
use crate::document::{content, digest, yaml_text};
use crate::model::{Diagnostics, DocumentPart, SourceId, Span};
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
        let yaml = yaml_text::read_yaml(&text);
        Some(yaml.only_root()?.to_json())
    })
}

/// Whether two trees mean the same: the order of keys and the notation of numbers do not matter.
pub(in crate::document) fn is_same(before: &Value, after: &Value) -> bool {
    !differs(before, after, &mut String::new())
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
    places_of(parts, &[pointer]).into_iter().next().flatten()
}

/// The places of several pointers; each file is read once.
#[must_use]
pub fn places_of(parts: &[DocumentPart], pointers: &[&str]) -> Vec<Option<Span>> {
    let mut inner: Vec<Option<(usize, String)>> = Vec::new();
    for pointer in pointers {
        let found = parts
            .iter()
            .enumerate()
            .filter_map(|(i, part)| Some((i, part, below(pointer, &part.at)?)));
        let nearest = found.max_by_key(|(_, part, _)| part.at.len());
        inner.push(nearest.map(|(i, part, rest)| (i, format!("{}{rest}", part.pointer))));
    }
    let mut by_file: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
    for (at, found) in inner.iter().enumerate() {
        if let Some((part, _)) = found {
            by_file.entry(parts[*part].source).or_default().push(at);
        }
    }
    let mut places = vec![None; pointers.len()];
    for (source, positions) in by_file {
        let wanted = |at: usize| inner[at].as_ref().map_or("", |(_, pointer)| pointer);
        let of_file = || parts.iter().find(|part| part.source == source);
        let text = of_file().map_or("", |part| &*part.text);
        let pointers: Vec<&str> = positions.iter().map(|at| wanted(*at)).collect();
        for (at, place) in positions.iter().zip(places_in(source, text, &pointers)) {
            places[*at] = Some(place);
        }
    }
    places
}

/// The places of pointers into one file, or of what is around them.
fn places_in(source: SourceId, text: &str, pointers: &[&str]) -> Vec<Span> {
    let wanted: HashSet<&str> = pointers
        .iter()
        .flat_map(|pointer| splits(pointer).map(|(above, _)| above))
        .collect();
    if let Some(found) = json_places(text, &wanted) {
        let place = |pointer: &&str| {
            let around = splits(pointer).find_map(|(above, _)| found.get(above));
            let place = around.cloned().unwrap_or(0..0);
            Span {
                source,
                start: place.start,
                end: place.end,
            }
        };
        return pointers.iter().map(place).collect();
    }
    let mut problems = Diagnostics::default();
    let documents = yaml::parse(source, text, &mut problems);
    let root = documents.into_iter().find_map(|document| document.root);
    let start = Span {
        source,
        start: 0,
        end: 0,
    };
    let place = |pointer: &&str| root.as_ref().map_or(start, |root| span_at(root, pointer));
    pointers.iter().map(place).collect()
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
    let yaml = yaml_text::read_yaml(text);
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
