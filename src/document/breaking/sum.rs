//! How much of an API was removed and added.

use std::collections::BTreeMap;

/// How many of something were removed and added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// What is counted, in the singular: `path`.
    pub noun: &'static str,
    /// How many are only in the old description.
    pub removed: usize,
    /// How many are only in the new one.
    pub added: usize,
}

impl Sum {
    pub(super) fn of(noun: &'static str) -> Self {
        Self {
            noun,
            removed: 0,
            added: 0,
        }
    }

    /// Whether some were removed or added.
    pub(crate) fn is_changed(&self) -> bool {
        self.removed + self.added > 0
    }

    /// Adds what only one of two maps has.
    pub(super) fn count<K: Ord, V, W>(&mut self, before: &BTreeMap<K, V>, after: &BTreeMap<K, W>) {
        self.removed += before.keys().filter(|key| !after.contains_key(key)).count();
        self.added += after.keys().filter(|key| !before.contains_key(key)).count();
    }
}
