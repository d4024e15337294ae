//! What a description that may have parts is read for, and how large it may be.

use super::inline::MOST_INLINE_BYTES;
use crate::model::{Diagnostic, code};

/// Bytes of a description that is only compared (chosen here).
const MOST_COMPARED_BYTES: usize = 64 * 1024 * 1024;

/// What a description is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A definition has it, so that it goes to the service.
    Definition,
    /// It is compared with another one.
    Comparison,
}

impl Purpose {
    /// The most bytes that the whole description, or one of its files, may have.
    pub(super) fn most_bytes(self) -> usize {
        match self {
            Self::Definition => MOST_INLINE_BYTES,
            Self::Comparison => MOST_COMPARED_BYTES,
        }
    }

    /// The limit in words.
    fn limit(self) -> String {
        match self {
            Self::Definition => {
                format!("the service takes at most {MOST_INLINE_BYTES} (3 MB)")
            }
            Self::Comparison => format!("at most {MOST_COMPARED_BYTES} are compared"),
        }
    }

    /// That a description with its parts has too many bytes.
    pub(super) fn too_large(self, size: &str) -> Diagnostic {
        let message = format!(
            "with the files that it refers to, the document has {size}; {}",
            self.limit()
        );
        match self {
            Self::Definition => {
                Diagnostic::error(code::DOCUMENT_TOO_LARGE, format!("{message} inline"))
                    .help("publish the whole document and name it with `source: {url: …}`")
            }
            Self::Comparison => Diagnostic::error(code::DOCUMENT_TOO_LARGE, message),
        }
    }

    /// That one file of a description has too many bytes.
    pub(super) fn part_too_large(self, path: &str, bytes: u64) -> Diagnostic {
        let message = format!(
            "`{path}` has {bytes} bytes; {} for the whole document",
            self.limit()
        );
        Diagnostic::error(code::DOCUMENT_TOO_LARGE, message)
    }
}
