//! Places in files as the protocol names them: addresses of files, and ranges in UTF-16.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use lsp_types::{Position, Range, Uri};
use url::Url;

use crate::model::{Source, Utf16Position};

/// The address of a file.
pub(super) fn uri_of(path: &Path) -> Option<Uri> {
    let url = Url::from_file_path(path).ok()?;
    Uri::from_str(url.as_str()).ok()
}

/// The file that an address names; `None` for what is not a file.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    Url::parse(uri.as_str()).ok()?.to_file_path().ok()
}

/// The range of some bytes of a text.
pub(super) fn range_of(source: &Source, start: usize, end: usize) -> Range {
    Range {
        start: position_of(source, start),
        end: position_of(source, end.max(start)),
    }
}

/// The position of a byte of a text.
pub(super) fn position_of(source: &Source, offset: usize) -> Position {
    let Utf16Position { line, character } = source.utf16_position(offset);
    // An editor has no text of four billion lines.
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position {
        line: number(line),
        character: number(character),
    }
}

/// The byte of a text at a position.
pub(super) fn offset_of(source: &Source, position: Position) -> usize {
    source.utf16_offset(Utf16Position {
        line: position.line as usize,
        character: position.character as usize,
    })
}
