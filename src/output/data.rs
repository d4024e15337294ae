//! Data for programs. What would control a terminal or a pipeline is escaped as the notation itself allows, so
//! that whoever parses it receives exactly the same values.

use std::fmt;
use std::io;

use serde::Serialize;

use super::text::escape_control_chars;
use crate::model::foreign::{self, command_breaks, is_hidden, lines};

/// Output in the notation of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data(String);

impl Data {
    /// A value as indented JSON, with a line break at its end.
    ///
    /// # Panics
    ///
    /// If the keys of a mapping are not texts.
    #[must_use]
    pub fn json(value: &impl Serialize) -> Self {
        let mut lines = EscapedLines::default();
        serde_json::to_writer_pretty(&mut lines, value).expect("output structs have string keys");
        Self(lines.end())
    }

    /// A document of XML.
    #[must_use]
    pub fn xml(text: &str) -> Self {
        Self(escaped(text, xml_escape))
    }

    /// Markdown, whose renderers have spelt out what hides text.
    #[must_use]
    pub fn markdown(text: &str) -> Self {
        Self(escaped(text, markdown_escape))
    }

    /// A page of HTML, whose foreign values are all in a block of escaped JSON.
    pub(super) fn html(page: String) -> Self {
        Self(page)
    }

    /// Manifests, each under its path. They are written so that they need no further escapes.
    #[must_use]
    pub fn yaml<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files: Vec<String> = files
            .into_iter()
            .map(|(path, manifest)| format!("# {}\n{manifest}", escape_control_chars(path)))
            .collect();
        Self(files.join("---\n"))
    }

    /// Manifests as one stream of documents.
    #[must_use]
    pub fn manifests<'a>(manifests: impl IntoIterator<Item = &'a str>) -> Self {
        let manifests: Vec<&str> = manifests.into_iter().collect();
        Self(manifests.join("---\n"))
    }

    /// Text that consists of this program's own words, such as a script for a shell.
    #[must_use]
    pub fn own(text: &[u8]) -> Self {
        Self(String::from_utf8_lossy(text).into_owned())
    }

    /// The bytes to write.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Indented JSON that is escaped line by line while it is written, so that it is in memory once.
#[derive(Default)]
struct EscapedLines {
    out: String,
    /// The line that is not finished yet.
    line: Vec<u8>,
}

impl EscapedLines {
    fn end_line(&mut self) {
        self.out
            .push_str(&escape_json(&String::from_utf8_lossy(&self.line)));
        self.out.push('\n');
        self.line.clear();
    }

    /// Everything, with a line break at its end.
    fn end(mut self) -> String {
        self.end_line();
        self.out
    }
}

impl io::Write for EscapedLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        self.line.extend(lines.next().unwrap_or_default());
        for line in lines {
            self.end_line();
            self.line.extend(line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
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
        assert_eq!(Data::json(&value).as_str(), whole.clone() + "\n");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&whole).unwrap(),
            value
        );
        assert_eq!(Data::json(&1).as_str(), "1\n");
    }
}
