//! What schemas demand of callers, or promise them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::findings::{Entry, Findings, Impact, Places};
use super::inclusion::{Direction, Documents, Inclusion, InclusionFailure, What};
use super::location::SchemaLocation;
use super::words;

/// What stands for one failure of one pair of schemas.
type Key = (What, (usize, usize), Direction);

/// Values that are sought to show one failure at further operations, at most.
const MOST_TRIES: usize = 24;

/// Where a failure was reported.
struct Reported {
    operation: usize,
    position: usize,
    /// Whether another operation cannot show more: a value that shows it would change nothing.
    is_certain: bool,
}

/// Where one failure was reported so far.
#[derive(Default)]
struct Known {
    entries: Vec<Reported>,
    /// How often a value that shows it was sought again.
    tries: usize,
}

impl Known {
    /// Says that what was reported holds for an operation too, if that is all that there is to say: something certain
    /// was reported, or a value that shows it was sought here in vain, or often enough elsewhere.
    fn repeats(
        &mut self,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        is_unshown: bool,
    ) -> bool {
        let elsewhere = || {
            self.entries
                .iter()
                .filter(|entry| entry.operation != location.operation)
        };
        if elsewhere().next().is_none() {
            return false;
        }
        let is_certain = elsewhere().any(|entry| entry.is_certain);
        if !is_certain && !is_unshown && self.tries < MOST_TRIES {
            self.tries += 1;
            return false;
        }
        for entry in elsewhere().filter(|entry| entry.is_certain == is_certain) {
            findings.holds_for(entry.position, location.place);
        }
        true
    }
}

/// Compares schemas of two documents.
pub(super) struct Schemas<'a> {
    documents: Rc<Documents<'a>>,
    inclusions: BTreeMap<(Direction, bool), Inclusion<'a>>,
    reported: HashMap<Key, Known>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(before: &'a Value, after: &'a Value) -> Self {
        Self {
            documents: Rc::new(Documents::new(before, after)),
            inclusions: BTreeMap::new(),
            reported: HashMap::new(),
        }
    }

    /// Compares two schemas and all below them.
    pub(super) fn compare(
        &mut self,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        before: &'a Value,
        after: &'a Value,
    ) {
        if findings.is_full() {
            return;
        }
        let (direction, is_spelled) = (location.direction, location.is_spelled);
        let (narrow, wide) = match direction {
            Direction::Request => (vec![before], vec![after]),
            Direction::Response => (vec![after], vec![before]),
        };
        let documents = &self.documents;
        let inclusion = self
            .inclusions
            .entry((direction, is_spelled))
            .or_insert_with(|| Inclusion::new(Rc::clone(documents), direction, is_spelled));
        let failures = inclusion.failures(&narrow, &wide);
        let mut news = Vec::new();
        for failure in failures.iter().filter(|failure| !failure.is_silent()) {
            let key = (failure.what.clone(), failure.origin, direction);
            let known = self.reported.entry(key).or_default();
            if !known.repeats(findings, location, false) {
                news.push(failure);
            }
        }
        let witnesses = inclusion.witnesses(&narrow, &wide, &news);
        for (failure, witness) in news.into_iter().zip(witnesses) {
            // That alternatives overlap is how many descriptions are, and harms nobody by itself.
            if witness.is_none() && failure.what.is_overlap() {
                continue;
            }
            let key = (failure.what.clone(), failure.origin, direction);
            let known = self.reported.entry(key).or_default();
            let of = |is_shown| impact(direction, &failure.what, is_shown);
            let is_certain = of(witness.is_some()) == of(true);
            if !is_certain && known.repeats(findings, location, true) {
                continue;
            }
            let (one, other) = failure.origin;
            let addresses = match direction {
                Direction::Request => (Some(one), Some(other)),
                Direction::Response => (Some(other), Some(one)),
            };
            let position =
                findings.push(location.place, entry(location, failure, witness), addresses);
            known.entries.push(Reported {
                operation: location.operation,
                position,
                is_certain,
            });
        }
    }
}

fn entry<'e>(
    location: SchemaLocation<'_>,
    failure: &InclusionFailure<'_>,
    witness: Option<Value>,
) -> Entry<'e> {
    let direction = location.direction;
    let mut message = words::message(location.part, direction, &failure.path(), &failure.what);
    let impact = impact(direction, &failure.what, witness.is_some());
    let is_shown = words::is_better_with_value(&failure.what);
    if let Some(shown) = witness
        .as_ref()
        .filter(|_| is_shown)
        .map(|value| failure.shown(value))
    {
        let verb = match direction {
            Direction::Request => "was accepted",
            Direction::Response => "may be returned now",
        };
        message.push_str(&format!(": `{shown}` {verb}"));
    } else if witness.is_none() && needs_witness(&failure.what) {
        message.push_str(" (no value that shows it was found)");
    }
    Entry {
        rule: words::rule(direction, &failure.what),
        impact,
        message,
        direction: Some(direction),
        sides: (None, None),
        places: Places::default(),
        witness,
    }
}

/// Whether a break of this sort can only be claimed with a value that shows it.
fn needs_witness(what: &What) -> bool {
    !matches!(
        what,
        What::Unknown { .. }
            | What::More
            | What::Default { .. }
            | What::Hidden { .. }
            | What::Discriminator { .. }
            | What::Format { .. }
    )
}

fn impact(direction: Direction, what: &What, is_shown: bool) -> Impact {
    let needs_none = matches!(what, What::Discriminator { .. });
    if what.is_never_a_break(direction) || !(is_shown || needs_none) {
        Impact::Caution
    } else {
        Impact::Break
    }
}
