//! Values that a schema accepts, as far as its normal form shows.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::branch::{All, Branch, is_nothing};
use super::failure::{InclusionFailure, SchemaStep, Way};
use super::normal::Normal;
use crate::document::breaking::tree::address;

/// Values within values, at most.
const DEEPEST: usize = 10;

/// Schemas for which one sampler makes values, at most.
const MOST_MADE: usize = 12_000;

/// Schemas whose values are kept, at most.
const MOST_KNOWN: usize = 20_000;

/// Most values of one schema.
const MOST: usize = 12;

/// Items or properties that are made to reach a minimum, at most.
const MOST_PARTS: u64 = 600;

/// Makes values of the schemas of one document.
pub(super) struct Sampler<'s, 'a> {
    pub(super) normal: Normal<'s, 'a>,
    /// Values that may still be made.
    left: Cell<usize>,
    /// Values that may still be made in all.
    budget: &'s Cell<usize>,
    known: &'s Known,
}

/// Values that were made, by the addresses of the schemas.
pub(super) type Known = RefCell<HashMap<Vec<usize>, Vec<Value>>>;

impl<'s, 'a> Sampler<'s, 'a> {
    pub(super) fn new(normal: Normal<'s, 'a>, budget: &'s Cell<usize>, known: &'s Known) -> Self {
        Self {
            normal,
            left: Cell::new(MOST_MADE),
            budget,
            known,
        }
    }

    /// Values that all the schemas accept.
    pub(super) fn of(&self, schemas: &All<'a>, depth: usize) -> Vec<Value> {
        let key: Vec<usize> = schemas.iter().map(|schema| address(schema)).collect();
        if let Some(known) = self.known.borrow().get(&key).filter(|_| depth > 0) {
            return known.clone();
        }
        let (left, budget) = (self.left.get(), self.budget.get());
        if depth > DEEPEST || left == 0 || budget == 0 || is_nothing(schemas) {
            return Vec::new();
        }
        self.left.set(left - 1);
        self.budget.set(budget - 1);
        let mut all = Vec::new();
        for branch in self.normal.union(schemas) {
            let few = if depth == 0 { MOST } else { 4 };
            all.extend(self.of_branch(&branch, depth).into_iter().take(few));
        }
        all.truncate(4 * MOST);
        if depth > 0 && !all.is_empty() && self.known.borrow().len() < MOST_KNOWN {
            self.known.borrow_mut().insert(key, all.clone());
        }
        all
    }

    pub(super) fn of_branch(&self, branch: &Branch<'a>, depth: usize) -> Vec<Value> {
        if let Some(values) = &branch.values {
            return values
                .iter()
                .take(MOST)
                .map(|value| (*value).clone())
                .collect();
        }
        // What shows most comes first: the types in turn, each with its first value.
        let kinds = ["string", "number", "object", "array", "boolean", "null"];
        let mut each: Vec<Vec<Value>> = kinds
            .into_iter()
            .filter(|kind| branch.types.has(kind))
            .map(|kind| self.of_type(branch, kind, depth))
            .collect();
        let mut all = Vec::new();
        while all.len() < 4 * MOST && each.iter().any(|values| !values.is_empty()) {
            for values in &mut each {
                if !values.is_empty() {
                    all.push(values.remove(0));
                }
            }
        }
        all
    }

    /// Values of one type.
    pub(super) fn of_type(&self, branch: &Branch<'a>, kind: &str, depth: usize) -> Vec<Value> {
        if let Some(values) = &branch.values {
            let of_kind = values
                .iter()
                .filter(|value| super::branch::Types::of_value(value).has(kind));
            return of_kind.take(MOST).map(|value| (*value).clone()).collect();
        }
        match kind {
            "null" => vec![Value::Null],
            "boolean" => vec![Value::Bool(true), Value::Bool(false)],
            "number" => branch.numbers.samples(&[]),
            "string" => branch
                .texts
                .samples()
                .into_iter()
                .map(Value::String)
                .collect(),
            "array" => self.lists(branch, depth),
            _ => self.objects(branch, depth),
        }
    }

    fn lists(&self, branch: &Branch<'a>, depth: usize) -> Vec<Value> {
        let least = branch.lists.count.least;
        let mut lengths = vec![least, least.saturating_add(1), least.saturating_add(2)];
        if let Some(most) = branch.lists.count.most {
            lengths.retain(|length| *length <= most);
        }
        let lists = lengths
            .into_iter()
            .filter_map(|length| self.list(branch, length, None, depth));
        lists.collect()
    }

