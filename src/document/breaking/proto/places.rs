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
        // The columns of an edition, which is rewritten before it is read, are a little off.
        let nearest = text
            .match_indices(word)
            .map(|(at, _)| at)
            .filter(|_| !word.is_empty())
            .min_by_key(|at| at.abs_diff(column));
        DocumentPlace::Text(TextRange {
            line,
            column: nearest.unwrap_or(column.min(text.len())),
            length: nearest.map_or(0, |_| word.len()),
        })
    }
}

fn number(of: i32) -> usize {
    usize::try_from(of).unwrap_or_default()
}
