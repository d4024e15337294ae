//! Places in the files that the user wrote.

use std::sync::Arc;

/// A file's number within [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset one past the last byte.
    pub end: usize,
}

/// A line and a column, both counted from 1; the column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One file: its path as shown to the user and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the project, with `/` between its parts.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: Arc<str>,
    line_starts: Vec<usize>,
}

impl Source {
    fn new(name: String, text: Arc<str>) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| i + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// The line and column of a byte offset; an offset past the end gives the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts[line - 1];
        Position {
            line,
            column: self.text[start..offset].chars().count() + 1,
        }
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// All files that were read, so that a [`Span`] can be shown.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = u32::try_from(self.files.len()).expect("fewer than four billion files");
        self.files.push(Source::new(name.into(), text.into()));
        SourceId(id)
    }

    /// Puts `*` in place of every character of a span, line ends excepted, wherever it is shown from now on.
    pub fn conceal(&mut self, span: Span) {
        let source = &mut self.files[span.source.0 as usize];
        let Some(secret) = source.text.get(span.start..span.end) else {
            return;
        };
        // As many bytes as before, so that every other span stays right.
        let hidden: String = secret
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { '*' })
            .collect();
        let (head, tail) = (&source.text[..span.start], &source.text[span.end..]);
        source.text = Arc::from([head, &hidden, tail].concat());
    }

    /// The file of that number.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// The file, line and column where a span starts.
    #[must_use]
    pub fn locate(&self, span: Span) -> (&str, Position) {
        let source = self.get(span.source);
        (&source.name, source.position(span.start))
    }

    /// The text that a span covers.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .text
            .get(span.start..span.end)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "é: 1\nβγ: δ");
        let at = |start| {
            sources
                .locate(Span {
                    source: id,
                    start,
                    end: start,
                })
                .1
        };
        assert_eq!(at(0), Position { line: 1, column: 1 });
        assert_eq!(at(2), Position { line: 1, column: 2 });
        assert_eq!(at(6), Position { line: 2, column: 1 });
        assert_eq!(at(12), Position { line: 2, column: 5 });
        assert_eq!(at(999), Position { line: 2, column: 6 });
    }
}
