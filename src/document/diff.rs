//! How two texts differ, line by line.

use std::time::Duration;

use similar::{Algorithm, ChangeTag, TextDiff};

use super::content;

/// Characters of one line that are shown; a document may be one line of a megabyte.
const MAX_LINE: usize = 500;

/// How much of a difference is worked out and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffOptions {
    /// Unchanged lines around each change.
    pub context: usize,
    /// Lines that are given in all; the rest is only counted.
    pub max_lines: usize,
    /// After this time the shortest difference is no longer sought, and a longer one is given. It
    /// guards against hostile input; ordinary documents need milliseconds.
    pub timeout: Duration,
}

impl Default for DiffOptions {
    fn default() -> Self {
        Self {
            context: 3,
            max_lines: 200,
            timeout: Duration::from_secs(2),
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

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What happened to it.
    pub kind: DiffLineKind,
    /// The line without a sign in front and without its line end; a very long one is cut.
    pub text: String,
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
}

/// Compares two texts line by line. What [`super::digest`] ignores in any text (line ends' form, a
/// byte order mark, line ends at the end) is not a difference.
#[must_use]
pub fn unified_diff(before: &str, after: &str, options: DiffOptions) -> Diff {
    let (before, after) = (content::normalised(before), content::normalised(after));
    let before: Vec<&str> = before.lines().collect();
    let after: Vec<&str> = after.lines().collect();
    let lines = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(options.timeout)
        .diff_slices(&before, &after);
    let mut diff = Diff::default();
    let mut show = |kind, text: &str| {
        if diff.lines.len() < options.max_lines {
            let text = cut(text);
            diff.lines.push(DiffLine { kind, text });
        } else if kind != DiffLineKind::Hunk {
            diff.omitted += 1;
        }
        match kind {
            DiffLineKind::Added => diff.added += 1,
            DiffLineKind::Removed => diff.removed += 1,
            DiffLineKind::Context | DiffLineKind::Hunk => {}
        }
    };
    for hunk in lines
        .unified_diff()
        .context_radius(options.context)
        .iter_hunks()
    {
        show(DiffLineKind::Hunk, hunk.header().to_string().trim_end());
        for change in hunk.iter_changes() {
            let kind = match change.tag() {
                ChangeTag::Equal => DiffLineKind::Context,
                ChangeTag::Delete => DiffLineKind::Removed,
                ChangeTag::Insert => DiffLineKind::Added,
            };
            show(kind, change.value());
        }
    }
    diff
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
                DiffLineKind::Hunk => "",
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
        assert_eq!(diff, Diff::default());
        assert_eq!(
            unified_diff("", "", DiffOptions::default()),
            Diff::default()
        );
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
        let diff = unified_diff("", &"é".repeat(1_000_000), DiffOptions::default());
        assert_eq!(diff.lines[1].text.chars().count(), MAX_LINE + 1);
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
                .filter(|line| line.kind != dropped && line.kind != DiffLineKind::Hunk)
                .map(|line| format!("{}\n", line.text))
                .collect::<String>();
            if before != after {
                prop_assert_eq!(side(DiffLineKind::Added), before);
                prop_assert_eq!(side(DiffLineKind::Removed), after);
            }
        }
    }
}
