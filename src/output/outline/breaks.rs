//! What breaks, by reason: the same one in many definitions is one.

use std::collections::BTreeMap;

use crate::document::{Breaking, Impact};
use crate::model::Address;
use crate::plan::Change;

/// Why callers break, and in which definitions.
#[derive(Debug, Clone)]
pub(in crate::output) struct Reason<'a> {
    /// The first entry with this reason.
    pub(in crate::output) breaking: &'a Breaking,
    /// The definitions, in the order of addresses.
    pub(in crate::output) addresses: Vec<&'a Address>,
}

/// The reasons for which these changes surely break callers, the most frequent first.
pub(in crate::output) fn reasons<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
) -> Vec<Reason<'a>> {
    let mut found: BTreeMap<(&str, &str), Reason<'a>> = BTreeMap::new();
    for change in changes {
        let breaks = change.breaking().iter();
        for breaking in breaks.filter(|breaking| breaking.impact == Impact::Break) {
            let key = (breaking.place.as_str(), breaking.message.as_str());
            let addresses = Vec::new();
            let reason = found.entry(key).or_insert(Reason {
                breaking,
                addresses,
            });
            reason.addresses.push(&change.address);
        }
    }
    let mut reasons: Vec<Reason<'a>> = found.into_values().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.addresses.len()));
    reasons
}
