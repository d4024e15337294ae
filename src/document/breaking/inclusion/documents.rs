//! Two documents, as both directions see them.

use serde_json::Value;

use super::branch::is_anything;
use super::fingerprint::Fingerprints;
use super::side::{Dialect, Direction, Side};
use crate::document::breaking::tree::items;

pub(crate) struct Documents<'a> {
    /// Whether both stand for XML, whose readers fill in defaults themselves.
    pub(super) is_xml: bool,
    before: (Side<'a>, Fingerprints<'a>),
    after: (Side<'a>, Fingerprints<'a>),
}

impl<'a> Documents<'a> {
    pub(crate) fn of_xml(before: &'a Value, after: &'a Value) -> Self {
        Self {
            is_xml: true,
            ..Self::new(before, after)
        }
    }

    pub(crate) fn new(before: &'a Value, after: &'a Value) -> Self {
        let (before, after) = (Side::of(before), Side::of(after));
        let (one, other) = Fingerprints::of(&before, &after);
        Self {
            is_xml: false,
            before: (before, one),
            after: (after, other),
        }
    }

    pub(super) fn narrow(&self, direction: Direction) -> &Side<'a> {
        match direction {
            Direction::Request => &self.before.0,
            Direction::Response => &self.after.0,
        }
    }

    pub(super) fn wide(&self, direction: Direction) -> &Side<'a> {
        match direction {
            Direction::Request => &self.after.0,
            Direction::Response => &self.before.0,
        }
    }

    /// Schemas with references and wrappers resolved.
    pub(super) fn cores(side: &Side<'a>, all: &[&'a Value]) -> Vec<&'a Value> {
        let cores = all.iter().map(|schema| core(side, schema));
        cores.filter(|schema| !is_anything(schema)).collect()
    }

    /// Whether schemas of the narrow and of the wide side say the same in the same words.
    pub(super) fn are_same(
        &self,
        direction: Direction,
        narrow: &[&'a Value],
        wide: &[&'a Value],
    ) -> bool {
        let numbers = |(side, prints): &(Side<'a>, Fingerprints<'a>), all: &[&'a Value]| {
            let all = all.iter().filter(|schema| !is_anything(schema));
            let all: Option<Vec<u64>> = all
                .map(|schema| prints.schema(core(side, schema)))
                .collect();
            all.map(|mut all| {
                all.sort_unstable();
                all.dedup();
                all
            })
        };
        let (narrow_side, wide_side) = match direction {
            Direction::Request => (&self.before, &self.after),
            Direction::Response => (&self.after, &self.before),
        };
        let own = numbers(narrow_side, narrow);
        own.is_some() && own == numbers(wide_side, wide)
    }
}

/// What a schema that only refers to another one, or only wraps it, stands for.
fn core<'a>(side: &Side<'a>, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..16 {
        let is_alone = schema.as_object().is_some_and(|map| map.len() == 1);
        let target = side.target(schema).and_then(|(_, target)| target);
        let is_reference = target.is_some() && (is_alone || side.dialect == Dialect::OpenApi);
        let mut parts = items(schema, "allOf");
        let only = parts.next().filter(|_| parts.next().is_none() && is_alone);
        match (target.filter(|_| is_reference), only) {
            (Some(next), _) | (None, Some(next)) => schema = next,
            _ => break,
        }
    }
    schema
}
