//! What was found, up to a bound.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::inclusion::Direction;
use super::pointers::Pointers;
use super::sum::Sum;
use super::text_range::TextRange;
use super::tree::address;

/// Findings after which nothing more is looked for. Nobody reads a thousand.
const MOST_FINDINGS: usize = 1000;

/// Longest name that is shown whole, in characters.
const LONGEST_NAME: usize = 80;

/// How sure it is that callers break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// A caller that keeps to the old description fails, or may fail.
    Break,
    /// It depends on the caller: a response may contain a value that was not there before, or the address
    /// is another one.
    Caution,
}

/// One thing that callers may rely on and that is no longer so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking {
    /// Where, in words: `GET /orders/{id}`, `type Order`.
    pub place: String,
    /// What is no longer so, in one line. Names are between backticks.
    pub message: String,
    /// Whether it breaks, or may.
    pub impact: Impact,
    /// The rule that found it; such names do not change.
    pub rule: &'static str,
    /// `request` or `response`, where only one of them is concerned.
    pub direction: Option<&'static str>,
    /// The method and the path of an operation.
    pub operation: Option<(String, String)>,
    /// Other operations that are concerned too.
    pub other_operations: Vec<String>,
    /// What is concerned in the old description.
    pub before: Option<DocumentPlace>,
    /// What is concerned in the new description.
    pub after: Option<DocumentPlace>,
    /// What is around that in the new description, if it is no longer there and the old pointer does not lead there.
    pub around: Option<DocumentPlace>,
    /// A value that shows it: the one side accepts it, the other refuses it.
    pub witness: Option<Value>,
}

impl Breaking {
    /// Whether it is about one of several values or alternatives, of which each has a finding.
    #[must_use]
    pub fn is_about_one_of_many(&self) -> bool {
        matches!(self.rule, "schema-values" | "schema-alternative")
    }
}

/// A place in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentPlace {
    /// A JSON pointer into a tree.
    Pointer(String),
    /// A part of a text that is not a tree.
    Text(TextRange),
}

impl DocumentPlace {
    /// The JSON pointer, if it is one.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Pointer(pointer) => Some(pointer),
            Self::Text(_) => None,
        }
    }
}

/// Where a finding is in both documents, for formats whose readers know.
#[derive(Default, Clone)]
pub(super) struct Places {
    before: Option<DocumentPlace>,
    after: Option<DocumentPlace>,
    around: Option<DocumentPlace>,
}

impl Places {
    pub(super) fn changed(before: &DocumentPlace, after: &DocumentPlace) -> Self {
        Self {
            before: Some(before.clone()),
            after: Some(after.clone()),
            around: None,
        }
    }

    /// What is only in the old document, and what was around it, as far as that is still there.
    pub(super) fn removed(before: &DocumentPlace, around: Option<&DocumentPlace>) -> Self {
        Self {
            before: Some(before.clone()),
            after: None,
            around: around.cloned(),
        }
    }

    pub(super) fn added(after: &DocumentPlace) -> Self {
        Self {
            after: Some(after.clone()),
            ..Self::default()
        }
    }
}

/// What is said of a finding besides where it is.
pub(super) struct Entry<'a> {
    pub(super) rule: &'static str,
    pub(super) impact: Impact,
    pub(super) message: String,
    pub(super) direction: Option<Direction>,
    /// What is concerned in the old and in the new document.
    pub(super) sides: (Option<&'a Value>, Option<&'a Value>),
    /// The same, if it is known already.
    pub(super) places: Places,
    pub(super) witness: Option<Value>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            rule,
            impact: Impact::Break,
            message: message.into(),
            direction: None,
            sides: (None, None),
            places: Places::default(),
            witness: None,
        }
    }

    pub(super) fn caution(rule: &'static str, message: impl Into<String>) -> Self {
        Self::of(Impact::Caution, rule, message)
    }

    pub(super) fn of(impact: Impact, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            impact,
            ..Self::new(rule, message)
        }
    }

    pub(super) fn at(self, before: Option<&'a Value>, after: Option<&'a Value>) -> Self {
        Self {
            sides: (before, after),
            ..self
        }
    }

    pub(super) fn within(self, places: Places) -> Self {
        Self { places, ..self }
    }

    pub(super) fn towards(self, direction: Direction) -> Self {
        Self {
            direction: Some(direction),
            ..self
        }
    }
}

/// What stands for values of both documents until the end.
pub(super) type Addresses = (Option<usize>, Option<usize>);

#[derive(Default)]
pub(super) struct Findings {
    /// How many parts of the API were removed and added.
    pub(super) sums: Vec<Sum>,
    list: Vec<(Breaking, Addresses)>,
    others: Vec<BTreeSet<String>>,
}

impl Findings {
    /// Adds an entry and returns its number, which nothing has if the list is full.
    pub(super) fn add(&mut self, place: &str, entry: Entry<'_>) -> usize {
        let addresses = addresses(&entry);
        self.push(place, entry, addresses)
    }

    /// Adds an entry, or says of an equal one that it holds for this operation too.
    pub(super) fn add_shared(&mut self, place: &str, entry: Entry<'_>) {
        let addresses = addresses(&entry);
        self.push_shared(place, entry, addresses);
    }

    /// As [`Self::add_shared`], for values that are known by their addresses.
    pub(super) fn push_shared(&mut self, place: &str, entry: Entry<'_>, addresses: Addresses) {
        let is_same = |found: &Breaking| found.rule == entry.rule && found.message == entry.message;
        let known = self.list.iter().position(|(found, _)| is_same(found));
        match known {
            Some(position) => self.holds_for(position, place),
            None => {
                self.push(place, entry, addresses);
            }
        }
    }

