//! What schemas demand of callers, or promise them.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::Value;

use super::findings::{Addresses, Entry, Findings, Impact, Places};
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

/// What is said of a failure.
pub(super) struct Worded {
    pub(super) rule: &'static str,
    pub(super) message: String,
    /// The part of the value that shows it, if it says more than the words.
    pub(super) shown: Option<String>,
    /// The whole value, as callers write it.
    pub(super) witness: Option<Value>,
    /// Whether what says the same with another value is left out.
    pub(super) is_said_once: bool,
}

/// How failures are put in words.
pub(super) trait Wording<'a> {
    fn worded(
        &self,
        location: SchemaLocation<'_>,
        failure: &InclusionFailure<'a>,
        witness: Option<Value>,
    ) -> Worded;
}

/// The words of JSON Schema.
struct JsonWording;

impl<'a> Wording<'a> for JsonWording {
    fn worded(
        &self,
        location: SchemaLocation<'_>,
        failure: &InclusionFailure<'a>,
        witness: Option<Value>,
    ) -> Worded {
        let (direction, what) = (location.direction, &failure.what);
        let is_shown = words::is_better_with_value(what);
        let shown = witness.as_ref().filter(|_| is_shown);
        Worded {
            rule: words::rule(direction, what),
            message: words::message(location.part, direction, &failure.path(), what),
            shown: shown.map(|value| failure.shown(value)),
            witness,
            is_said_once: false,
        }
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

    /// As [`Self::new`], for documents that stand for XML.
    pub(super) fn of_xml(before: &'a Value, after: &'a Value) -> Self {
        Self {
            documents: Rc::new(Documents::of_xml(before, after)),
            inclusions: BTreeMap::new(),
            reported: HashMap::new(),
        }
    }

    /// Compares something on trial: what is found then does not stand for what is found elsewhere.
    pub(super) fn apart(&mut self, compare: impl FnOnce(&mut Self)) {
        let reported = std::mem::take(&mut self.reported);
        compare(self);
        self.reported = reported;
    }

    /// Compares two schemas and all below them.
    pub(super) fn compare(
        &mut self,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        before: &'a Value,
        after: &'a Value,
    ) {
        self.compare_in(&JsonWording, findings, location, (before, after));
    }

    /// As [`Self::compare`], in other words.
    pub(super) fn compare_in(
        &mut self,
        wording: &dyn Wording<'a>,
        findings: &mut Findings,
        location: SchemaLocation<'_>,
        (before, after): (&'a Value, &'a Value),
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
        let mut said: HashMap<String, usize> = HashMap::new();
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
            let worded = wording.worded(location, failure, witness);
            let message = worded.is_said_once.then(|| worded.message.clone());
            let before = message.as_ref().and_then(|message| said.get(message));
            let position = before.copied().unwrap_or_else(|| {
                let entry = entry(location, failure, worded);
                findings.push(location.place, entry, addresses(direction, failure.origin))
            });
            said.extend(message.map(|message| (message, position)));
            known.entries.push(Reported {
                operation: location.operation,
                position,
                is_certain,
            });
        }
    }
}

/// The schemas of the old and of the new document.
fn addresses(direction: Direction, (narrow, wide): (usize, usize)) -> Addresses {
    match direction {
        Direction::Request => (Some(narrow), Some(wide)),
        Direction::Response => (Some(wide), Some(narrow)),
    }
}

fn entry<'e>(
    location: SchemaLocation<'_>,
    failure: &InclusionFailure<'_>,
    worded: Worded,
) -> Entry<'e> {
    let direction = location.direction;
    let mut message = worded.message;
    let impact = impact(direction, &failure.what, worded.witness.is_some());
    if let Some(shown) = worded.shown {
        let verb = match direction {
            Direction::Request => "was accepted",
            Direction::Response => "may be returned now",
        };
        message.push_str(&format!(": `{shown}` {verb}"));
    } else if worded.witness.is_none() && needs_witness(&failure.what) {
        message.push_str(" (no value that shows it was found)");
    }
    Entry {
        rule: worded.rule,
        impact,
        message,
        direction: Some(direction),
        sides: (None, None),
        places: Places::default(),
        witness: worded.witness,
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
