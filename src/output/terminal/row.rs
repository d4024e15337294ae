//! The row of a field: where its label and its value are.

use super::layout::columns;
use crate::output::text::escape_control_chars;

/// Columns in which a field's name is padded, at most.
const WIDEST_LABEL: usize = 40;

/// Where a field is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldRow<'a> {
    pub(super) label: &'a str,
    /// Columns of the widest label beside it.
    pub(super) label_width: usize,
    /// Columns in front of the label.
    pub(super) indent: usize,
    pub(super) place: &'a str,
    /// Most lines of a difference between texts.
    pub(super) max_lines: usize,
}

impl FieldRow<'_> {
    /// The label and the columns up to the value.
    pub(super) fn start(&self) -> String {
        let margin = " ".repeat(self.indent);
        let label = escape_control_chars(self.label);
        let gap = self.label_width.saturating_sub(columns(&label));
        format!("{margin}{label}{}  ", " ".repeat(gap))
    }

    /// The label alone.
    pub(super) fn label_only(&self) -> String {
        self.start().trim_end().to_owned()
    }
}

/// The columns of the widest label, among those that are not too wide.
pub(super) fn label_width<'a>(labels: impl Iterator<Item = &'a str>) -> usize {
    let widths = labels.map(|label| columns(&escape_control_chars(label)));
    widths
        .filter(|width| *width <= WIDEST_LABEL)
        .max()
        .unwrap_or(0)
}
