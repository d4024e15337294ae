//! Which of the failures of a schema are kept.

use std::collections::HashMap;

use super::failure::{InclusionFailure, What};

/// Failures of one schema that are kept.
const MOST: usize = 24;

/// Failures of one alternative that are kept, before those of all are put together.
const MOST_OF_BRANCH: usize = 8 * MOST;

/// Places within one schema at which one failure is kept.
const MOST_PLACES: usize = 3;

/// What is said in place of failures that are not kept.
const MORE: &str = "it differs in more than is listed";

/// The failures of a schema, up to a bound. What is undecided makes room for what is certain.
pub(super) struct Kept<'a> {
    /// At most as many of both sorts as are kept of all.
    list: Vec<InclusionFailure<'a>>,
    certain: usize,
    undecided: usize,
    /// The first failure that is not reported.
    silent: Option<InclusionFailure<'a>>,
    places: HashMap<(What, (usize, usize)), usize>,
    most: usize,
    has_more: bool,
}

impl<'a> Kept<'a> {
    pub(super) fn of_branch(failures: Vec<InclusionFailure<'a>>) -> Self {
        let mut kept = Self {
            list: Vec::new(),
            certain: 0,
            undecided: 0,
            silent: None,
            places: HashMap::new(),
            most: MOST_OF_BRANCH,
            has_more: false,
        };
        kept.extend(failures);
        kept
    }

    /// Those of a whole schema, the silent one last.
    pub(super) fn of_schema(failures: Vec<InclusionFailure<'a>>) -> Vec<InclusionFailure<'a>> {
        let mut kept = Self {
            most: MOST,
            ..Self::of_branch(Vec::new())
        };
        kept.extend(failures);
        kept.into_list()
    }

    pub(super) fn extend(&mut self, failures: impl IntoIterator<Item = InclusionFailure<'a>>) {
        failures.into_iter().for_each(|failure| self.add(failure));
    }

    fn add(&mut self, failure: InclusionFailure<'a>) {
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
        let count = match failure.what.is_undecided() {
            true => &mut self.undecided,
            false => &mut self.certain,
        };
        if *count < self.most {
            *count += 1;
            self.list.push(failure);
        } else {
            self.has_more = true;
        }
    }

    /// Whether nothing more is kept.
    pub(super) fn is_full(&self) -> bool {
        self.certain >= self.most
    }

    /// Notes that something was not even looked at.
    pub(super) fn skip(&mut self) {
        self.has_more = true;
    }

    pub(super) fn into_list(self) -> Vec<InclusionFailure<'a>> {
        let is_over = self.list.len() > self.most;
        let mut room = self.most.saturating_sub(self.certain);
        let mut list = self.list;
        list.retain(|failure| {
            let is_kept = !failure.what.is_undecided() || room > 0;
            room -= usize::from(is_kept && failure.what.is_undecided());
            is_kept
        });
        if self.has_more || is_over {
            let more = InclusionFailure::of_limit(MORE);
            list.retain(|failure| failure.what != more.what);
            list.push(more);
        }
        list.extend(self.silent);
        list
    }
}
