//! How two texts differ, line by line.

use std::collections::HashSet;

use similar::{Algorithm, ChangeTag, TextDiff};

use super::{content, layout, lookalike};

/// Characters of one line that are shown; a document may be one line of a megabyte.
const MAX_LINE: usize = 500;

/// How much of a difference is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffOptions {
    /// Unchanged lines around each change.
    pub context: usize,
    /// Lines that are given in all; the rest is only counted.
    pub max_lines: usize,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self {
            context: 3,
            max_lines: 200,
        }
    }
}

/// The difference of two texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// What is shown, in the order of the text.
    pub lines: Vec<DiffLine>,
    /// Lines that are not shown because there would be too many.
    pub omitted: usize,
    /// Lines that were added, shown or not.
    pub added: usize,
    /// Lines that were removed, shown or not.
    pub removed: usize,
}

impl Diff {
    /// The same difference with at most so many lines, besides notes.
    #[must_use]
    pub fn shortened(&self, max_lines: usize) -> Self {
        let mut short = Self {
            lines: Vec::new(),
            ..*self
        };
        for (i, line) in self.lines.iter().enumerate() {
            match line.kind {
                _ if i < max_lines => short.lines.push(line.clone()),
                DiffLineKind::Note => short.lines.push(line.clone()),
                DiffLineKind::Hunk => {}
                DiffLineKind::Context | DiffLineKind::Added | DiffLineKind::Removed => {
                    short.omitted += 1;
                }
            }
        }
        short
    }
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What happened to it.
    pub kind: DiffLineKind,
    /// The line without a sign in front and without its line end; a very long one is cut.
    pub text: String,
    /// The number of the line in the old text, from 1, where it is in that.
    pub before: Option<usize>,
    /// The number of the line in the new text, from 1, where it is in that.
    pub after: Option<usize>,
}

impl DiffLine {
    /// A line that is in neither text.
    #[must_use]
    fn beside(kind: DiffLineKind, text: &str) -> Self {
        Self {
            kind,
            text: cut(text),
            before: None,
            after: None,
        }
    }
}

/// The difference of two documents, and the lines that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentDiff {
    /// The difference.
    pub diff: Diff,
    /// Both documents in the layout in which they are compared; `None` if they are compared as they are.
    pub layout: Option<(String, String)>,
}

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffLineKind {
    /// Unchanged.
    Context,
    /// Only in the new text.
    Added,
    /// Only in the old text.
    Removed,
    /// The place of the lines that follow, such as `@@ -1,3 +1,4 @@`.
    Hunk,
    /// What the lines do not show, such as `\ the texts differ only in the final newline`.
    Note,
}

/// Compares two texts line by line. What [`super::digest`] ignores in any text (line ends' form, a
/// byte order mark, line ends at the end) is not a difference of lines, and gets a note if it is the only
/// one. Lines that look the same are spelt out.
///
/// The difference is a readable one, not always the shortest. The search ends after a number of steps that depends
/// on the number of lines, never on time, so equal texts always give equal differences.
#[must_use]
pub fn unified_diff(before: &str, after: &str, options: DiffOptions) -> Diff {
    let note = lookalike::only_difference(before, after);
    let (before, after) = (content::normalised(before), content::normalised(after));
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let shown_before = lookalike::shown(&before, &after);
    let shown_after = lookalike::shown(&after, &before);
    let lines = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_slices(&before, &after);
    let mut diff = Diff::default();
    let mut show = |line: DiffLine| {
        let kind = line.kind;
        if diff.lines.len() < options.max_lines {
            diff.lines.push(line);
        } else if kind != DiffLineKind::Hunk {
            diff.omitted += 1;
        }
        match kind {
            DiffLineKind::Added => diff.added += 1,
            DiffLineKind::Removed => diff.removed += 1,
            DiffLineKind::Context | DiffLineKind::Hunk | DiffLineKind::Note => {}
        }
    };
    for hunk in lines
        .unified_diff()
        .context_radius(options.context)
        .iter_hunks()
    {
        let header = hunk.header().to_string();
        show(DiffLine::beside(DiffLineKind::Hunk, header.trim_end()));
        for change in hunk.iter_changes() {
            let kind = match change.tag() {
                ChangeTag::Equal => DiffLineKind::Context,
                ChangeTag::Delete => DiffLineKind::Removed,
                ChangeTag::Insert => DiffLineKind::Added,
            };
            let text = match (kind, change.old_index(), change.new_index()) {
                (DiffLineKind::Removed, Some(at), _) => &shown_before[at],
                (DiffLineKind::Added, _, Some(at)) => &shown_after[at],
                _ => change.value(),
            };
            show(DiffLine {
                before: change.old_index().map(|at| at + 1),
                after: change.new_index().map(|at| at + 1),
                ..DiffLine::beside(kind, text)
            });
        }
    }
    if let Some(note) = note.or_else(|| differs_behind_the_cut(&diff)) {
        let text = format!("\\ {note}");
        diff.lines.push(DiffLine::beside(DiffLineKind::Note, &text));
    }
    diff
}

