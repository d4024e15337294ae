//! Text that cannot be anything but text: no markup, no mention, no reference, no end of a fence.
//!
//! Services look for `@name`, `#123` and the like in what is left after Markdown is read, so that a
//! backslash does not help. Inside code they do not look. Hence every word that is not plainly a word
//! becomes code.

use crate::model::Address;
use crate::output::redactor::Redactor;
use crate::output::text::{cut, escape_control_chars};

/// Longest name or place, in characters; those of real services are far shorter.
const LONGEST_NAME: usize = 400;

/// Longest name in the heading, which is never left out, and longest title of a resource.
const LONGEST_LABEL: usize = 90;

/// Longest sentence, in characters.
const LONGEST_PROSE: usize = 1200;

/// Turns foreign text into Markdown.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarkdownEscaper<'a> {
    pub(super) redactor: Redactor<'a>,
}

impl MarkdownEscaper<'_> {
    /// A name or a value as code.
    pub(super) fn code(self, text: &str) -> String {
        code_span(&cut(
            &escape_control_chars(&self.redactor.text(text)),
            LONGEST_NAME,
        ))
    }

    /// A name as code, for the heading.
    pub(super) fn label(self, text: &str) -> String {
        code_span(&cut(
            &escape_control_chars(&self.redactor.text(text)),
            LONGEST_LABEL,
        ))
    }

    /// An address as code.
    pub(super) fn address(self, address: &Address) -> String {
        code_span(&self.bare_address(address))
    }

    /// An address for a line within a fence.
    pub(super) fn bare_address(self, address: &Address) -> String {
        cut(
            &escape_control_chars(&self.redactor.address(address)),
            LONGEST_NAME,
        )
        .into_owned()
    }

    /// An address within HTML.
    pub(super) fn html_address(self, address: &Address) -> String {
        format!("<code>{}</code>", html(&self.bare_address(address)))
    }

    /// What people call a resource.
    pub(super) fn title(self, text: &str) -> String {
        self.prose(&cut(text, LONGEST_LABEL))
    }

    /// A sentence of ours in which foreign words stand, and code between backticks.
    pub(super) fn prose(self, text: &str) -> String {
        let text = self.redactor.text(text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = escape_control_chars(&text);
        let text = cut(&text, LONGEST_PROSE);
        let pieces: Vec<&str> = text.split('`').collect();
        let mut out = String::with_capacity(text.len() + 16);
        let is_balanced = pieces.len() % 2 == 1
            && pieces
                .iter()
                .skip(1)
                .step_by(2)
                .all(|p| !p.trim().is_empty());
        if !is_balanced {
            push_words(&mut out, &text);
            return out;
        }
        for (i, piece) in pieces.iter().enumerate() {
            if i % 2 == 0 {
                push_words(&mut out, piece);
            } else {
                push_code(&mut out, piece);
            }
        }
        out
    }

    /// A line within a fence, tabs kept.
    pub(super) fn line(self, text: &str) -> String {
        let text = self.redactor.text(text);
        if text.contains('\t') {
            text.split('\t')
                .map(escape_control_chars)
                .collect::<Vec<_>>()
                .join("\t")
        } else {
            escape_control_chars(&text).into_owned()
        }
    }
}

/// Lines in a fence that is longer than any run of its own sign inside.
pub(super) fn fence(language: &str, lines: &[String]) -> String {
    let longest = lines.iter().map(|line| longest_run(line)).max();
    let ticks = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let mut out = format!("{ticks}{language}\n");
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(&ticks);
    out.push('\n');
    out
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('`', "&#96;")
}

fn code_span(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let is_edged = |c| text.starts_with(c) || text.ends_with(c);
    match text {
        "" => "`(empty)`".to_owned(),
        _ if is_edged('`') || is_edged(' ') => format!("{ticks} {text} {ticks}"),
        _ => format!("{ticks}{text}{ticks}"),
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Two spans of code that touch would be read as one, or as none.
fn push_code(out: &mut String, text: &str) {
    if out.ends_with('`') {
        out.push(' ');
    }
    out.push_str(&code_span(text));
}

fn push_words(out: &mut String, text: &str) {
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let core = word.trim_end_matches([',', '.', ';', ':', ')', '!', '?']);
        if is_plain(word) {
            out.push_str(word);
        } else if word == "&" {
            out.push_str("&amp;");
        } else if is_plain(&word[core.len()..]) && !core.is_empty() {
            push_code(out, core);
            out.push_str(&word[core.len()..]);
        } else {
            push_code(out, word);
        }
    }
}

/// Whether a word means nothing but itself to Markdown and to the services that show it.
fn is_plain(word: &str) -> bool {
    let core = word
        .trim_start_matches(['(', '"', '\''])
        .trim_end_matches([')', '"', '\'', ',', '.', ';', ':', '!', '?', '%']);
    let is_edge = |c: Option<char>| c.is_none_or(char::is_alphanumeric);
    let is_lone = matches!(word, "-" | "–" | "—" | "…" | "/" | "+" | "=");
    let lower = core.to_ascii_lowercase();
    is_lone
        || (core
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '\'' | ',' | '…'))
            && is_edge(core.chars().next())
            && is_edge(core.chars().next_back().filter(|c| *c != '…'))
            && !lower.contains("www.")
            && !lower.contains("gh-")
            && !looks_like_commit(&lower))
}

fn looks_like_commit(word: &str) -> bool {
    word.len() >= 7 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// "1 field", "2 fields".
pub(super) fn count(n: usize, noun: &str) -> String {
    match n {
        1 => format!("1 {noun}"),
        n => format!("{} {noun}s", grouped(n)),
    }
}

/// A number with commas between thousands.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: MarkdownEscaper<'static> = MarkdownEscaper {
        redactor: Redactor { subscription: "" },
    };

    #[test]
    fn code_survives_backticks_and_edges() {
        assert_eq!(INK.code("a"), "`a`");
        assert_eq!(INK.code("a`b"), "``a`b``");
        assert_eq!(INK.code("`"), "`` ` ``");
        assert_eq!(INK.code("a\n# b"), "`a\\n# b`");
        assert_eq!(INK.code(""), "`(empty)`");
    }

    #[test]
    fn words_that_are_not_plainly_words_become_code() {
        assert_eq!(
            INK.prose("2 fields differ from it"),
            "2 fields differ from it"
        );
        assert_eq!(INK.prose("owned by `x` (y)"), "owned by `x` (y)");
        assert_eq!(INK.prose("ask @team, see #12."), "ask `@team`, see `#12`.");
        assert_eq!(
            INK.prose("GH-1 www.x.y :tada: deadbeef"),
            "`GH-1` `www.x.y` `:tada`: `deadbeef`"
        );
        assert_eq!(INK.prose("<b>x</b>\n# y"), "`<b>x</b>` `#` y");
        assert_eq!(INK.prose("a ` b"), "a `` ` `` b");
        assert_eq!(INK.prose("`a`@b"), "`a` `@b`");
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(fence("", &["```".to_owned()]), "````\n```\n````\n");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
