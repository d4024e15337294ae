//! Places in descriptions that are texts, not trees.

/// A part of one line. Lines are what all ways to end a line agree about, so it holds for the text as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRange {
    /// The line, from 0.
    pub line: usize,
    /// Bytes of the line before it.
    pub column: usize,
    /// Its length in bytes.
    pub length: usize,
}

impl TextRange {
    /// Where it starts and ends in a text, in bytes.
    #[must_use]
    pub fn bytes(self, text: &str) -> std::ops::Range<usize> {
        let line_start = match self.line {
            0 => 0,
            line => text
                .match_indices('\n')
                .nth(line - 1)
                .map_or(text.len(), |(end, _)| end + 1),
        };
        let start = text.floor_char_boundary(line_start + self.column);
        let end = text.floor_char_boundary(start + self.length);
        start..end
    }
}

/// Where the lines of a text start.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        Self(std::iter::once(0).chain(ends).collect())
    }

    /// The place of some bytes.
    pub(super) fn range(&self, start: usize, length: usize) -> TextRange {
        let line = self
            .0
            .partition_point(|from| *from <= start)
            .saturating_sub(1);
        TextRange {
            line,
            column: start - self.0[line],
            length,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_hold_for_all_ways_to_end_a_line() {
        let text = "a\nb é c\n\nd";
        let lines = Lines::of(text);
        for (word, line, column) in [("a", 0, 0), ("c", 1, 5), ("d", 3, 0)] {
            let range = lines.range(text.find(word).unwrap(), 1);
            assert_eq!((range.line, range.column), (line, column), "{word}");
            for given in [text.to_owned(), text.replace('\n', "\r\n")] {
                assert_eq!(&given[range.bytes(&given)], word);
            }
        }
        let outside = TextRange {
            line: 9,
            column: 9,
            length: 9,
        };
        assert_eq!(outside.bytes("é"), 2..2);
    }
}
