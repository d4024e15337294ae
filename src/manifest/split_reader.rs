//! Reads the files that a description refers to.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::source::{ProjectFiles, ReadProblem};
use crate::document::bundle::{self, Bundle};

/// How many times as many bytes are read for one description as it may have: parts may be read for the little that
/// is used of them.
const READ_FACTOR: usize = 8;

/// Why a part could not be read.
#[derive(Debug)]
pub(super) enum Failure {
    Read(ReadProblem),
    TooMuch,
}

/// Files of a project as parts of one description.
pub(super) struct Reader<'a> {
    files: &'a dyn ProjectFiles,
    pub(super) failures: RefCell<BTreeMap<String, Failure>>,
    /// Bytes that may still be read.
    left: RefCell<usize>,
    most_bytes: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(files: &'a dyn ProjectFiles, main_bytes: usize, most_bytes: usize) -> Self {
        Self {
            files,
            failures: RefCell::default(),
            left: RefCell::new((READ_FACTOR * most_bytes).saturating_sub(main_bytes)),
            most_bytes,
        }
    }

    pub(super) fn bundle(&self, path: &str, text: &str) -> Option<Bundle> {
        let mut read = |path: &str| match self.read(path) {
            Ok(text) => Some(text),
            Err(failure) => {
                self.failures.borrow_mut().insert(path.to_owned(), failure);
                None
            }
        };
        bundle::bundle(path, text, self.most_bytes, &mut read)
    }

    fn read(&self, path: &str) -> Result<Arc<str>, Failure> {
        let read = self.files.read_document(Path::new(path), self.most_bytes);
        let text = read.map_err(Failure::Read)?;
        let mut left = self.left.borrow_mut();
        if text.len() > *left {
            return Err(Failure::TooMuch);
        }
        *left -= text.len();
        Ok(text)
    }
}
