//! What is known of pairs of schemas that were compared, and what that relies on.
//!
//! A pair that is reached again while it is being compared counts as included. What is found by that holds if
//! the pair turns out to be included; otherwise it is only kept where it is as bad as what was found for the pair.

use std::collections::HashMap;
use std::rc::Rc;

use super::failure::InclusionFailure;

/// The addresses of the narrow and of the wide schemas.
pub(super) type Key = (Vec<usize>, Vec<usize>);

pub(super) type Failures<'a> = Rc<Vec<InclusionFailure<'a>>>;

/// What was found, and the depth of the outermost open pair that it relies on.
pub(super) type Found<'a> = (Failures<'a>, usize);

#[derive(Default)]
pub(super) struct Memo<'a> {
    settled: HashMap<Key, Failures<'a>>,
    /// What holds if the open pairs are included.
    assumed: HashMap<Key, Found<'a>>,
    /// The keys of `assumed`, in the order in which they were found.
    order: Vec<Key>,
    /// Pairs that are being compared.
    open: HashMap<Key, Open>,
}

struct Open {
    depth: usize,
    /// Whether something relies on it.
    is_used: bool,
    /// How many pairs relied on others before.
    earlier: usize,
}

impl<'a> Memo<'a> {
    /// What is known of a pair.
    pub(super) fn find(&mut self, key: &Key) -> Option<Found<'a>> {
        if let Some(settled) = self.settled.get(key) {
            return Some((Rc::clone(settled), usize::MAX));
        }
        if let Some(open) = self.open.get_mut(key) {
            open.is_used = true;
            return Some((Rc::default(), open.depth));
        }
        let (failures, lowest) = self.assumed.get(key)?;
        Some((Rc::clone(failures), *lowest))
    }

    /// Notes that a pair is being compared.
    pub(super) fn open(&mut self, key: &Key, depth: usize) {
        let open = Open {
            depth,
            is_used: false,
            earlier: self.order.len(),
        };
        self.open.insert(key.clone(), open);
    }

    /// Notes what was found for an open pair, relying on pairs from the depth `lowest` on.
    pub(super) fn close(&mut self, key: Key, failures: Failures<'a>, lowest: usize) -> Found<'a> {
        let Some(open) = self.open.remove(&key) else {
            return (failures, lowest);
        };
        let is_settled = lowest >= open.depth;
        let own = Certainty::of(&failures);
        for inner in self.order.split_off(open.earlier) {
            let Some((found, low)) = self.assumed.remove(&inner) else {
                continue;
            };
            if open.is_used && Certainty::of(&found) < own {
                continue;
            }
            if is_settled {
                self.settled.insert(inner, found);
            } else {
                // What relied on this pair now relies on what this pair relies on.
                let low = if low >= open.depth { lowest } else { low };
                self.assumed.insert(inner.clone(), (found, low));
                self.order.push(inner);
            }
        }
        if is_settled {
            self.settled.insert(key, Rc::clone(&failures));
            return (failures, usize::MAX);
        }
        self.order.push(key.clone());
        self.assumed.insert(key, (Rc::clone(&failures), lowest));
        (failures, lowest)
    }
}

/// How certain it is that a pair is not included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Certainty {
    Included,
    Undecided,
    NotIncluded,
}

impl Certainty {
    fn of(failures: &[InclusionFailure<'_>]) -> Self {
        let of_one = |failure: &InclusionFailure<'_>| match &failure.what {
            what if what.is_undecided() => Self::Undecided,
            what if what.is_waived() => Self::Included,
            _ => Self::NotIncluded,
        };
        failures.iter().map(of_one).max().unwrap_or(Self::Included)
    }
}
