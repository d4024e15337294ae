//! Data for programs. What would control a terminal or a pipeline is escaped as the notation itself allows, so
//! that whoever parses it receives exactly the same values.

use std::fmt;

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
        let text = serde_json::to_string_pretty(value).expect("output structs have string keys");
        Self(escape_json(&text) + "\n")
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
