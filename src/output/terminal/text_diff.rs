//! Differences between texts, line by line.

use super::layout::cut_around_difference;
use super::layout::cut_end;
use super::view::PlanView;
use crate::document::{Diff, DiffLine, DiffLineKind};
use crate::output::styles::{added, changed, faint, location, removed};
use crate::output::text::{Text, escape_control_chars, styled};

/// Adds the lines of a difference.
pub(super) fn push_diff(out: &mut Text, view: &PlanView<'_>, diff: &Diff, indent: usize) {
    let margin = " ".repeat(indent);
    let texts: Vec<String> = diff.lines.iter().map(|line| spread(&line.text)).collect();
    let shown = fitting(&diff.lines, &texts, view, indent);
    if diff.omitted > 0 || shown != texts {
        out.mark_cut();
    }
    for (line, text) in diff.lines.iter().zip(shown) {
        let text = match line.kind {
            DiffLineKind::Context => format!("  {text}").into(),
            DiffLineKind::Added => added(format!("+ {text}")),
            DiffLineKind::Removed => removed(format!("- {text}")),
            DiffLineKind::Hunk => location(text),
            DiffLineKind::Note => changed(text),
        };
        out.push(styled![margin.as_str(), text].trim_end());
    }
    if diff.omitted > 0 && !diff.lines.is_empty() {
        let text = format!(
            "{margin}… {} more lines differ (in all {} added, {} removed)",
            diff.omitted, diff.added, diff.removed
        );
        out.push(faint(text));
    }
}

/// The texts of lines, cut to the width so that what differs stays in sight.
fn fitting(
    lines: &[DiffLine],
    texts: &[String],
    view: &PlanView<'_>,
    indent: usize,
) -> Vec<String> {
    if view.shows_all() {
        return texts.to_vec();
    }
    let room = view.width.saturating_sub(indent + 2).max(1);
    let fit = |(i, text): (usize, &String)| match counterpart(lines, i) {
        Some(other) => cut_around_difference(text, &texts[other], room).0,
        None => cut_end(text, room),
    };
    texts.iter().enumerate().map(fit).collect()
}

/// The line that an added or removed one is compared with: the one at the same position among its neighbours of the
/// other sign.
fn counterpart(lines: &[DiffLine], i: usize) -> Option<usize> {
    let is = |at: usize, kind| lines.get(at).is_some_and(|line| line.kind == kind);
    let (own, other) = match lines[i].kind {
        DiffLineKind::Removed => (DiffLineKind::Removed, DiffLineKind::Added),
        DiffLineKind::Added => (DiffLineKind::Added, DiffLineKind::Removed),
        _ => return None,
    };
    let first = |from: usize, kind| (0..=from).rev().take_while(|at| is(*at, kind)).last();
    let start = first(i, own)?;
    let position = i - start;
    let other_start = match other {
        DiffLineKind::Added => (i..lines.len()).find(|at| !is(*at, own))?,
        _ => first(start.checked_sub(1)?, other)?,
    };
    let found = other_start + position;
    let are_removed = |at: usize| other == DiffLineKind::Added || at < start;
    (is(found, other) && are_removed(found)).then_some(found)
}

/// A line of a text as it may be shown: tabs as spaces, and nothing that hides or moves what is shown.
pub(super) fn spread(text: &str) -> String {
    escape_control_chars(&text.replace('\t', "    ")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_compared_with_those_at_the_same_position() {
        let lines: Vec<DiffLine> = " --+ --++-+"
            .chars()
            .map(|sign| DiffLine {
                kind: match sign {
                    '+' => DiffLineKind::Added,
                    '-' => DiffLineKind::Removed,
                    _ => DiffLineKind::Context,
                },
                text: String::new(),
                before: None,
                after: None,
            })
            .collect();
        let pairs: Vec<Option<usize>> = (0..lines.len()).map(|i| counterpart(&lines, i)).collect();
        let expected = [
            None,
            Some(3),
            None,
            Some(1),
            None,
            Some(7),
            Some(8),
            Some(5),
            Some(6),
            Some(10),
            Some(9),
        ];
        assert_eq!(pairs, expected);
    }
}
