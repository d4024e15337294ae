//! What text may do to a terminal or to the log of a pipeline, and how it is spelt out instead.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Commands anywhere in a line: `##[…]`, `##vso[…]` and the like of Azure Pipelines, GitHub and TeamCity, and
/// GitLab's sections. The group is the character that breaks the command when it is written otherwise.
static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)#(?<hash>#)[a-z]*\[|section(?<underscore>_)(?:start|end):")
        .expect("the pattern is a constant")
});

/// Whether a character is not seen, or changes how the characters around it are seen: controls, line
/// separators, characters without width and those that change the direction.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{feff}')
        || matches!(
            c,
            '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
        )
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}')
        || matches!(c, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Where the characters are that break the commands of a line, in order. `line` has no line break.
///
/// GitHub takes `::` for a command where nothing but blanks is in front of it.
pub fn command_breaks(line: &str) -> Vec<usize> {
    let mut breaks = Vec::new();
    let start = line.len() - line.trim_start_matches(is_blank).len();
    if line[start..].starts_with("::") {
        breaks.push(start);
    }
    if line.contains(['#', '_']) {
        let found = COMMAND.captures_iter(line);
        breaks.extend(found.filter_map(|found| {
            let broken = found.name("hash").or_else(|| found.name("underscore"))?;
            Some(broken.start())
        }));
    }
    breaks
}

/// What an agent may skip at the start of a line.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_hidden(c)
}

/// The lines of a text, however they end: a program that reads a log may know other ends than `\n`.
pub fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    let ends = text
        .char_indices()
        .filter(|(_, c)| {
            matches!(
                c,
                '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            )
        })
        .map(|(end, c)| (end, end + c.len_utf8()));
    ends.chain(std::iter::once((text.len(), text.len())))
        .map(move |(end, next)| std::mem::replace(&mut start, next)..end)
}

/// A character by its number, as Rust writes it.
pub fn spell(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c => {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_at_the_start_of_a_line_or_within_it() {
        let cases: [(&str, &[usize]); 10] = [
            ("a::b", &[]),
            ("## heading", &[]),
            ("#[derive]", &[]),
            ("::error::x", &[0]),
            (" \u{a0}\t::error::x", &[4]),
            ("\u{200b}\u{1b}::error::x", &[4]),
            ("a ##vso[task.complete]", &[3]),
            ("::##[group]", &[0, 3]),
            ("x section_end:1:a", &[9]),
            ("##TeamCity[x ##VSO[y", &[1, 14]),
        ];
        for (line, breaks) in cases {
            assert_eq!(command_breaks(line), breaks, "{line:?}");
        }
    }

    #[test]
    fn every_end_of_a_line_counts() {
        let text = "a\rb\r\nc\u{85}d\u{2028}e\n";
        let lines: Vec<&str> = lines(text).map(|line| &text[line]).collect();
        assert_eq!(lines, ["a", "b", "", "c", "d", "e", ""]);
    }
}
