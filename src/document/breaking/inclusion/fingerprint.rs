//! Whether schemas of the two documents are the same text, with all that they refer to.
//!
//! Most schemas of a changed description did not change. They are equal whatever keywords they use, and
//! comparing two numbers is much faster than comparing what they mean.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use super::side::{Dialect, Side};
use crate::document::breaking::tree::{address, text};

/// Steps after which targets of references count as different.
const MOST_STEPS: usize = 4_000_000;

/// References behind one another that are distinguished, at most.
const LONGEST_CHAIN: usize = 250;

/// What says nothing about values.
const ANNOTATIONS: [&str; 15] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "deprecated",
    "externalDocs",
    "xml",
    "$comment",
    "$anchor",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "definitions",
    "$defs",
];

/// Numbers that stand for the schemas of one document.
pub(super) struct Fingerprints<'a> {
    side: Dialect,
    /// By reference.
    targets: HashMap<&'a str, u64>,
    known: RefCell<HashMap<usize, u64>>,
    is_reliable: bool,
}

/// The target of a reference: itself without what it refers to, and that.
struct Target<'a> {
    reference: &'a str,
    local: u64,
    refers_to: Vec<usize>,
}

impl<'a> Fingerprints<'a> {
    /// Those of two documents, which can be compared with each other.
    pub(super) fn of(one: &Side<'a>, other: &Side<'a>) -> (Self, Self) {
        let targets = [one, other].map(targets);
        let mut colours = [&targets[0], &targets[1]]
            .map(|all| all.iter().map(|target| target.local).collect::<Vec<u64>>());
        let size: usize = targets
            .iter()
            .flatten()
            .map(|target| target.refers_to.len() + 1)
            .sum();
        let mut left = LONGEST_CHAIN.min(MOST_STEPS / size.max(1));
        let mut distinct = 0;
        loop {
            let all: HashSet<u64> = colours.iter().flatten().copied().collect();
            if all.len() <= distinct || left == 0 {
                break;
            }
            distinct = all.len();
            left -= 1;
            colours = [0, 1].map(|side| refine(&targets[side], &colours[side]));
        }
        let named = |side: usize| {
            targets[side]
                .iter()
                .zip(&colours[side])
                .map(|(target, colour)| (target.reference, *colour))
                .collect()
        };
        let (first, second) = (named(0), named(1));
        let new = |side: &Side<'a>, targets| Self {
            side: side.dialect,
            targets,
            known: RefCell::default(),
            is_reliable: left > 0,
        };
        (new(one, first), new(other, second))
    }

    /// The number of a schema; `None` if it cannot be compared.
    pub(super) fn schema(&self, schema: &'a Value) -> Option<u64> {
        self.is_reliable.then(|| self.known_or_read(schema))
    }

    fn known_or_read(&self, schema: &'a Value) -> u64 {
        let at = address(schema);
        if let Some(known) = self.known.borrow().get(&at) {
            return *known;
        }
        let mut walk = Walk {
            dialect: self.side,
            reference: |name: &'a str| self.targets.get(name).copied().unwrap_or_default(),
            below: |schema: &'a Value| self.known_or_read(schema),
        };
        let found = walk.schema(schema);
        self.known.borrow_mut().insert(at, found);
        found
    }
}

fn refine(targets: &[Target<'_>], colours: &[u64]) -> Vec<u64> {
    let colour = |target: &Target<'_>| {
        let mut hasher = DefaultHasher::new();
        target.local.hash(&mut hasher);
        for other in &target.refers_to {
            colours[*other].hash(&mut hasher);
        }
        hasher.finish()
    };
    targets.iter().map(colour).collect()
}

/// Everything that references of a document refer to.
fn targets<'a>(side: &Side<'a>) -> Vec<Target<'a>> {
    let mut references = BTreeSet::new();
    collect(side.root, &mut references);
    let positions: HashMap<&str, usize> = references
        .iter()
        .enumerate()
        .map(|(at, reference)| (*reference, at))
        .collect();
    let target = |reference: &'a str| {
        let Some(schema) = side.follow(reference) else {
            return Target {
                reference,
                local: hash(&("elsewhere", reference)),
                refers_to: Vec::new(),
            };
        };
        let mut refers_to = Vec::new();
        let local = local(side.dialect, schema, &mut refers_to);
        Target {
            reference,
            local,
            refers_to: refers_to
                .iter()
                .filter_map(|name| positions.get(name).copied())
                .collect(),
        }
    };
    references
        .iter()
        .map(|reference| target(reference))
        .collect()
}

