//! What a schema demands of callers, or promises them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::findings::{Findings, plain};
use super::flat_schema::FlatSchema;
use super::location::{Direction, SchemaLocation, SchemaPath};
use super::rules;
use super::tree::{reference, resolve};

/// Schemas within one another, at most; real ones stay below thirty.
const DEEPEST: usize = 64;

/// Schemas looked at, in all: about ten times what a large description has.
const MOST_STEPS: usize = 500_000;

/// Two schemas that appear in several places are compared once.
struct Seen {
    operation: usize,
    /// The entries that came of it.
    found: std::ops::Range<usize>,
    is_shared: bool,
}

/// Compares schemas of two documents.
pub(super) struct Schemas<'a> {
    before: &'a Value,
    after: &'a Value,
    seen: BTreeMap<(usize, usize, Direction), Seen>,
    steps: usize,
}

/// One schema of each document, and the way to it from where the comparison began.
struct Pair<'v> {
    path: String,
    before: &'v Value,
    after: &'v Value,
    depth: usize,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(before: &'a Value, after: &'a Value) -> Self {
        Self {
            before,
            after,
            seen: BTreeMap::new(),
            steps: MOST_STEPS,
        }
    }

    /// Compares two schemas and all below them.
    pub(super) fn compare<'v>(
        &mut self,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        before: &'v Value,
        after: &'v Value,
    ) where
        'a: 'v,
    {
        let pair = Pair {
            path: String::new(),
            before,
            after,
            depth: 0,
        };
        self.pair(findings, location, &pair);
    }

    /// Says of entries that they hold for more operations than the one that they name.
    pub(super) fn finish(self, findings: &mut Findings) {
        let shared = self.seen.into_values().filter(|seen| seen.is_shared);
        let positions: BTreeSet<usize> = shared.flat_map(|seen| seen.found).collect();
        for position in positions {
            findings.append(position, " (in other operations too)");
        }
    }

    fn pair<'v>(&mut self, findings: &mut Findings, location: SchemaLocation<'_>, pair: &Pair<'v>)
    where
        'a: 'v,
    {
        if self.steps == 0 || pair.depth > DEEPEST || findings.is_full() {
            return;
        }
        if is_leaf(pair.before) && pair.before == pair.after {
            // Most schemas of most changes, and much faster than to look at each keyword.
            return;
        }
        let key = match (reference(pair.before), reference(pair.after)) {
            (Some(_), Some(_)) => {
                let before = resolve(self.before, pair.before);
                let after = resolve(self.after, pair.after);
                let (Some(before), Some(after)) = (before, after) else {
                    return;
                };
                Some((address(before), address(after), location.direction))
            }
            _ => None,
        };
        if let Some(seen) = key.and_then(|key| self.seen.get_mut(&key)) {
            seen.is_shared |= seen.operation != location.operation;
            return;
        }
        let start = findings.len();
        if let Some(key) = key {
            let seen = Seen {
                operation: location.operation,
                found: start..start,
                is_shared: false,
            };
            self.seen.insert(key, seen);
        }
        self.compare_flat(findings, location, pair);
        if let Some(seen) = key.and_then(|key| self.seen.get_mut(&key)) {
            seen.found = start..findings.len();
        }
    }

    fn compare_flat<'v>(
        &mut self,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        pair: &Pair<'v>,
    ) where
        'a: 'v,
    {
        let before = FlatSchema::of(self.before, pair.before, &mut self.steps);
        let after = FlatSchema::of(self.after, pair.after, &mut self.steps);
        let schema = SchemaPath {
            location,
            path: &pair.path,
        };
        if !rules::types(findings, &schema, &before, &after) {
            return;
        }
        rules::format(findings, &schema, &before, &after);
        rules::values(findings, &schema, &before, &after);
        if location.direction == Direction::Request {
            rules::bounds(findings, &schema, &before, &after);
        }
        rules::alternatives(findings, &schema, &before, &after);
        rules::properties(findings, &schema, &before, &after);
        let below = |step: &str| format!("{}{step}", pair.path);
        let mut next = Vec::new();
        for (name, property) in &before.properties {
            if let Some(other) = after.properties.get(name) {
                let dot = if pair.path.is_empty() { "" } else { "." };
                next.push((below(&format!("{dot}{}", plain(name))), *property, *other));
            }
        }
        if let (Some(one), Some(other)) = (before.items, after.items) {
            next.push((below("[]"), one, other));
        }
        if let (Some(one @ Value::Object(_)), Some(other @ Value::Object(_))) =
            (before.more, after.more)
        {
            next.push((below("{}"), one, other));
        }
        next.extend(
            rules::same_alternatives(&before, &after)
                .map(|(one, other)| (pair.path.clone(), one, other)),
        );
        for (path, before, after) in next {
            let pair = Pair {
                path,
                before,
                after,
                depth: pair.depth + 1,
            };
            self.pair(findings, location, &pair);
        }
    }
}

/// Whether a schema holds no other and refers to none.
fn is_leaf(schema: &Value) -> bool {
    let map = schema.as_object();
    let is_nested = |value: &Value| value.is_object() || value.is_array();
    map.is_some_and(|map| !map.values().any(is_nested)) && reference(schema).is_none()
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}
