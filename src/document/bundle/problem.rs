//! What can be wrong with a description that is split into several files.

use std::ops::Range;

/// What is wrong in a file of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleProblem {
    /// The file, by its index.
    pub file: usize,
    /// Where in it, in bytes.
    pub place: Range<usize>,
    /// What is wrong there.
    pub kind: BundleProblemKind,
}

/// What is wrong in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BundleProblemKind {
    /// The file that a reference names cannot be read.
    File {
        /// Its path relative to the project.
        path: String,
    },
    /// A reference to a file outside the project.
    Outside {
        /// The reference.
        reference: String,
    },
    /// The file that a reference names does not have what it names.
    Nothing {
        /// The file.
        path: String,
        /// What was looked for in it.
        fragment: String,
        /// The names that are in the place of the last step.
        known: Vec<String>,
        /// Whether the main file has it.
        is_in_main: bool,
    },
    /// A file is not a single well-formed YAML or JSON document.
    Malformed {
        /// What is wrong with it.
        message: String,
    },
    /// A key is in a mapping twice.
    DuplicateKey {
        /// What is wrong, in words.
        message: String,
        /// Where the key is for the first time.
        first: Option<Range<usize>>,
    },
    /// References lead to references, and not to an object.
    Endless,
    /// More files than are read for one description.
    TooMany,
    /// The bundle is larger than allowed.
    TooLarge,
    /// Values of the bundle are nested too deeply.
    TooDeep,
}

impl BundleProblemKind {
    /// Whether a reference leads to another file that cannot be read here.
    #[must_use]
    pub fn is_outward(&self) -> bool {
        matches!(self, Self::File { .. } | Self::Outside { .. })
    }
}
