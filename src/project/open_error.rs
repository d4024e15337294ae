//! Why a project cannot be opened.

use std::io;
use std::path::PathBuf;

/// Why a project cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// No project file in a folder or in one above it.
    NotFound {
        /// The folder.
        start: PathBuf,
    },
    /// The project file cannot be read.
    Unreadable(io::Error),
    /// The project file is not UTF-8 text.
    NotText {
        /// Offset of the first byte that is not UTF-8.
        offset: usize,
    },
    /// No target can be chosen; the text says why.
    Target(String),
}
