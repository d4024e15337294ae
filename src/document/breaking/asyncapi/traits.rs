//! What the traits of operations and messages add to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use crate::document::breaking::tree::{address, entries, items, resolve, text};

/// Values that are made of several, in all.
const MOST_VALUES: usize = 1_000_000;

/// Objects within one another that are merged, at most.
const DEEPEST: usize = 32;

/// Fields that several of a message or operation and its traits have, merged.
#[derive(Default)]
pub(super) struct Traits {
    merged: BTreeMap<(usize, String), Value>,
    /// Where what was merged comes from, by address.
    pub(super) origins: HashMap<usize, usize>,
    /// Whether there was too much to merge.
    pub(super) is_cut: bool,
}

/// The fields of a message or operation, with those of its traits.
pub(super) type Fields<'a> = BTreeMap<&'a str, &'a Value>;

/// Whether a document is of version 2, whose traits come before what they are applied to.
pub(super) fn is_old(root: &Value) -> bool {
    match root.get("asyncapi") {
        Some(Value::Number(number)) => number.as_f64().is_some_and(|number| number < 3.0),
        _ => text(root, "asyncapi").is_some_and(|version| version.starts_with(['1', '2'])),
    }
}

impl Traits {
    pub(super) fn of(root: &Value) -> Self {
        let mut traits = Self::default();
        let mut left = MOST_VALUES;
        let mut seen = BTreeSet::new();
        for holder in holders(root) {
            let at = address(holder);
            if holder.get("traits").is_none() || !seen.insert(at) {
                continue;
            }
            let layers = layers(root, holder);
            let names: BTreeSet<&str> = layers
                .iter()
                .filter_map(|layer| layer.as_object())
                .flat_map(|map| map.keys().map(String::as_str))
                .filter(|name| *name != "traits")
                .collect();
            for name in names {
                let values = objects(root, &layers, name);
                if values.len() < 2 {
                    continue;
                }
                let Some(value) = merged(&values, &mut left) else {
                    traits.is_cut = true;
                    return traits;
                };
                traits.merged.insert((at, name.to_owned()), value);
            }
        }
        traits.trace(root);
        traits
    }

    /// Remembers where what was merged comes from, now that it stays where it is.
    fn trace(&mut self, root: &Value) {
        for holder in holders(root) {
            let layers = layers(root, holder);
            let own = (address(holder), String::new())..=(address(holder), "\u{10ffff}".to_owned());
            for ((_, name), value) in self.merged.range(own) {
                origins(value, &objects(root, &layers, name), &mut self.origins);
            }
        }
    }

    /// What a message or operation says, itself or by its traits.
    pub(super) fn fields<'a>(&'a self, root: &'a Value, holder: &'a Value) -> Fields<'a> {
        let mut fields = Fields::new();
        for layer in layers(root, holder) {
            for (name, value) in layer.as_object().into_iter().flatten() {
                fields.insert(name, value);
            }
        }
        // As the patches of JSON have it.
        fields.retain(|_, value| !value.is_null());
        let at = address(holder);
        for (name, value) in &mut fields {
            if let Some(merged) = self.merged.get(&(at, (*name).to_owned())) {
                *value = merged;
            }
        }
        fields
    }
}

/// Everything that may have traits.
fn holders(root: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let components = root.get("components").unwrap_or(&Value::Null);
    for (from, key) in [(root, "channels"), (components, "channels")] {
        for channel in entries(from, key).filter_map(|(_, channel)| resolve(root, channel)) {
            for operation in ["publish", "subscribe"].map(|key| channel.get(key)) {
                let Some(operation) = operation else { continue };
                found.push(operation);
                found.extend(operation.get("message"));
                found.extend(
                    operation
                        .get("message")
                        .into_iter()
                        .flat_map(|all| items(all, "oneOf")),
                );
            }
            found.extend(entries(channel, "messages").map(|(_, message)| message));
        }
    }
    for (from, key) in [
        (root, "operations"),
        (components, "operations"),
        (components, "messages"),
    ] {
        found.extend(entries(from, key).map(|(_, value)| value));
    }
    found
        .into_iter()
        .filter_map(|value| resolve(root, value))
        .collect()
}

/// A message or operation and its traits, the one that has the last word last.
fn layers<'a>(root: &'a Value, holder: &'a Value) -> Vec<&'a Value> {
    let mut layers: Vec<&Value> = items(holder, "traits")
        .filter_map(|layer| resolve(root, layer))
        .collect();
    // In version 3, a trait overrides nothing.
    let at = if is_old(root) { 0 } else { layers.len() };
    layers.insert(at, holder);
    layers
}

/// The objects that the layers have below a key, since the last value that replaces what was before.
fn objects<'a>(root: &'a Value, layers: &[&'a Value], name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for value in layers.iter().filter_map(|layer| layer.get(name)) {
        let value = resolve(root, value).unwrap_or(value);
        if !value.is_object() {
            found.clear();
        }
        found.push(value);
    }
    found
}

fn merged(values: &[&Value], left: &mut usize) -> Option<Value> {
    let mut merged = Value::Null;
    for value in values {
        *left = left.checked_sub(count(value))?;
        patch(&mut merged, value, 0);
    }
    Some(merged)
}

fn count(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.values().map(count).sum::<usize>() + 1,
        Value::Array(items) => items.iter().map(count).sum::<usize>() + 1,
        _ => 1,
    }
}

/// JSON Merge Patch, which does not look into lists.
fn patch(target: &mut Value, value: &Value, depth: usize) {
    let Value::Object(changes) = value else {
        *target = value.clone();
        return;
    };
    if !target.is_object() || depth > DEEPEST {
        *target = Value::Object(Map::new());
    }
    let Some(map) = target.as_object_mut() else {
        return;
    };
    for (key, change) in changes {
        if change.is_null() {
            map.shift_remove(key);
        } else {
            patch(
                map.entry(key.clone()).or_insert(Value::Null),
                change,
                depth + 1,
            );
        }
    }
}

/// For each value that was merged, the last of those that it was merged from.
fn origins(value: &Value, from: &[&Value], found: &mut HashMap<usize, usize>) {
    let Some(last) = from.last() else { return };
    found.insert(address(value), address(last));
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let below: Vec<&Value> = from.iter().filter_map(|value| value.get(key)).collect();
                origins(inner, &below, found);
            }
        }
        Value::Array(items) => {
            for (at, inner) in items.iter().enumerate() {
                let below: Vec<&Value> = last.get(at).into_iter().collect();
                origins(inner, &below, found);
            }
        }
        _ => {}
    }
}
