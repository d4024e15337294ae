//! The documents that manifests name, read and checked ahead on all cores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::inline::{MOST_INLINE_BYTES, has_size};
use super::known_facts::KnownFacts;
use super::purpose::Purpose;
use super::source::ProjectFiles;
use super::split::{self, SplitText};
use crate::document::DocumentFacts;

/// What is known of a text before anything of it is reported.
pub(super) enum Form {
    /// Nothing but text by its file's name, so that it refers to no other file.
    PlainText(DocumentFacts),
    /// A whole document.
    Single(DocumentFacts),
    /// One that refers to other files, and what the whole is.
    Split(Box<SplitText>, DocumentFacts),
}

/// A file that was read ahead.
pub(super) struct Prepared {
    pub(super) text: Arc<str>,
    pub(super) form: Form,
}

/// Files by their paths relative to the project. One that cannot be read is not among them.
pub(super) struct PreparedDocuments<'a> {
    files: &'a dyn ProjectFiles,
    facts: &'a KnownFacts,
    prepared: BTreeMap<String, Prepared>,
}

impl<'a> PreparedDocuments<'a> {
    /// Reads files, unless their texts are known.
    pub(super) fn of(
        files: &'a dyn ProjectFiles,
        facts: &'a KnownFacts,
        paths: &BTreeSet<String>,
        known: impl Fn(&str) -> Option<Arc<str>> + Sync,
    ) -> Self {
        let mut documents = Self {
            files,
            facts,
            prepared: BTreeMap::new(),
        };
        let prepare = |path: &String| {
            let text = known(path).filter(|text| has_size(text)).or_else(|| {
                let read = files.read_document(Path::new(path), MOST_INLINE_BYTES);
                read.ok().filter(|text| has_size(text))
            })?;
            let form = documents.form(path, &text, true);
            Some((path.clone(), Prepared { text, form }))
        };
        let paths: Vec<&String> = paths.iter().collect();
        let prepared: Vec<_> = paths.into_par_iter().filter_map(prepare).collect();
        documents.prepared = prepared.into_iter().collect();
        documents
    }

    pub(super) fn get(&self, path: &str) -> Option<&Prepared> {
        self.prepared.get(path)
    }

    /// What is known of a text, by itself and with the files that it refers to.
    pub(super) fn form(&self, path: &str, text: &str, is_file: bool) -> Form {
        let name = is_file.then_some(path);
        if name.is_some_and(is_plain_text) {
            return Form::PlainText(self.facts.of(name, text));
        }
        if let Some(facts) = self.facts.of_single(name, text) {
            return Form::Single(facts);
        }
        match split::read(self.files, path, text, Purpose::Definition) {
            None => Form::Single(self.facts.of(name, text)),
            Some(split) => {
                let facts = self.facts.of(name, split.text().unwrap_or(text));
                Form::Split(Box::new(split), facts)
            }
        }
    }
}

/// Whether a file's name says that its text is nothing but text.
fn is_plain_text(path: &str) -> bool {
    let extension = Path::new(path).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("txt"))
}
