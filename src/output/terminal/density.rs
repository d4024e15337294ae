//! How much of each change is shown.

use super::document::Diffs;

/// How much of each change is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Density<'a> {
    /// Whether its fields have rows of their own.
    pub(super) has_fields: bool,
    /// Most lines of a difference between texts.
    pub(super) max_lines: usize,
    /// How documents differ.
    pub(super) diffs: &'a Diffs<'a>,
}
