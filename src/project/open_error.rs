//! Why a project cannot be opened.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::manifest::PROJECT_FILE;

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

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { start } => {
                let start = start.display();
                write!(
                    f,
                    "no {PROJECT_FILE} (or apicenter.yml) in `{start}` or in a folder above it"
                )
            }
            Self::Unreadable(error) => write!(f, "cannot read {PROJECT_FILE}: {error}"),
            Self::NotText { offset } => {
                write!(f, "{PROJECT_FILE} is not UTF-8 text (byte {offset})")
            }
            Self::Target(message) => f.write_str(message),
        }
    }
}
