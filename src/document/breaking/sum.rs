//! How much of an API was removed and added.

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
