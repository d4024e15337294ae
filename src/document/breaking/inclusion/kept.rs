//! Which of the failures of a schema are kept.

use std::collections::HashMap;

use super::failure::{InclusionFailure, What};
use super::side::Direction;

/// Failures of one schema that are kept.
const MOST: usize = 24;

/// Failures of one alternative that are kept, before those of all are put together.
const MOST_OF_BRANCH: usize = 8 * MOST;

/// Places within one schema at which one failure is kept.
const MOST_PLACES: usize = 3;

/// The failures of a schema, up to a bound. What is a caution anyway makes room for what may be a break.
pub(super) struct Kept<'a> {
    /// At most as many of both sorts as are kept of all.
    list: Vec<InclusionFailure<'a>>,
    breaks: usize,
    cautions: usize,
    /// The first failure that is not reported.
    silent: Option<InclusionFailure<'a>>,
    /// The first that says that a schema below differs in more.
    more_below: Option<InclusionFailure<'a>>,
    places: HashMap<(What, (usize, usize)), usize>,
    most: usize,
    direction: Direction,
    has_more: bool,
}

impl<'a> Kept<'a> {
    pub(super) fn of_branch(failures: Vec<InclusionFailure<'a>>, direction: Direction) -> Self {
        let mut kept = Self {
            list: Vec::new(),
            breaks: 0,
            cautions: 0,
            silent: None,
            more_below: None,
            places: HashMap::new(),
            most: MOST_OF_BRANCH,
            direction,
            has_more: false,
        };
        kept.extend(failures);
        kept
    }

    /// Those of a whole schema, the silent one last.
    pub(super) fn of_schema(
        failures: Vec<InclusionFailure<'a>>,
        direction: Direction,
    ) -> Vec<InclusionFailure<'a>> {
        let mut kept = Self {
            most: MOST,
            ..Self::of_branch(Vec::new(), direction)
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
        if failure.what == What::More {
            self.more_below.get_or_insert(failure);
            return;
        }
        let places = (failure.what.clone(), failure.origin);
        let count = self.places.entry(places).or_default();
        *count += 1;
        if *count > MOST_PLACES {
            return;
        }
        let count = match failure.what.is_never_a_break(self.direction) {
            true => &mut self.cautions,
            false => &mut self.breaks,
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
        self.breaks >= self.most
    }

    /// Notes that something was not even looked at.
    pub(super) fn skip(&mut self) {
        self.has_more = true;
    }

    pub(super) fn into_list(self) -> Vec<InclusionFailure<'a>> {
        let is_over = self.list.len() > self.most;
        let mut room = self.most.saturating_sub(self.breaks);
        let mut list = self.list;
        list.retain(|failure| {
            let is_caution = failure.what.is_never_a_break(self.direction);
            let is_kept = !is_caution || room > 0;
            room -= usize::from(is_kept && is_caution);
            is_kept
        });
        if self.has_more || is_over {
            list.push(InclusionFailure::new(What::More, Vec::new()));
        } else {
            list.extend(self.more_below);
        }
        list.extend(self.silent);
        list
    }
}
