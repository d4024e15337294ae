//! What breaks, by reason: the same one in many definitions is one.

use std::collections::BTreeMap;

use crate::document::{Breaking, Impact};
use crate::model::Address;
use crate::output::joined::joined;
use crate::plan::Change;

/// Why callers break, and in which definitions.
#[derive(Debug, Clone)]
pub(in crate::output) struct Reason<'a> {
    /// The first entry with this reason.
    pub(in crate::output) breaking: Breaking,
    /// The definitions, in the order of addresses.
    pub(in crate::output) addresses: Vec<&'a Address>,
}

/// The reasons for which these changes surely break callers, the most frequent first.
pub(in crate::output) fn reasons<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
) -> Vec<Reason<'a>> {
    by_reason(changes, Impact::Break)
}

/// The reasons for which they may break some, the most frequent first.
pub(in crate::output) fn cautions<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
) -> Vec<Reason<'a>> {
    by_reason(changes, Impact::Caution)
}

fn by_reason<'a>(changes: impl IntoIterator<Item = &'a Change>, impact: Impact) -> Vec<Reason<'a>> {
    let mut positions: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut reasons: Vec<Reason<'a>> = Vec::new();
    for change in changes {
        let breaks = joined(change.breaking()).into_iter();
        for breaking in breaks.filter(|breaking| breaking.impact == impact) {
            let key = (breaking.place.clone(), breaking.message.clone());
            let position = *positions.entry(key).or_insert(reasons.len());
            if position == reasons.len() {
                reasons.push(Reason {
                    breaking,
                    addresses: Vec::new(),
                });
            }
            reasons[position].addresses.push(&change.address);
        }
    }
    for reason in &mut reasons {
        reason.addresses.sort();
        reason.addresses.dedup();
    }
    // Those in equally many stay in the order of their documents, where what was removed comes first.
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.addresses.len()));
    reasons
}
