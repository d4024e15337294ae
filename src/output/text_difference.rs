//! How a text of the project changes, as other tools show it.

use super::styles::{added, faint, removed, strong};
use super::text::{Text, styled};
use crate::document::{DiffLineKind, DiffOptions, unified_diff};

/// The lines of a file that change, as a unified diff.
#[must_use]
pub fn text_difference(path: &str, before: &str, after: &str) -> Text {
    let options = DiffOptions {
        max_lines: usize::MAX,
        ..DiffOptions::default()
    };
    let mut out = Text::default();
    out.push(strong(format!("--- {path}")));
    out.push(strong(format!("+++ {path}")));
    for line in unified_diff(before, after, options).lines {
        let text = line.text;
        match line.kind {
            DiffLineKind::Context => out.push(format!(" {text}")),
            DiffLineKind::Added => out.push(added(format!("+{text}"))),
            DiffLineKind::Removed => out.push(removed(format!("-{text}"))),
            DiffLineKind::Hunk | DiffLineKind::Note => out.push(styled![faint(text)]),
        }
    }
    out
}