fn local<'a>(dialect: Dialect, schema: &'a Value, refers_to: &mut Vec<&'a str>) -> u64 {
    let found = RefCell::new(refers_to);
    fn read<'a>(dialect: Dialect, schema: &'a Value, found: &RefCell<&mut Vec<&'a str>>) -> u64 {
        let mut walk = Walk {
            dialect,
            reference: |name: &'a str| {
                found.borrow_mut().push(name);
                7
            },
            below: |schema: &'a Value| read(dialect, schema, found),
        };
        walk.schema(schema)
    }
    read(dialect, schema, &found)
}

fn collect<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    for key in ["$ref", "$dynamicRef"] {
        found.extend(text(value, key));
    }
    match value {
        Value::Object(map) => map.values().for_each(|value| collect(value, found)),
        Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Reads one schema; those below it and those it refers to are read by the functions.
struct Walk<R, B> {
    dialect: Dialect,
    reference: R,
    below: B,
}

impl<'a, R: FnMut(&'a str) -> u64, B: FnMut(&'a Value) -> u64> Walk<R, B> {
    fn schema(&mut self, schema: &'a Value) -> u64 {
        let Value::Object(map) = schema else {
            return data(schema);
        };
        if self.dialect == Dialect::OpenApi
            && let Some(reference) = text(schema, "$ref")
        {
            return hash(&("$ref", (self.reference)(reference)));
        }
        let mut keys: Vec<(&'a str, &'a Value)> = map
            .iter()
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        keys.retain(|(key, _)| {
            !ANNOTATIONS.contains(key) && !key.starts_with("x-") || *key == "x-nullable"
        });
        keys.sort_unstable_by_key(|(key, _)| *key);
        let mut parts = Vec::with_capacity(keys.len());
        for (key, value) in keys {
            parts.push((key, self.keyword(key, value)));
        }
        let is_plain = !parts.iter().any(|(key, _)| {
            matches!(
                *key,
                "exclusiveMinimum" | "exclusiveMaximum" | "nullable" | "x-nullable"
            )
        });
        hash(&(is_plain || self.dialect == Dialect::JsonSchema, parts))
    }

    fn keyword(&mut self, key: &'a str, value: &'a Value) -> u64 {
        match (key, value) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => (self.reference)(reference),
            // Names of properties, or values: no keywords.
            ("enum" | "const" | "default" | "dependentRequired", _) => data(value),
            ("required", Value::Array(names)) => {
                let names: BTreeSet<u64> = names.iter().map(data).collect();
                hash(&names)
            }
            (
                "properties" | "patternProperties" | "dependentSchemas" | "dependencies",
                Value::Object(map),
            ) => {
                let mut all: Vec<(&str, &'a Value)> = map
                    .iter()
                    .map(|(name, value)| (name.as_str(), value))
                    .collect();
                all.sort_unstable_by_key(|(name, _)| *name);
                let all: Vec<(&str, u64)> = all
                    .into_iter()
                    .map(|(name, value)| (name, (self.below)(value)))
                    .collect();
                hash(&all)
            }
            (_, Value::Array(all)) => {
                let all: Vec<u64> = all.iter().map(|value| (self.below)(value)).collect();
                hash(&all)
            }
            ("discriminator", _) => data(value),
            (_, Value::Object(_)) => (self.below)(value),
            (_, value) => data(value),
        }
    }
}

/// A value, whatever the order of its keys.
fn data(value: &Value) -> u64 {
    match value {
        Value::Object(map) => {
            let mut all: Vec<(&str, u64)> = map
                .iter()
                .map(|(key, value)| (key.as_str(), data(value)))
                .collect();
            all.sort_unstable();
            hash(&("object", all))
        }
        Value::Array(items) => hash(&("list", items.iter().map(data).collect::<Vec<u64>>())),
        other => hash(&other.to_string()),
    }
}
