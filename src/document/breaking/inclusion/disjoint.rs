//! Whether no value is accepted by two schemas.

use serde_json::Value;

use super::branch::{Branch, Types, equal, is_nothing};
use super::normal::Normal;
use super::scalars::are_numbers_disjoint;

/// Properties within properties that are looked at.
const DEEPEST: usize = 3;

/// The normal forms of both sides.
pub(super) struct Disjoint<'s, 'a> {
    pub(super) narrow: Normal<'s, 'a>,
    pub(super) wide: Normal<'s, 'a>,
}

impl<'a> Disjoint<'_, 'a> {
    /// Whether no value of a type of the branch is accepted by the schema of the wide side.
    pub(super) fn of(&self, narrow: &Branch<'a>, kind: &'static str, wide: &'a Value) -> bool {
        let others = self.wide.union(&[wide]);
        others
            .iter()
            .all(|other| self.branches(narrow, other, Types::of(kind), 0))
    }

    fn branches(&self, narrow: &Branch<'a>, wide: &Branch<'a>, among: Types, depth: usize) -> bool {
        let types = narrow.types.and(wide.types).and(among);
        if types.is_empty() {
            return true;
        }
        if let (Some(one), Some(other)) = (&narrow.values, &wide.values) {
            return !one
                .iter()
                .any(|value| other.iter().any(|other| equal(value, other)));
        }
        types.each().all(|kind| match kind {
            "number" => are_numbers_disjoint(narrow, wide),
            "string" => {
                let mut length = narrow.texts.length;
                length.meet(wide.texts.length);
                length.is_empty()
            }
            "array" => {
                let mut count = narrow.lists.count;
                count.meet(wide.lists.count);
                count.is_empty()
            }
            "object" => self.objects(narrow, wide, depth),
            _ => false,
        })
    }

    fn objects(&self, narrow: &Branch<'a>, wide: &Branch<'a>, depth: usize) -> bool {
        let (own, other) = (&narrow.objects, &wide.objects);
        own.required.union(&other.required).any(|name| {
            let (mine, theirs) = (own.property(name), other.property(name));
            if is_nothing(&mine) || is_nothing(&theirs) {
                return true;
            }
            if depth >= DEEPEST || mine.is_empty() || theirs.is_empty() {
                return false;
            }
            let (mine, theirs) = (self.narrow.union(&mine), self.wide.union(&theirs));
            mine.iter().all(|one| {
                theirs
                    .iter()
                    .all(|other| self.branches(one, other, Types::ALL, depth + 1))
            })
        })
    }
}
