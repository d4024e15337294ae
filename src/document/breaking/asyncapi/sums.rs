//! How many channels and operations were removed and added.

use super::view::Api;
use crate::document::breaking::sum::Sum;

/// Counts what has no pair. The operations of removed channels have none either.
pub(super) fn sums(
    before: &Api<'_>,
    after: &Api<'_>,
    channels: &[Option<usize>],
    operations: &[Option<usize>],
) -> Vec<Sum> {
    let kept = channels.iter().flatten().count();
    let channels = Sum {
        noun: "channel",
        removed: before.channels.len() - kept,
        added: after.channels.len() - kept,
    };
    let kept = operations.iter().flatten().count();
    let operations = Sum {
        noun: "operation",
        removed: before.operations.len() - kept,
        added: after.operations.len() - kept,
    };
    vec![channels, operations]
}
