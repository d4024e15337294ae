//! What is known of pairs of schemas that were compared, and what that relies on.
//!
//! A pair that is reached again while it is being compared counts as included. What is found by that holds if
//! the pair turns out to be included. Otherwise it lacks what was found for the pair: it is used where the list
//! that the comparison began with has that too, and only if it is as bad, and is then forgotten.

use std::collections::HashMap;
use std::rc::Rc;

use super::failure::{InclusionFailure, TOO_LARGE};

/// Lists that are forgotten, in all: what follows would be compared again and again. From then on they are kept for
/// good, and say that they lack something.
const MOST_FORGOTTEN: usize = 20_000;

/// The addresses of the narrow and of the wide schemas.
pub(super) type Key = (Vec<usize>, Vec<usize>);

pub(super) type Failures<'a> = Rc<Vec<InclusionFailure<'a>>>;

/// What was found for a pair.
#[derive(Clone)]
pub(super) struct Found<'a> {
    pub(super) failures: Failures<'a>,
    pub(super) reliance: Reliance,
}

impl<'a> Found<'a> {
    pub(super) fn new(failures: Failures<'a>, reliance: Reliance) -> Self {
        Self { failures, reliance }
    }
}

/// What a result relies on.
#[derive(Clone, Copy)]
pub(super) struct Reliance {
    /// The depth of the outermost open pair that it relies on.
    lowest: usize,
    /// Whether the list may lack something that is found from elsewhere.
    is_partial: bool,
}

impl Reliance {
    pub(super) const NOTHING: Self = Self {
        lowest: usize::MAX,
        is_partial: false,
    };

    /// What was not looked at because of a limit, or not in full.
    pub(super) const PARTIAL: Self = Self {
        lowest: usize::MAX,
        is_partial: true,
    };

    fn open(depth: usize) -> Self {
        Self {
            lowest: depth,
            is_partial: false,
        }
    }

    /// Relies on another result as well.
    pub(super) fn add(&mut self, other: Self) {
        self.lowest = self.lowest.min(other.lowest);
        self.is_partial |= other.is_partial;
    }
}

#[derive(Default)]
pub(super) struct Memo<'a> {
    settled: HashMap<Key, Failures<'a>>,
    /// What holds if the open pairs are included.
    assumed: HashMap<Key, Found<'a>>,
    /// The keys of `assumed`, in the order in which they were found.
    order: Vec<Key>,
    /// Lists that may lack something, for as long as any pair is open.
    partial: HashMap<Key, Failures<'a>>,
    /// The keys of `partial`, in the order in which they were found.
    partial_order: Vec<Key>,
    /// Pairs that are being compared.
    open: HashMap<Key, Open>,
    /// How many lists were forgotten because they may lack something.
    forgotten: usize,
}

struct Open {
    depth: usize,
    /// Whether something relies on it.
    is_used: bool,
    /// How many pairs relied on others before.
    earlier: usize,
}

/// How much was known at some time.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    assumed: usize,
    partial: usize,
}

impl<'a> Memo<'a> {
    /// What is known of a pair.
    pub(super) fn find(&mut self, key: &Key) -> Option<Found<'a>> {
        if let Some(settled) = self.settled.get(key) {
            return Some(Found::new(Rc::clone(settled), Reliance::NOTHING));
        }
        if let Some(open) = self.open.get_mut(key) {
            open.is_used = true;
            return Some(Found::new(Rc::default(), Reliance::open(open.depth)));
        }
        if let Some(partial) = self.partial.get(key) {
            return Some(Found::new(Rc::clone(partial), Reliance::PARTIAL));
        }
        self.assumed.get(key).cloned()
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

    /// Notes what was found for an open pair.
    pub(super) fn close(&mut self, key: Key, mut found: Found<'a>) -> Found<'a> {
        let Some(open) = self.open.remove(&key) else {
            return found;
        };
        let lowest = found.reliance.lowest;
        let is_settled = lowest >= open.depth;
        let own = Certainty::of(&found.failures);
        let is_disproved = open.is_used && found.failures.iter().any(|found| !found.is_silent());
        for inner in self.order.split_off(open.earlier) {
            let Some(mut assumed) = self.assumed.remove(&inner) else {
                continue;
            };
            if open.is_used && Certainty::of(&assumed.failures) < own {
                continue;
            }
            // What was found for this pair is not in the list of the inner one.
            assumed.reliance.is_partial |= is_disproved;
            if is_settled {
                self.settle(inner, &assumed);
            } else {
                // What relied on this pair now relies on what this pair relies on.
                if assumed.reliance.lowest >= open.depth {
                    assumed.reliance.lowest = lowest;
                }
                self.order.push(inner.clone());
                self.assumed.insert(inner, assumed);
            }
        }
        if self.open.is_empty() {
            // Seen from here, nothing is missing.
            found.reliance.is_partial = false;
        }
        if is_settled {
            found.reliance.lowest = usize::MAX;
            self.settle(key, &found);
        } else {
            self.order.push(key.clone());
            self.assumed.insert(key, found.clone());
        }
        if self.open.is_empty() {
            self.forgotten += self.partial.len();
            self.partial.clear();
            self.partial_order.clear();
        }
        found
    }

    fn settle(&mut self, key: Key, found: &Found<'a>) {
        let mut failures = Rc::clone(&found.failures);
        if found.reliance.is_partial {
            if self.forgotten < MOST_FORGOTTEN {
                self.partial_order.push(key.clone());
                self.partial.insert(key, failures);
                return;
            }
            // It is said once that something may be missing: all limits have one place.
            Rc::make_mut(&mut failures).push(InclusionFailure::of_limit(TOO_LARGE));
        }
        self.settled.insert(key, failures);
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            assumed: self.order.len(),
            partial: self.partial_order.len(),
        }
    }

    /// Forgets lists that may lack something and were found since then. What they lack was found as well, and is
    /// not used.
    pub(super) fn forget_partial(&mut self, since: Mark) {
        if self.forgotten >= MOST_FORGOTTEN {
            return;
        }
        for key in self.partial_order.split_off(since.partial) {
            self.forgotten += 1;
            self.partial.remove(&key);
        }
        for key in self.order.split_off(since.assumed) {
            let is_partial = |found: &Found<'a>| found.reliance.is_partial;
            if self.assumed.get(&key).is_some_and(is_partial) {
                self.forgotten += 1;
                self.assumed.remove(&key);
            } else {
                self.order.push(key);
            }
        }
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
