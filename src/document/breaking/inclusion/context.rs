//! What every question about schemas of two documents needs.

use std::cell::Cell;
use std::rc::Rc;

use super::branch::{Branch, Types};
use super::disjoint::Disjoint;
use super::documents::Documents;
use super::normal::Normal;
use super::sample::{Known, Sampler};
use super::side::{Direction, Side};

/// Schemas looked at, in all: about ten times what a large description has.
pub(super) const MOST_STEPS: usize = 3_000_000;

/// Values made to show failures, in all.
pub(super) const MOST_VALUES: usize = 120_000;

/// Questions to the independent validator, in all.
pub(super) const MOST_CHECKS: usize = 6000;

/// Two documents, seen in one direction.
pub(super) struct InclusionContext<'a> {
    pub(super) documents: Rc<Documents<'a>>,
    pub(super) direction: Direction,
    /// Whether numbers and the like are written as text, as in the query of a URL.
    pub(super) is_spelled: bool,
    pub(super) budget: Cell<usize>,
    /// Values that may still be made.
    pub(super) values: Cell<usize>,
    pub(super) known: Known,
    /// Questions that the independent validator may still be asked.
    pub(super) checks: Cell<usize>,
}

impl<'a> InclusionContext<'a> {
    /// The side whose values have to be accepted.
    pub(super) fn narrow(&self) -> &Side<'a> {
        self.documents.narrow(self.direction)
    }

    /// The side that has to accept them.
    pub(super) fn wide(&self) -> &Side<'a> {
        self.documents.wide(self.direction)
    }

    /// The reader of the side whose values have to be accepted.
    pub(super) fn normal_narrow(&self) -> Normal<'_, 'a> {
        Normal {
            side: self.narrow(),
            direction: self.direction,
            is_narrow: true,
            budget: &self.budget,
        }
    }

    /// The reader of the side that has to accept them.
    pub(super) fn normal_wide(&self) -> Normal<'_, 'a> {
        Normal {
            side: self.wide(),
            is_narrow: false,
            ..self.normal_narrow()
        }
    }

    pub(super) fn sampler(&self) -> Sampler<'_, 'a> {
        Sampler::new(self.normal_narrow(), &self.values, &self.known)
    }

    pub(super) fn disjoint(&self) -> Disjoint<'_, 'a> {
        Disjoint {
            narrow: self.normal_narrow(),
            wide: self.normal_wide(),
        }
    }

    /// Whether a type is written as the text of another one, which accepts any.
    pub(super) fn is_written_as(&self, missing: Types, wide: &[Branch<'a>]) -> bool {
        let scalars = Types::of("number").or(Types::of("boolean"));
        let is_free = |branch: &&Branch<'a>| {
            branch.types.has("string")
                && branch.values.is_none()
                && branch.texts.patterns.is_empty()
                && branch.texts.formats.is_empty()
                && branch.texts.length.least < 2
                && branch.texts.length.most.is_none()
                && branch.loose.is_none()
        };
        self.is_spelled
            && missing.without(scalars).is_empty()
            && wide.iter().any(|branch| is_free(&branch))
    }
}
