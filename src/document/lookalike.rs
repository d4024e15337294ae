//! Texts that differ and look the same: what is between them is spelt out.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::content;
use crate::model::without_mark;

/// How a text looks: composed, and with one blank for any number of any kind.
fn look(text: &str) -> String {
    let composed: String = text.nfc().collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ")
}

/// Whether two texts differ although they look the same, or nearly so.
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    one != other && look(one) == look(other)
}

/// A line with everything spelt out that may hide a difference: tabs, blanks other than the plain one,
/// blanks at the end, and marks that combine with the character before them.
#[must_use]
fn spelt_out(line: &str) -> String {
    let end = line.trim_end_matches(' ').len();
    let mut out = String::with_capacity(line.len() + 16);
    for (at, c) in line.char_indices() {
        let is_plain = c == ' ' && at < end;
        match c {
            '\t' => out.push_str("\\t"),
            c if !is_plain && (c.is_whitespace() || is_combining_mark(c)) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// What the only difference of two texts is, where their lines show none or hardly any.
pub(super) fn only_difference(before: &str, after: &str) -> Option<&'static str> {
    let unmarked = |text: &'_ str| without_mark(text).to_owned();
    let (one, other) = (unmarked(before), unmarked(after));
    let joined = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    let composed = |text: &str| text.nfc().collect::<String>();
    let blanks = |text: &str| -> String {
        let plain = |c: char| {
            if c.is_whitespace() && c != '\n' {
                ' '
            } else {
                c
            }
        };
        text.chars().map(plain).collect()
    };
    let (lines, other_lines) = (content::normalised(before), content::normalised(after));
    Some(if before == after {
        return None;
    } else if one == other {
        "the texts differ only in a byte order mark"
    } else if joined(&one) == joined(&other) {
        "the texts differ only in line endings (CRLF and LF)"
    } else if lines == other_lines && joined(&one).trim_end_matches('\n') == lines.as_ref() {
        "the texts differ only in the final newline"
    } else if composed(&lines) == composed(&other_lines) {
        "the texts differ only in Unicode normalisation (NFC and NFD)"
    } else if blanks(&lines) == blanks(&other_lines) {
        "the texts differ only in the kind of blanks (such as no-break spaces and tabs)"
    } else if look(&lines) == look(&other_lines) {
        "the texts differ only in blanks and Unicode normalisation"
    } else {
        return None;
    })
}

/// The lines as they are shown: spelt out where one of the other text looks like it.
pub(super) fn shown<'t>(lines: &[&'t str], others: &[&str]) -> Vec<Cow<'t, str>> {
    let own: std::collections::HashSet<&str> = lines.iter().copied().collect();
    let looks: std::collections::HashSet<String> = others
        .iter()
        .filter(|line| !own.contains(*line))
        .map(|line| look(line))
        .collect();
    let others: std::collections::HashSet<&str> = others.iter().copied().collect();
    lines
        .iter()
        .map(|line| {
            if !others.contains(line) && looks.contains(&look(line)) {
                Cow::Owned(spelt_out(line))
            } else {
                Cow::Borrowed(*line)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_spelt_out() {
        assert!(look_alike("Caf\u{e9}", "Cafe\u{301}"));
        assert!(look_alike("a b", "a\u{a0}b"));
        assert!(look_alike("a", "a "));
        assert!(!look_alike("a", "a") && !look_alike("a", "b"));
        assert_eq!(spelt_out("Caf\u{e9}"), "Caf\u{e9}");
        assert_eq!(spelt_out("Cafe\u{301}"), "Cafe\\u{301}");
        assert_eq!(spelt_out("\ta\u{a0}b c  "), "\\ta\\u{a0}b c\\u{20}\\u{20}");
    }

    #[test]
    fn the_only_difference_has_a_name() {
        for (before, after, expected) in [
            ("a\nb\n", "a\r\nb\r\n", "line endings"),
            ("a\rb", "a\nb", "line endings"),
            ("a\nb", "a\nb\n", "the final newline"),
            ("a\r\nb", "a\nb\n\n", "the final newline"),
            ("a", "\u{feff}a", "a byte order mark"),
            ("Caf\u{e9}\nx", "Cafe\u{301}\nx", "Unicode normalisation"),
            ("10 EUR", "10\u{a0}EUR", "the kind of blanks"),
            ("a  b", "a b", "blanks and"),
        ] {
            let found = only_difference(before, after).unwrap();
            assert!(found.contains(expected), "{before:?} {after:?}: {found}");
        }
        assert_eq!(only_difference("a", "a"), None);
        assert_eq!(only_difference("a", "b"), None);
    }
}
