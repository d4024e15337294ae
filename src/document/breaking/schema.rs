//! What schemas demand of callers, or promise them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::findings::{Entry, Findings, Impact};
use super::inclusion::{Direction, Documents, Failure, Inclusion, What};
use super::location::SchemaLocation;
use super::words;

/// What stands for one failure of one pair of schemas.
type Key = (What, (usize, usize), Direction);

/// Where a failure was reported.
struct Reported {
    operation: usize,
    position: usize,
}

/// Compares schemas of two documents.
pub(super) struct Schemas<'a> {
    documents: Rc<Documents<'a>>,
    inclusions: BTreeMap<(Direction, bool), Inclusion<'a>>,
    reported: HashMap<Key, Vec<Reported>>,
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
            if known
                .iter()
                .any(|known| known.operation != location.operation)
            {
                for known in known.iter() {
                    findings.holds_for(known.position, location.place);
                }
                continue;
            }
            news.push(failure);
        }
        let witnesses = inclusion.witnesses(&narrow, &wide, &news);
        for (failure, witness) in news.into_iter().zip(witnesses) {
            // That alternatives overlap is how many descriptions are, and harms nobody by itself.
            if witness.is_none() && failure.what.is_overlap() {
                continue;
            }
            let (one, other) = failure.origin;
            let addresses = match direction {
                Direction::Request => (Some(one), Some(other)),
                Direction::Response => (Some(other), Some(one)),
            };
            let position =
                findings.push(location.place, entry(location, failure, witness), addresses);
            let key = (failure.what.clone(), failure.origin, direction);
            self.reported.entry(key).or_default().push(Reported {
                operation: location.operation,
                position,
            });
        }
    }
}

fn entry<'e>(
    location: SchemaLocation<'_>,
    failure: &Failure<'_>,
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
        witness,
    }
}

/// Whether a break of this sort can only be claimed with a value that shows it.
fn needs_witness(what: &What) -> bool {
    !matches!(
        what,
        What::Unknown { .. }
            | What::Default { .. }
            | What::Hidden { .. }
            | What::Discriminator { .. }
            | What::Format { .. }
    )
}

fn impact(direction: Direction, what: &What, is_shown: bool) -> Impact {
    let is_response = direction == Direction::Response;
    let is_caution = match what {
        What::Unknown { .. } | What::Default { .. } | What::Hidden { .. } => true,
        What::Discriminator { .. } => false,
        // Whether formats are checked depends on the service, whether more values are understood on callers.
        What::Format { narrow: None, .. } => true,
        What::Values { .. } | What::Closed { .. } if is_response => true,
        _ => !is_shown,
    };
    if is_caution {
        Impact::Caution
    } else {
        Impact::Break
    }
}