    /// A list of a length, with a given item at a position.
    pub(super) fn list(
        &self,
        branch: &Branch<'a>,
        length: u64,
        given: Option<(usize, &Value)>,
        depth: usize,
    ) -> Option<Value> {
        if length > MOST_PARTS {
            return None;
        }
        let mut all: Vec<Value> = Vec::new();
        for at in 0..usize::try_from(length).ok()? {
            if let Some((position, value)) = given
                && position == at
            {
                all.push(value.clone());
                continue;
            }
            let mut schemas = branch.lists.item(Some(at));
            // Enough that match what has to be in the list.
            let mut needed =
                branch.lists.contains.iter().filter(|contains| {
                    contains.count.least > u64::try_from(at).unwrap_or(u64::MAX)
                });
            schemas.extend(needed.next().map(|contains| contains.schema));
            let mut samples = self.of(&schemas, depth + 1);
            if branch.lists.is_unique {
                let is_given = |value: &Value| given.is_some_and(|(_, given)| given == value);
                samples.retain(|sample| !all.contains(sample) && !is_given(sample));
                if samples.is_empty() && branch.lists.item(Some(at)).is_empty() {
                    samples.push(json!(format!("item {at}")));
                }
            }
            all.push(samples.into_iter().next()?);
        }
        Some(Value::Array(all))
    }

    fn objects(&self, branch: &Branch<'a>, depth: usize) -> Vec<Value> {
        let mut all: Vec<Value> = self.object(branch, None, depth).into_iter().collect();
        let Some(Value::Object(least)) = all.first().cloned() else {
            return all;
        };
        let mut full = least;
        for name in branch.objects.declared() {
            let is_full = branch
                .objects
                .count
                .most
                .is_some_and(|most| u64::try_from(full.len()).unwrap_or(u64::MAX) >= most);
            if is_full
                || full.len() > 12
                || full.contains_key(name)
                || branch.objects.hidden.contains(name)
            {
                continue;
            }
            let sample = self
                .of(&branch.objects.property(name), depth + 2)
                .into_iter()
                .next();
            if let Some(value) = sample {
                full.insert(name.to_owned(), value);
            }
        }
        let full = Value::Object(full);
        if all[0] != full {
            all.push(full);
        }
        all
    }

    /// An object with what is required, and a given property.
    pub(super) fn object(
        &self,
        branch: &Branch<'a>,
        given: Option<(&str, &Value)>,
        depth: usize,
    ) -> Option<Value> {
        let objects = &branch.objects;
        let mut map = Map::new();
        if let Some((name, value)) = given {
            map.insert(name.to_owned(), value.clone());
        }
        for name in &objects.required {
            if !map.contains_key(*name) {
                let sample = self
                    .of(&objects.property(name), depth + 1)
                    .into_iter()
                    .next()?;
                map.insert((*name).to_owned(), sample);
            }
        }
        let optional = objects
            .declared()
            .filter(|name| !objects.hidden.contains(name));
        let free = (1..=MOST_PARTS).map(|n| format!("key{n}"));
        let named = self.of_names(branch);
        let names = optional.map(str::to_owned).chain(named).chain(free);
        for name in names {
            if u64::try_from(map.len()).ok()? >= objects.count.least {
                break;
            }
            if !map.contains_key(&name) {
                let sample = self
                    .of(&objects.property(&name), depth + 1)
                    .into_iter()
                    .next();
                if let Some(value) = sample {
                    map.insert(name, value);
                }
            }
        }
        (u64::try_from(map.len()).ok()? >= objects.count.least).then_some(Value::Object(map))
    }

    /// Names that a property may have, where that is restricted.
    fn of_names(&self, branch: &Branch<'a>) -> Vec<String> {
        let patterns = branch.objects.patterns();
        let mut names: Vec<String> = patterns.iter().filter_map(|p| name_for(p)).collect();
        if !branch.objects.names.is_empty() {
            let all = self.of(&branch.objects.names, 1);
            names.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        names
    }

    /// Values of the schema that may show a failure below it, each made when it is asked for.
    pub(super) fn witnesses(&self, failure: &InclusionFailure<'a>) -> impl Iterator<Item = Value> {
        let candidates = failure.candidates.iter().take(MOST);
        candidates.filter_map(|value| self.wrap(failure.way.as_deref(), value))
    }

    fn wrap(&self, way: Option<&Way<'a>>, value: &Value) -> Option<Value> {
        let Some(way) = way else {
            return Some(value.clone());
        };
        let value = self.wrap(way.next.as_deref(), value)?;
        let branch = &*way.within;
        match &way.step {
            SchemaStep::Property(name) | SchemaStep::Anything(name) => {
                self.object(branch, Some((name, &value)), 0)
            }
            SchemaStep::Item(at) => {
                let at = at.unwrap_or(branch.lists.named_positions());
                let least = branch.lists.count.least.max(u64::try_from(at).ok()? + 1);
                self.list(branch, least, Some((at, &value)), 0)
            }
        }
    }
}

/// A name of a property that matches a pattern.
pub(super) fn name_for(pattern: &str) -> Option<String> {
    let texts = super::branch::Texts {
        patterns: std::iter::once(pattern).collect(),
        ..super::branch::Texts::default()
    };
    texts.samples().into_iter().find(|name| !name.is_empty())
}
