//! How the breaking changes of a plan are shown.

use std::collections::BTreeMap;

use super::joined::joined;
use crate::document::{Breaking, Impact};
use crate::model::{Address, counted};
use crate::plan::{Change, Plan};

/// Entries of one document that are shown where there is little room.
pub(super) const FEW_SHOWN: usize = 10;

/// What a plan breaks, by the address of the definition.
#[derive(Debug)]
pub(super) struct Breaks<'a>(BTreeMap<&'a Address, &'a [Breaking]>);

impl<'a> Breaks<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let broken = plan
            .changes
            .iter()
            .filter(|change| !change.breaking().is_empty());
        Self(
            broken
                .map(|change| (&change.address, change.breaking()))
                .collect(),
        )
    }

    /// Everything that was found, by definition.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'a Address, &[Breaking])> {
        self.0.iter().map(|(address, found)| (*address, *found))
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

/// That nobody knows what documents break, because the snapshot has none; `None` if their texts are known.
pub(super) fn unjudged_words(plan: &Plan) -> Option<String> {
    let count = plan
        .changes
        .iter()
        .filter(|change| change.is_unjudged())
        .count();
    (count > 0).then(|| {
        format!(
            "Breaking changes were not judged for {}: the snapshot has no documents. \
             `apicenter snapshot --documents` saves them.",
            counted(count, "document")
        )
    })
}

/// How many of the entries surely break.
pub(super) fn count(found: &[Breaking]) -> usize {
    found
        .iter()
        .filter(|found| found.impact == Impact::Break)
        .count()
}

/// How many parts of an API a changed document adds, such as "4 additions": of those that contain one another, the
/// smallest.
pub(super) fn additions(change: &Change) -> Option<String> {
    let added = change.sums().iter().map(|sum| sum.added).max();
    added
        .filter(|added| *added > 0)
        .map(|added| counted(added, "addition"))
}

/// The word in front of an entry.
pub(super) fn word(impact: Impact) -> &'static str {
    match impact {
        Impact::Break => "breaking",
        Impact::Caution => "caution",
    }
}

/// One entry, on one line.
pub(super) fn line(found: &Breaking) -> String {
    format!("{}: {}: {}", word(found.impact), found.place, found.message)
}

/// The first entries, each on one line, and how many more there are.
pub(super) fn lines(found: &[Breaking], most: usize) -> Vec<String> {
    let found = joined(found);
    let mut lines: Vec<String> = found.iter().take(most).map(line).collect();
    if found.len() > most {
        lines.push(more(&found, most));
    }
    lines
}

/// What is said of the entries that are not shown.
pub(super) fn more(found: &[Breaking], most: usize) -> String {
    format!("… and {} more", found.len().saturating_sub(most))
}
