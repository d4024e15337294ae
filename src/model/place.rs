//! Places in the files that the user wrote.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::char_counts::CharCounts;

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

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A line and a column as editors count them: both from 0, the column in UTF-16 code units.
///
/// Lines end with `\n`, `\r\n` or `\r` (documented: Language Server Protocol, `Position`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utf16Position {
    /// Line, from 0.
    pub line: usize,
    /// Column in UTF-16 code units, from 0.
    pub character: usize,
}

/// One file: its path as shown to the user and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path relative to the project, with `/` between its parts.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: Arc<str>,
    /// Where lines start, found out when somebody asks: most files are never shown.
    line_starts: OnceLock<Box<[usize]>>,
    /// Where lines start behind a `\r` without a `\n`, which are lines for editors only.
    lone_starts: Vec<usize>,
    char_counts: CharCounts,
    version: u64,
    /// Hash of the text as it was set; concealed spans do not change it.
    fingerprint: u64,
}

impl Source {
    /// A file by itself.
    #[must_use]
    pub fn new(name: String, text: Arc<str>) -> Self {
        let is_lone = |i: &usize| text.as_bytes().get(*i) != Some(&b'\n');
        let returns = text.match_indices('\r').map(|(i, _)| i + 1);
        let lone_starts = returns.filter(is_lone).collect();
        Self {
            fingerprint: fingerprint(&text),
            char_counts: CharCounts::of(&text),
            name,
            text,
            line_starts: OnceLock::new(),
            lone_starts,
            version: 1,
        }
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let later = self.text.match_indices('\n').map(|(i, _)| i + 1);
            std::iter::once(0).chain(later).collect()
        })
    }

    /// How often the text was set to a different one, from 1.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether the text was set to this one; what is concealed in it does not count.
    #[must_use]
    pub fn is_text(&self, text: &str) -> bool {
        self.fingerprint == fingerprint(text)
    }

    /// The position of a byte offset as editors count it; an offset past the end gives the end.
    #[must_use]
    pub fn utf16_position(&self, offset: usize) -> Utf16Position {
        let offset = floor_char_boundary(&self.text, offset);
        let before = |starts: &[usize]| starts.partition_point(|&start| start <= offset);
        let (lines, lone) = (before(self.line_starts()), before(&self.lone_starts));
        let last = |starts: &[usize], count: usize| match count {
            0 => 0,
            count => starts[count - 1],
        };
        let start = last(self.line_starts(), lines).max(last(&self.lone_starts, lone));
        Utf16Position {
            line: lines - 1 + lone,
            character: self.text[start..offset].encode_utf16().count(),
        }
    }

    /// The byte offset of a position as editors count it. A column past the end of its line gives the
    /// line's end, a line past the last one the end of the text.
    #[must_use]
    pub fn utf16_offset(&self, position: Utf16Position) -> usize {
        let Some(start) = self.editor_line_start(position.line) else {
            return self.text.len();
        };
        let mut character = 0;
        for (i, c) in self.text[start..].char_indices() {
            character += c.len_utf16();
            if character > position.character || matches!(c, '\n' | '\r') {
                return start + i;
            }
        }
        self.text.len()
    }

    /// Where a line starts as editors count them, from 0.
    fn editor_line_start(&self, line: usize) -> Option<usize> {
        if self.lone_starts.is_empty() {
            return self.line_starts().get(line).copied();
        }
        let mut starts = [self.line_starts(), &*self.lone_starts].concat();
        starts.sort_unstable();
        starts.get(line).copied()
    }

    /// The line and column of a byte offset; an offset past the end gives the end.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let line_starts = self.line_starts();
        let line = line_starts.partition_point(|&start| start <= offset);
        let before = |offset| self.char_counts.before(&self.text, offset);
        Position {
            line,
            column: before(offset) - before(line_starts[line - 1]) + 1,
        }
    }

    /// The text of a line, counted from 1, without its end; none after the last line.
    #[must_use]
    pub fn line(&self, line: usize) -> Option<&str> {
        let range = self.line_range(line)?;
        let text = &self.text[range];
        let text = text.strip_suffix('\n').unwrap_or(text);
        Some(text.strip_suffix('\r').unwrap_or(text))
    }

    /// The bytes of a line, counted from 1, with its end; none after the last line.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Option<Range<usize>> {
        let line_starts = self.line_starts();
        let start = *line_starts.get(line.checked_sub(1)?)?;
        let end = line_starts.get(line).copied();
        Some(start..end.unwrap_or(self.text.len()))
    }
}

fn fingerprint(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
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
    by_name: BTreeMap<String, SourceId>,
}

