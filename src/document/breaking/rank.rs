//! Which findings come first.

use super::findings::{Breaking, Impact};
use super::rules::weight;

/// The findings with what surely breaks first, then by the weight of their rules, then by how many operations are
/// concerned.
pub(super) fn ranked(mut found: Vec<Breaking>) -> Vec<Breaking> {
    found.sort_by_cached_key(|found| {
        (
            found.impact != Impact::Break,
            weight(found.rule),
            std::cmp::Reverse(found.other_operations.len()),
        )
    });
    found
}
