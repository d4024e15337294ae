//! Data for programs. What would control a terminal or a pipeline is escaped as the notation itself allows, so
//! that whoever parses it receives exactly the same values.

use std::fmt;
use std::io;

use serde::Serialize;

use super::text::escape_control_chars;
use crate::model::foreign::{self, command_breaks, is_hidden, lines};

/// Output in the notation of a program. What may be large is put together only while it is written, piece by piece.
pub struct Data<'a>(Box<Write<'a>>);

type Write<'a> = dyn Fn(&mut dyn io::Write) -> io::Result<()> + 'a;

impl<'a> Data<'a> {
    /// A value as indented JSON, with a line break at its end.
    #[must_use]
    pub fn json(value: impl Serialize + 'a) -> Self {
        Self::of(move |out| {
            let line = Vec::new();
            let mut lines = EscapedLines { out, line };
            serde_json::to_writer_pretty(&mut lines, &value)?;
            lines.end_line()
        })
    }

    /// A document of XML.
    #[must_use]
    pub fn xml(text: &str) -> Self {
        Self::text(escaped(text, xml_escape))
    }

    /// Markdown, whose renderers have spelt out what hides text.
    #[must_use]
    pub fn markdown(text: &str) -> Self {
        Self::text(escaped(text, markdown_escape))
    }

    /// A page of HTML, whose foreign values are all in a block of escaped JSON.
    pub(super) fn html(write: impl Fn(&mut dyn io::Write) -> io::Result<()> + 'a) -> Self {
        Self::of(write)
    }

    /// Manifests, each under its path. They are written so that they need no further escapes.
    #[must_use]
    pub fn yaml<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let files: Vec<String> = files
            .into_iter()
            .map(|(path, manifest)| format!("# {}\n{manifest}", escape_control_chars(path)))
            .collect();
        Self::text(files.join("---\n"))
    }

    /// Manifests as one stream of documents.
    #[must_use]
    pub fn manifests<'t>(manifests: impl IntoIterator<Item = &'t str>) -> Self {
        let manifests: Vec<&str> = manifests.into_iter().collect();
        Self::text(manifests.join("---\n"))
    }

    /// Text that consists of this program's own words, such as a script for a shell.
    #[must_use]
    pub fn own(text: &[u8]) -> Self {
        Self::text(String::from_utf8_lossy(text).into_owned())
    }

    /// Writes everything, in many small pieces.
    ///
    /// # Errors
    /// If `out` does not take it.
    pub fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        (self.0)(out)
    }

    fn text(text: String) -> Self {
        Self::of(move |out| out.write_all(text.as_bytes()))
    }

    fn of(write: impl Fn(&mut dyn io::Write) -> io::Result<()> + 'a) -> Self {
        Self(Box::new(write))
    }
}

impl fmt::Debug for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Data").finish_non_exhaustive()
    }
}

impl fmt::Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes).map_err(|_| fmt::Error)?;
        f.write_str(&String::from_utf8_lossy(&bytes))
    }
}

/// Indented JSON that is escaped line by line while it is written.
struct EscapedLines<'a> {
    out: &'a mut dyn io::Write,
    /// The line that is not finished yet.
    line: Vec<u8>,
}

impl EscapedLines<'_> {
    fn end_line(&mut self) -> io::Result<()> {
        let line = escape_json(&String::from_utf8_lossy(&self.line));
        self.line.clear();
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }
}

impl io::Write for EscapedLines<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        self.line.extend(lines.next().unwrap_or_default());
        for line in lines {
            self.end_line()?;
            self.line.extend(line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// JSON without a hidden character or a command, which are escaped within its texts.
pub(super) fn escape_json(json: &str) -> String {
    escaped(json, json_escape)
}

/// The text with every character escaped that is hidden or part of a command.
fn escaped(text: &str, escape: fn(&mut String, char)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut written = 0;
    for line in lines(text) {
        out.push_str(&separator(&text[written..line.start], escape));
        let content = &text[line.clone()];
        let breaks = command_breaks(content);
        for (at, c) in content.char_indices() {
            if (is_hidden(c) && c != '\t') || breaks.binary_search(&at).is_ok() {
                escape(&mut out, c);
            } else {
                out.push(c);
            }
        }
        written = line.end;
    }
    out
}

fn separator(text: &str, escape: fn(&mut String, char)) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push(c),
            c => escape(&mut out, c),
        }
    }
    out
}

fn json_escape(out: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}

/// Characters that XML forbids were replaced by whoever wrote the document.
fn xml_escape(out: &mut String, c: char) {
    out.push_str(&format!("&#x{:x};", u32::from(c)));
}

fn markdown_escape(out: &mut String, c: char) {
    if c.is_ascii_punctuation() {
        out.push('\\');
        out.push(c);
    } else {
        foreign::spell(out, c);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_escaped_line_by_line_as_in_one_piece() {
        let value = json!({
            "a": ["##vso[task.complete]", "\u{1b}[2J", "x\n::error::y", "\u{202e}é", {}, []],
            "::set-output name=x::": {"b": 1.5, "\u{7f}": null},
        });
        let whole = escape_json(&serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(Data::json(&value).to_string(), whole.clone() + "\n");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&whole).unwrap(),
            value
        );
        assert_eq!(Data::json(1).to_string(), "1\n");
    }
}
