//! Which of the failures of a schema are kept.

use std::collections::HashMap;

use super::failure::{Failure, What};

/// Failures of one schema that are kept.
const MOST: usize = 24;

/// Failures of one alternative that are kept, before those of all are put together.
const MOST_OF_BRANCH: usize = 8 * MOST;

/// Places within one schema at which one failure is kept.
const MOST_PLACES: usize = 3;

/// What is said in place of failures that are not kept.
const MORE: What = What::Unknown {
    reason: "it differs in more than is listed",
};

/// The failures of a schema, up to a bound.
pub(super) struct Kept<'a> {
    list: Vec<Failure<'a>>,
    /// The first failure that is not reported.
    silent: Option<Failure<'a>>,
    places: HashMap<(What, (usize, usize)), usize>,
    most: usize,
    has_more: bool,
}

impl<'a> Kept<'a> {
    pub(super) fn of_branch(failures: Vec<Failure<'a>>) -> Self {
        let mut kept = Self {
            list: Vec::new(),
            silent: None,
            places: HashMap::new(),
            most: MOST_OF_BRANCH,
            has_more: false,
        };
        kept.extend(failures);
        kept
    }

    /// Those of a whole schema, the silent one last.
    pub(super) fn of_schema(failures: Vec<Failure<'a>>) -> Vec<Failure<'a>> {
        let mut kept = Self {
            most: MOST,
            ..Self::of_branch(Vec::new())
        };
        kept.extend(failures);
        kept.into_list()
    }

    pub(super) fn extend(&mut self, failures: impl IntoIterator<Item = Failure<'a>>) {
        failures.into_iter().for_each(|failure| self.add(failure));
    }

    fn add(&mut self, failure: Failure<'a>) {
        if failure.is_silent() {
            self.silent.get_or_insert(failure);
            return;
        }
        let places = (failure.what.clone(), failure.origin);
        let count = self.places.entry(places).or_default();
        *count += 1;
        if *count > MOST_PLACES {
            return;
        }
        self.has_more |= self.is_full();
        if !self.is_full() {
            self.list.push(failure);
        }
    }

    /// Whether nothing more is kept.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= self.most
    }

    /// Notes that something was not even looked at.
    pub(super) fn skip(&mut self) {
        self.has_more = true;
    }

    pub(super) fn into_list(self) -> Vec<Failure<'a>> {
        let mut list = self.list;
        if self.has_more {
            list.retain(|failure| failure.what != MORE);
            list.push(Failure::new(MORE, Vec::new()));
        }
        list.extend(self.silent);
        list
    }
}
