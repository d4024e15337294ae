//! Choices that two types have in common.
//!
//! A type with many choices has too many alternatives to list. A choice that both descriptions have need not be listed:
//! whatever is taken of it, was taken before and is taken now.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What a name in the projection begins with that stands for a choice.
pub(super) const GROUP: char = '?';

/// The choices of the global declarations of one description.
#[derive(Default)]
pub(super) struct Choices {
    /// The declaration that is being read.
    current: Cell<usize>,
    /// What each one has.
    met: RefCell<BTreeMap<usize, BTreeSet<u64>>>,
    /// Those that have too many alternatives.
    cut: RefCell<BTreeSet<usize>>,
    /// What need not be listed.
    kept: BTreeMap<usize, BTreeSet<u64>>,
}

impl Choices {
    /// Notes which declaration is read from now on.
    pub(super) fn begin(&self, number: usize) {
        self.current.set(number);
    }

    /// Notes a choice; says whether it need not be listed.
    pub(super) fn meet(&self, print: u64) -> bool {
        let current = self.current.get();
        self.met
            .borrow_mut()
            .entry(current)
            .or_default()
            .insert(print);
        let kept = self.kept.get(&current);
        kept.is_some_and(|kept| kept.contains(&print))
    }

    /// Notes that the declaration has too many alternatives.
    pub(super) fn are_too_many(&self) {
        self.cut.borrow_mut().insert(self.current.get());
    }

    /// For declarations that are the same in both descriptions: keeps the choices of those with too many alternatives.
    /// Says whether there are any.
    pub(super) fn keep(before: &mut Self, after: &mut Self, pairs: &[(usize, usize)]) -> bool {
        for (one, other) in pairs {
            let is_cut = before.cut.get_mut().contains(one) || after.cut.get_mut().contains(other);
            let both = (
                before.met.get_mut().get(one),
                after.met.get_mut().get(other),
            );
            let (Some(was), Some(now), true) = (both.0, both.1, is_cut) else {
                continue;
            };
            let shared: BTreeSet<u64> = was.intersection(now).copied().collect();
            if !shared.is_empty() {
                before.kept.insert(*one, shared.clone());
                after.kept.insert(*other, shared);
            }
        }
        !before.kept.is_empty()
    }
}