    /// As [`Self::add`], for values that are known by their addresses.
    pub(super) fn push(&mut self, place: &str, entry: Entry<'_>, addresses: Addresses) -> usize {
        let position = self.list.len();
        if !self.is_full() {
            let found = Breaking {
                place: place.to_owned(),
                message: entry.message,
                impact: entry.impact,
                rule: entry.rule,
                direction: entry.direction.map(|direction| match direction {
                    Direction::Request => "request",
                    Direction::Response => "response",
                }),
                operation: operation(place),
                other_operations: Vec::new(),
                before: entry.places.before,
                after: entry.places.after,
                around: entry.places.around,
                witness: entry.witness,
            };
            self.list.push((found, addresses));
            self.others.push(BTreeSet::new());
        }
        position
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Turns the entries from a number on into cautions, for a reason.
    pub(super) fn soften(&mut self, from: usize, reason: &str) {
        for (found, _) in self.list.iter_mut().skip(from) {
            found.impact = Impact::Caution;
            found.message.push_str(&format!(" ({reason})"));
        }
    }

    /// Says which values of the documents the values are made of that the entries are about.
    pub(super) fn come_from(
        &mut self,
        before: &HashMap<usize, usize>,
        after: &HashMap<usize, usize>,
    ) {
        let known = |origins: &HashMap<usize, usize>, at: Option<usize>| {
            at.map(|at| origins.get(&at).copied().unwrap_or(at))
        };
        for (_, (one, other)) in &mut self.list {
            (*one, *other) = (known(before, *one), known(after, *other));
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST_FINDINGS
    }

    /// Says that an entry holds for another operation too.
    pub(super) fn holds_for(&mut self, position: usize, place: &str) {
        let is_own = self
            .list
            .get(position)
            .is_some_and(|(found, _)| found.place == place);
        if let Some(others) = self.others.get_mut(position).filter(|_| !is_own) {
            others.insert(place.to_owned());
        }
    }

    /// Says which operations an entry is about, where that is not in its words.
    pub(super) fn lists(&mut self, position: usize, operations: impl IntoIterator<Item = String>) {
        if let Some((found, _)) = self.list.get_mut(position) {
            found.other_operations.extend(operations);
        }
    }

    /// Looks up where in the documents the entries are.
    pub(super) fn locate(&mut self, before: &Value, after: &Value) {
        let all = |side: fn(&Addresses) -> Option<usize>| {
            let addresses: HashSet<usize> = self
                .list
                .iter()
                .filter_map(|(_, both)| side(both))
                .collect();
            addresses
        };
        let before = Pointers::of(before, all(|both| both.0));
        let after = Pointers::of(after, all(|both| both.1));
        let place =
            |pointers: &Pointers, address| pointers.get(address).map(DocumentPlace::Pointer);
        self.locate_by(
            |address| place(&before, address),
            |address| place(&after, address),
        );
    }

    /// Looks up where the entries are, by what stands for that.
    pub(super) fn locate_by(
        &mut self,
        before: impl Fn(usize) -> Option<DocumentPlace>,
        after: impl Fn(usize) -> Option<DocumentPlace>,
    ) {
        for (found, (one, other)) in &mut self.list {
            found.before = one.and_then(&before).or(found.before.take());
            found.after = other.and_then(&after).or(found.after.take());
        }
    }

    /// Each entry once: several media types often share one schema.
    pub(super) fn into_list(self) -> Vec<Breaking> {
        let mut seen = HashSet::new();
        let mut list = Vec::new();
        for ((mut found, addresses), others) in self.list.into_iter().zip(self.others) {
            let key = (found.place.clone(), found.message.clone());
            // Names that are cut may look alike.
            let is_cut = found.message.contains('…');
            if !seen.insert((key, is_cut.then_some(addresses))) {
                continue;
            }
            match others.len() {
                0 => {}
                1 => found.message.push_str(" (and in 1 more operation)"),
                many => found
                    .message
                    .push_str(&format!(" (and in {many} more operations)")),
            }
            found.other_operations.extend(others);
            list.push(found);
        }
        list
    }
}

/// What stands for the values that an entry is about.
fn addresses(entry: &Entry<'_>) -> Addresses {
    (entry.sides.0.map(address), entry.sides.1.map(address))
}

/// The method and the path of a place that is an operation, or a path.
fn operation(place: &str) -> Option<(String, String)> {
    let (method, path) = place.split_once(' ')?;
    // The rest of the place of a callback.
    let path = path.split(": callback `").next()?;
    let is_operation = path.starts_with('/') && !method.contains(|c: char| c.is_ascii_lowercase());
    is_operation.then(|| (method.to_owned(), path.to_owned()))
}

/// A name from a document, on one line and between backticks.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", plain(name))
}

/// A name from a document, on one line and not too long.
pub(super) fn plain(name: &str) -> String {
    let name = line(name);
    let mut chars = name.chars();
    let mut out: String = chars.by_ref().take(LONGEST_NAME).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// A name from a document, whole and on one line.
pub(super) fn line(name: &str) -> String {
    let is_odd = |c: char| c.is_control() || c == '`';
    name.replace(is_odd, "\u{fffd}")
}

/// Names in a row, at most five of them.
pub(super) fn codes<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const FEW: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(FEW).map(|name| code(name)).collect();
    match names.len().saturating_sub(FEW) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
