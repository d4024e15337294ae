//! How many paths and operations were removed and added.

use std::collections::BTreeSet;

use super::paths::Paths;
use super::view::Api;
use crate::document::breaking::sum::Sum;

pub(super) fn sums<'a>(before: &Api<'a>, after: &Api<'a>) -> Vec<Sum> {
    let (mut paths, mut operations) = (Sum::of("path"), Sum::of("operation"));
    let others = Paths::of(after);
    let mut kept = BTreeSet::new();
    for (path, item) in before.paths() {
        let was = before.operations(path, item);
        let Some((other_path, other_item)) = others.find(before, path) else {
            paths.removed += usize::from(!was.is_empty());
            operations.removed += was.len();
            continue;
        };
        kept.insert(other_path);
        let now = after.operations(other_path, other_item);
        operations.removed += was
            .keys()
            .filter(|method| !now.contains_key(*method))
            .count();
        operations.added += now
            .keys()
            .filter(|method| !was.contains_key(*method))
            .count();
    }
    for (path, item) in after.paths() {
        if !kept.contains(path) {
            let now = after.operations(path, item);
            paths.added += usize::from(!now.is_empty());
            operations.added += now.len();
        }
    }
    vec![paths, operations]
}