/// As [`unified_diff`], for two documents. If both are JSON or YAML descriptions and fewer lines differ once they are
/// in one layout, these lines are shown: what minifying, another order of keys or other quotes change is not.
#[must_use]
pub fn document_diff(before: &str, after: &str, options: DiffOptions) -> DocumentDiff {
    let own = unified_diff(before, after, options);
    let as_they_are = |diff| DocumentDiff { diff, layout: None };
    let is_cut = |diff: &Diff| {
        let lines = diff.lines.iter();
        let mut changed = lines.filter(|line| line.kind != DiffLineKind::Context);
        changed.any(|line| line.text.chars().count() > MAX_LINE)
    };
    if own.added + own.removed <= 2 && !is_cut(&own) {
        return as_they_are(own);
    }
    let Some((was, now)) = layout::in_one_layout(before, after) else {
        return as_they_are(own);
    };
    let mut arranged = unified_diff(&was, &now, options);
    let is_shorter = arranged.added + arranged.removed < own.added + own.removed;
    let shows_more = is_cut(&own) && !is_cut(&arranged);
    if !is_shorter && !shows_more {
        return as_they_are(own);
    }
    arranged.lines.push(DiffLine::beside(
        DiffLineKind::Note,
        "\\ both documents are shown as YAML in one layout; their own differs as well",
    ));
    DocumentDiff {
        diff: arranged,
        layout: Some((was, now)),
    }
}

