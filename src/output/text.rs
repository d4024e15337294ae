//! Text for people. Its lines and its colours are the program's own; whatever else it says is spelt out where
//! it would control a terminal or a pipeline.

use std::borrow::Cow;
use std::fmt;

use unicode_width::UnicodeWidthStr as _;

use super::styles::Piece;
use crate::model::foreign::{command_breaks, is_hidden, spell};

/// The text on one line, with everything that hides or reorders text spelt out.
pub(super) fn escape_control_chars(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_hidden(c) {
            true => spell(&mut out, c),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The first characters of a text, and a sign that there are more.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

/// A line of text, made of pieces. A line break in a piece is shown as `\n` and does not end the line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(Vec<Piece>);

impl Line {
    /// The line with another piece, or with the pieces of another line.
    #[must_use]
    pub fn with(mut self, part: impl Into<Self>) -> Self {
        self.0.extend(part.into().0);
        self
    }

    /// How many columns of a terminal it takes.
    pub(super) fn columns(&self) -> usize {
        let widths = self
            .0
            .iter()
            .map(|piece| escape_control_chars(&piece.text).width());
        widths.sum()
    }

    /// The line without blanks at its end.
    #[must_use]
    pub fn trim_end(mut self) -> Self {
        while let Some(last) = self.0.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            self.0.pop();
        }
        self
    }

    /// Writes the line so that it is one, and nothing in it is a command.
    fn write(&self, out: &mut String, color: bool) {
        let text: String = self.0.iter().map(|piece| piece.text.as_str()).collect();
        let breaks = command_breaks(&text);
        let mut offset = 0;
        for Piece { style, text } in &self.0 {
            let style = style.filter(|_| color && !text.is_empty());
            if let Some(style) = style {
                out.push_str(&style.render().to_string());
            }
            for (at, c) in text.char_indices() {
                if (is_hidden(c) && c != '\t') || breaks.binary_search(&(offset + at)).is_ok() {
                    spell(out, c);
                } else {
                    out.push(c);
                }
            }
            offset += text.len();
            if let Some(style) = style {
                out.push_str(&style.render_reset().to_string());
            }
        }
    }
}

impl From<Piece> for Line {
    fn from(piece: Piece) -> Self {
        Self(vec![piece])
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Piece::from(text.to_owned()).into()
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Piece::from(text).into()
    }
}

impl From<&String> for Line {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Cow<'_, str>> for Line {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

/// Makes a [`Line`] of parts: texts, pieces with a style, and other lines.
macro_rules! styled {
    ($($part:expr),* $(,)?) => {
        $crate::output::Line::default()$(.with($part))*
    };
}
pub(crate) use styled;

/// Lines of text: the only thing that may be written to a terminal, besides data and the commands of a pipeline.
///
/// A text that is turned into one is a single line; [`Text::lines`] is for those with line breaks of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    lines: Vec<Line>,
    /// Whether something in it was cut to have room.
    is_cut: bool,
}

impl Text {
    /// The lines of a text whose line breaks were put there by this program.
    #[must_use]
    pub fn lines(text: &str) -> Self {
        Self::of(text.lines().map(Line::from).collect())
    }

    /// A text that may be long, behind a lead: its lines after the first are indented, so that none of them passes
    /// for a message of its own.
    #[must_use]
    pub fn paragraph(lead: impl Into<Line>, text: &str, indent: &str) -> Self {
        let mut lines = text.split('\n');
        let first = lead.into().with(lines.next().unwrap_or_default());
        let rest = lines.map(|line| {
            // A foreign line must not pass for a help line, which begins with two blanks.
            let indent = if line.starts_with("    ") && indent.len() <= 4 {
                ""
            } else {
                indent
            };
            Line::from(indent).with(line)
        });
        Self::of(std::iter::once(first).chain(rest).collect())
    }

    /// The text of a library that colours it itself. Only colours are kept of its control characters.
    pub(crate) fn of_terminal(text: &str) -> Self {
        let mut lines = vec![Line::default()];
        let mut reader = anstream::adapter::WinconBytes::new();
        for (style, text) in reader.extract_next(text.as_bytes()) {
            for (i, part) in text.split('\n').enumerate() {
                if i > 0 {
                    lines.push(Line::default());
                }
                if let (Some(last), false) = (lines.last_mut(), part.is_empty()) {
                    last.0.push(Piece::new(style, part));
                }
            }
        }
        if lines.last().is_some_and(|line| line.0.is_empty()) {
            lines.pop();
        }
        Self::of(lines)
    }

    fn of(lines: Vec<Line>) -> Self {
        Self {
            lines,
            is_cut: false,
        }
    }

    /// Adds a line.
    pub fn push(&mut self, line: impl Into<Line>) {
        self.lines.push(line.into());
    }

    /// Adds an empty line.
    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// Adds the lines of another text.
    pub fn append(&mut self, text: impl Into<Self>) {
        let text = text.into();
        self.lines.extend(text.lines);
        self.is_cut |= text.is_cut;
    }

    /// How many lines it has.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Notes that something in it is cut.
    pub(super) fn mark_cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether something in it is cut.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The text as it may be written, each line with its end.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let mut out = String::new();
        for line in &self.lines {
            line.write(&mut out, color);
            out.push('\n');
        }
        out
    }
}

impl<T: Into<Line>> From<T> for Text {
    fn from(line: T) -> Self {
        Self::of(vec![line.into()])
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::styles::removed;

    #[test]
    fn what_hides_is_spelt_out() {
        assert_eq!(
            escape_control_chars("a\nb\u{202e}c\u{7f}é👍"),
            "a\\nb\\u{202e}c\\u{7f}é👍"
        );
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äöü", 3), "äöü");
    }

    #[test]
    fn a_line_stays_one_line_and_has_the_colours_of_the_program_only() {
        let line = styled![
            removed("error"),
            ": ",
            "a\n::b\r\u{1b}[2J\u{9b}1m\u{2028}x\ty"
        ];
        let shown = "error: a\\n::b\\r\\u{1b}[2J\\u{9b}1m\\u{2028}x\ty\n";
        assert_eq!(Text::from(line.clone()).to_string(), shown);
        let colored = Text::from(line).render(true);
        assert_eq!(colored.matches('\u{1b}').count(), 2, "{colored:?}");
    }

    #[test]
    fn a_command_is_broken_up_also_where_it_begins_in_another_piece() {
        let text = Text::from(styled!["  ", removed(":"), ":error::x"]);
        assert_eq!(text.to_string(), "  \\u{3a}:error::x\n");
        let text = Text::lines("a\n\t::b::\n##vso[x]");
        assert_eq!(text.to_string(), "a\n\t\\u{3a}:b::\n#\\u{23}vso[x]\n");
    }

    #[test]
    fn the_lines_of_a_paragraph_are_indented() {
        let text = Text::paragraph("error: ", "a\n    b\n  c\n::d", "    ");
        assert_eq!(
            text.to_string(),
            "error: a\n    b\n      c\n    \\u{3a}:d\n"
        );
    }

    #[test]
    fn only_colours_are_taken_from_a_coloured_text() {
        let text = Text::of_terminal("\u{1b}[31mred\u{1b}[0m\n\u{1b}]0;title\u{7}\u{1b}[2Jx\n");
        assert_eq!(text.to_string(), "red\nx\n");
        assert!(text.render(true).starts_with("\u{1b}[31mred\u{1b}[0m\n"));
    }
}