impl Sources {
    /// Adds a file and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let id = u32::try_from(self.files.len()).expect("fewer than four billion files");
        let source = Source::new(name.into(), text.into());
        self.by_name.insert(source.name.clone(), SourceId(id));
        self.files.push(source);
        SourceId(id)
    }

    /// Adds a file, or replaces the text of the file of that name: its number stays, and its version
    /// increases if the text is a different one. What was concealed in it is shown again.
    pub fn set(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let (name, text) = (name.into(), text.into());
        let Some(&id) = self.by_name.get(&name) else {
            return self.add(name, text);
        };
        let old = &mut self.files[id.0 as usize];
        if Arc::ptr_eq(&old.text, &text) {
            return id;
        }
        let mut source = Source::new(name, text);
        source.version = old.version + u64::from(source.fingerprint != old.fingerprint);
        *old = source;
        id
    }

    /// Gives every file the name that is made of its own.
    pub fn rename(&mut self, name: impl Fn(&str) -> String) {
        self.by_name.clear();
        for (id, file) in (0..).zip(&mut self.files) {
            file.name = name(&file.name);
            self.by_name.insert(file.name.clone(), SourceId(id));
        }
    }

    /// The file of that name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Source> {
        self.by_name.get(name).map(|id| self.get(*id))
    }

    /// Puts `*` in place of every character of the spans, line ends excepted, wherever they are shown from now
    /// on.
    pub fn conceal(&mut self, spans: impl IntoIterator<Item = Span>) {
        let mut by_file: BTreeMap<SourceId, Vec<Range<usize>>> = BTreeMap::new();
        for span in spans {
            let ranges = by_file.entry(span.source).or_default();
            ranges.push(span.start..span.end);
        }
        for (file, ranges) in by_file {
            let source = &mut self.files[file.0 as usize];
            let mut bytes = source.text.as_bytes().to_vec();
            // As many bytes as before, so that every other span stays right.
            let is_whole = |range: &&Range<usize>| source.text.get((*range).clone()).is_some();
            for byte in ranges.iter().filter(is_whole).flat_map(Range::clone) {
                if bytes[byte] != b'\n' {
                    bytes[byte] = b'*';
                }
            }
            let text = String::from_utf8_lossy(&bytes);
            source.char_counts = CharCounts::of(&text);
            source.text = Arc::from(text);
        }
    }

    /// Every file.
    pub fn iter(&self) -> std::slice::Iter<'_, Source> {
        self.files.iter()
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

    /// `file:line:column` of a span's start.
    #[must_use]
    pub fn display(&self, span: Span) -> String {
        let (file, position) = self.locate(span);
        format!("{file}:{position}")
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

    #[test]
    fn lines_are_found_by_their_numbers() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "one\r\n\ntwo\n");
        let source = sources.get(id);
        let lines: Vec<_> = (0..6).map(|line| source.line(line)).collect();
        assert_eq!(
            lines,
            [None, Some("one"), Some(""), Some("two"), Some(""), None]
        );
    }

    #[test]
    fn editors_count_utf16_units_and_three_line_ends() {
        let mut sources = Sources::default();
        let id = sources.add("a.yaml", "a: \u{1f600}b\r\nc: é\rd\n");
        let source = sources.get(id);
        let at = |offset| {
            let position = source.utf16_position(offset);
            (position.line, position.character)
        };
        assert_eq!(at(3), (0, 3), "before the emoji");
        assert_eq!(at(7), (0, 5), "an emoji is two units");
        assert_eq!(at(5), (0, 3), "inside the emoji");
        assert_eq!(at(10), (1, 0), "CRLF is one line end");
        assert_eq!(at(16), (2, 0), "so is CR alone");
        assert_eq!(at(18), (3, 0));
        assert_eq!(at(999), (3, 0));
        let boundaries = source.text.char_indices().map(|(i, _)| i);
        for offset in boundaries.filter(|i| *i != 9) {
            let position = source.utf16_position(offset);
            assert_eq!(source.utf16_offset(position), offset, "{position:?}");
        }
        let offset = |line, character| source.utf16_offset(Utf16Position { line, character });
        assert_eq!(offset(0, 99), 8, "the end of the line, before CRLF");
        assert_eq!(offset(0, 4), 3, "inside the emoji");
        assert_eq!(offset(9, 0), 18);
    }

    #[test]
    fn a_text_is_replaced_in_place_and_its_version_counts_changes() {
        let mut sources = Sources::default();
        let id = sources.set("a.yaml", "key: secret");
        let other = sources.set("b.yaml", "");
        assert_ne!(id, other);
        let span = Span {
            source: id,
            start: 5,
            end: 11,
        };
        sources.conceal([span]);
        assert_eq!(sources.text(span), "******");
        assert_eq!(sources.set("a.yaml", "key: secret"), id);
        assert_eq!(sources.text(span), "secret");
        assert_eq!(sources.get(id).version(), 1, "the same text");
        assert_eq!(sources.set("a.yaml", "key: other"), id);
        assert_eq!(sources.get(id).version(), 2);
        assert_eq!(sources.by_name("b.yaml").map(Source::version), Some(1));
        assert_eq!(sources.display(span), "a.yaml:1:6");
    }
}