/// A note where the shown part of two long lines is the same.
fn differs_behind_the_cut(diff: &Diff) -> Option<&'static str> {
    let of = |kind| diff.lines.iter().filter(move |line| line.kind == kind);
    let is_cut = |line: &&DiffLine| line.text.chars().count() > MAX_LINE;
    let removed: HashSet<&str> = of(DiffLineKind::Removed)
        .filter(is_cut)
        .map(|line| line.text.as_str())
        .collect();
    of(DiffLineKind::Added)
        .any(|line| removed.contains(line.text.as_str()))
        .then_some("long lines differ in what is cut off here")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;

    use super::*;

    fn shown(diff: &Diff) -> String {
        let mut out = String::new();
        for line in &diff.lines {
            let sign = match line.kind {
                DiffLineKind::Context => " ",
                DiffLineKind::Added => "+",
                DiffLineKind::Removed => "-",
                DiffLineKind::Hunk | DiffLineKind::Note => "",
            };
            writeln!(out, "{sign}{}", line.text).unwrap();
        }
        out
    }

    #[test]
    fn changes_are_shown_with_their_surroundings() {
        let before = "a\nb\nc\nd\ne\nf\ng\n";
        let after = "a\nb\nc\nD\ne\nf\ng\nh\n";
        let options = DiffOptions {
            context: 1,
            ..DiffOptions::default()
        };
        let diff = unified_diff(before, after, options);
        assert_eq!(
            shown(&diff),
            "@@ -3,3 +3,3 @@\n c\n-d\n+D\n e\n@@ -7 +7,2 @@\n g\n+h\n"
        );
        assert_eq!((diff.added, diff.removed, diff.omitted), (2, 1, 0));
    }

    #[test]
    fn what_the_digest_ignores_is_no_difference() {
        let diff = unified_diff("a\nb", "\u{feff}a\r\nb\r\n\r\n", DiffOptions::default());
        assert_eq!(
            shown(&diff),
            "\\ the texts differ only in the final newline\n"
        );
        assert_eq!((diff.added, diff.removed), (0, 0));
        assert_eq!(
            unified_diff("", "", DiffOptions::default()),
            Diff::default()
        );
    }

    #[test]
    fn lines_that_look_the_same_are_spelt_out() {
        let before = "Caf\u{e9}\nsame\u{a0}blank\n10\u{a0}EUR\nold";
        let after = "Cafe\u{301}\nsame\u{a0}blank\n10 EUR\nnew";
        let diff = unified_diff(before, after, DiffOptions::default());
        let text = shown(&diff);
        for line in [
            "-Caf\u{e9}\n",
            "+Cafe\\u{301}\n",
            " same\u{a0}blank\n",
            "-10\\u{a0}EUR\n",
            "+10 EUR\n",
        ] {
            assert!(text.contains(line), "{text}");
        }
        let long = "x".repeat(MAX_LINE);
        let diff = unified_diff(
            &format!("{long}a"),
            &format!("{long}b"),
            DiffOptions::default(),
        );
        assert!(shown(&diff).ends_with("\\ long lines differ in what is cut off here\n"));
    }

    #[test]
    fn long_differences_are_counted_and_long_lines_cut() {
        let after: String = (0..1000).map(|i| format!("line {i}\n")).collect();
        let options = DiffOptions {
            max_lines: 10,
            ..DiffOptions::default()
        };
        let diff = unified_diff("", &after, options);
        assert_eq!((diff.lines.len(), diff.omitted), (10, 991));
        assert_eq!((diff.added, diff.removed), (1000, 0));
        let whole = DiffOptions {
            max_lines: usize::MAX,
            ..options
        };
        assert_eq!(unified_diff("", &after, whole).shortened(10), diff);
        assert_eq!(diff.shortened(20), diff);
        let diff = unified_diff("", &"é".repeat(1_000_000), DiffOptions::default());
        assert_eq!(diff.lines[1].text.chars().count(), MAX_LINE + 1);
    }

    #[test]
    fn a_difference_of_hostile_texts_ends_and_is_the_same_each_time() {
        let mut seed = 1_u32;
        let mut text = || -> String {
            let mut line = |_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                format!("{}\n", seed >> 31)
            };
            (0..30_000).map(&mut line).collect()
        };
        let (before, after) = (text(), text());
        let options = DiffOptions {
            max_lines: usize::MAX,
            ..DiffOptions::default()
        };
        let diff = unified_diff(&before, &after, options);
        assert_eq!(diff, unified_diff(&before, &after, options));
        // Far fewer than all: half of the lines are alike anywhere.
        assert!((2000..12_000).contains(&diff.added), "{}", diff.added);
        assert_eq!(diff.added, diff.removed);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

        #[test]
        fn every_line_is_accounted_for(before in "([ab]\n){0,12}", after in "([abc]\n){0,12}") {
            let options = DiffOptions { context: 100, ..DiffOptions::default() };
            let diff = unified_diff(&before, &after, options);
            let side = |dropped| diff.lines.iter()
                .filter(|line| ![dropped, DiffLineKind::Hunk, DiffLineKind::Note].contains(&line.kind))
                .map(|line| format!("{}\n", line.text))
                .collect::<String>();
            if before != after {
                prop_assert_eq!(side(DiffLineKind::Added), before);
                prop_assert_eq!(side(DiffLineKind::Removed), after);
            }
        }
    }
}
