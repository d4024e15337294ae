//! Where in the text something is.

use std::collections::HashMap;

use prost_types::FileDescriptorProto;

use crate::document::breaking::findings::DocumentPlace;
use crate::document::breaking::text_range::TextRange;

/// The places of the parts of a file, by their paths in its descriptor.
pub(super) struct Places<'t> {
    spans: HashMap<&'t [i32], &'t [i32]>,
    lines: Vec<&'t str>,
}

impl<'t> Places<'t> {
    pub(super) fn of(file: &'t FileDescriptorProto, text: &'t str) -> Self {
        let info = file.source_code_info.iter();
        let locations = info.flat_map(|info| &info.location);
        Self {
            spans: locations
                .map(|it| (it.path.as_slice(), it.span.as_slice()))
                .collect(),
            lines: text.split('\n').collect(),
        }
    }

    /// The place of a word in what has one of the paths.
    pub(super) fn word(&self, path: &[i32], word: &str) -> DocumentPlace {
        let above = (0..=path.len()).rev().map(|length| &path[..length]);
        let span = above.filter_map(|path| self.spans.get(path)).next();
        let (line, column) = match span {
            Some([line, column, ..]) => (number(*line), number(*column)),
            _ => (0, 0),
        };
        let text = self.lines.get(line).copied().unwrap_or_default();
        let nearest = nearest(text, word, column);
        DocumentPlace::Text(TextRange {
            line,
            column: nearest.unwrap_or(column.min(text.len())),
            length: nearest.map_or(0, |_| word.len()),
        })
    }
}

/// Where a word is on a line, nearest to a column. The columns of an edition, which is rewritten before it is read, are a
/// little off; a line may hold a whole file, so that it is not searched to its ends.
fn nearest(line: &str, word: &str, column: usize) -> Option<usize> {
    const REACH: usize = 1024;
    if word.is_empty() {
        return None;
    }
    let rest = line.get(column..);
    if rest.is_some_and(|rest| rest.starts_with(word)) {
        return Some(column);
    }
    let from = line.floor_char_boundary(column.saturating_sub(REACH));
    let to = line.ceil_char_boundary(column.saturating_add(REACH + word.len()));
    let found = line[from..to].match_indices(word).map(|(at, _)| from + at);
    found.min_by_key(|at| at.abs_diff(column))
}

fn number(of: i32) -> usize {
    usize::try_from(of).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_the_place() {
        for (line, word, column, expected) in [
            ("a b a", "a", 4, Some(4)),
            ("a b a", "a", 3, Some(4)),
            ("a b a", "a", 1, Some(0)),
            ("é a", "a", 1, Some(3)),
            ("a", "a", 900, Some(0)),
            ("a", "b", 0, None),
            ("a", "", 0, None),
        ] {
            assert_eq!(
                nearest(line, word, column),
                expected,
                "{line} {word} {column}"
            );
        }
        let far = format!("{}a", " ".repeat(1_000_000));
        assert_eq!(nearest(&far, "a", 0), None);
        assert_eq!(nearest(&far, "a", 999_990), Some(1_000_000));
    }
}
