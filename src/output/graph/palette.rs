//! The colours of kinds.

/// The colours of a kind: light with dark text, so that both are readable on a light and on a dark page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colors {
    /// Behind the text.
    pub(super) fill: &'static str,
    /// Around it.
    pub(super) line: &'static str,
}

/// The text in every box.
pub(super) const TEXT: &str = "#1f2328";
/// The line around a group.
pub(super) const GROUP: &str = "#8c959f";

const COLORS: [Colors; 8] = [
    of("#ddf4ff", "#0969da"),
    of("#dafbe1", "#1a7f37"),
    of("#fff8c5", "#9a6700"),
    of("#fbefff", "#8250df"),
    of("#ffeff7", "#bf3989"),
    of("#fff1e5", "#bc4c00"),
    of("#eaeef2", "#57606a"),
    of("#ccf3f0", "#0b7a75"),
];

const fn of(fill: &'static str, line: &'static str) -> Colors {
    Colors { fill, line }
}

/// The colours of the kind at this position; they start again after the last ones.
pub(super) const fn colors(position: usize) -> Colors {
    COLORS[position % COLORS.len()]
}
