//! What a plan breaks for those who call an API, as far as descriptions tell.

use std::collections::BTreeMap;

use crate::document::{Breaking, Impact, breaking};
use crate::model::Address;
use crate::plan::{Change, Plan};

/// Entries of one document that are shown.
pub(super) const MOST_SHOWN: usize = 10;

/// What the changed document of a change breaks, what surely breaks first.
///
/// Empty where nothing is replaced: for a new definition, a change that a rule forbids, and a live
/// text that was not read.
pub(super) fn of_change(change: &Change) -> Vec<Breaking> {
    let is_replaced =
        change.blocked.is_none() && change.fields.iter().any(|field| change.is_document(field));
    let text = change.text.as_ref().filter(|_| is_replaced);
    let Some((before, after)) = text.and_then(|text| Some((text.before.as_ref()?, &text.after)))
    else {
        return Vec::new();
    };
    let mut found = breaking(before, &after.text);
    found.sort_by_key(|found| found.impact != Impact::Break);
    found
}

/// What a plan breaks, by the address of the definition.
#[derive(Debug)]
pub(super) struct Breaks<'a>(BTreeMap<&'a Address, Vec<Breaking>>);

impl<'a> Breaks<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let all = plan.changes.iter();
        let all = all.map(|change| (&change.address, of_change(change)));
        Self(all.filter(|(_, found)| !found.is_empty()).collect())
    }

    /// Everything that was found, by definition.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a Address, &[Breaking])> {
        self.0
            .iter()
            .map(|(address, found)| (*address, found.as_slice()))
    }

    /// How many changes break in one definition.
    pub(super) fn count_of(&self, address: &Address) -> usize {
        self.0.get(address).map_or(0, |found| count(found))
    }

    /// How many changes break in all.
    pub(super) fn count(&self) -> usize {
        self.0.values().map(|found| count(found)).sum()
    }
}

/// How many of the entries surely break.
pub(super) fn count(found: &[Breaking]) -> usize {
    found
        .iter()
        .filter(|found| found.impact == Impact::Break)
        .count()
}

/// The word in front of an entry.
pub(super) fn word(impact: Impact) -> &'static str {
    match impact {
        Impact::Break => "breaking",
        Impact::Caution => "caution",
    }
}

/// The first entries, each on one line, and how many more there are.
pub(super) fn lines(found: &[Breaking]) -> Vec<String> {
    let mut lines: Vec<String> = found
        .iter()
        .take(MOST_SHOWN)
        .map(|found| format!("{}: {}: {}", word(found.impact), found.place, found.message))
        .collect();
    if found.len() > MOST_SHOWN {
        lines.push(more(found));
    }
    lines
}

/// What is said of the entries that are not shown.
pub(super) fn more(found: &[Breaking]) -> String {
    format!("… and {} more", found.len().saturating_sub(MOST_SHOWN))
}
