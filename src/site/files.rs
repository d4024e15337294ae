//! Files of a site.

use crate::export::ExportFile;

pub(super) fn file(path: impl Into<String>, content: impl Into<Vec<u8>>) -> ExportFile {
    ExportFile {
        path: path.into(),
        bytes: content.into(),
    }
}
