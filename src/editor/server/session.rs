//! A project that is edited: its files with what is not saved, and what was last known of it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::Sender;

use crate::editor::facts::Facts;
use crate::editor::one_file;
use crate::manifest::source::DiskFiles;
use crate::model::Source;
use crate::project::{FilesWithUnsaved, LoadOptions};

/// What a thread found that read a project.
#[derive(Debug)]
pub(super) struct Reading {
    /// The root of the project.
    pub(super) root: PathBuf,
    /// The state of the texts that was read.
    revision: u64,
    /// What is known now; `None` if reading failed.
    facts: Option<Facts>,
}

/// What the editor shows of a file: the number of the text that it is about, and the problems.
pub(super) type Shown = (Option<i32>, Vec<lsp_types::Diagnostic>);

/// A project that is edited.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) files: FilesWithUnsaved,
    /// What is known of it.
    pub(super) facts: Facts,
    /// What the editor shows, by file.
    pub(super) published: BTreeMap<String, Shown>,
    /// Counts the changes of texts.
    revision: u64,
    /// The last change of each text.
    changed: BTreeMap<String, u64>,
    /// The change of each text after which it was checked by itself.
    checked: BTreeMap<String, u64>,
    /// The state of the texts that `facts` are about.
    known: u64,
    is_reading: bool,
}

impl Session {
    pub(super) fn new(disk: DiskFiles) -> Self {
        Self {
            files: FilesWithUnsaved::new(disk),
            facts: Facts::default(),
            published: BTreeMap::new(),
            revision: 1,
            changed: BTreeMap::new(),
            checked: BTreeMap::new(),
            known: 0,
            is_reading: false,
        }
    }

    pub(super) fn root(&self) -> &Path {
        self.files.root()
    }

    /// Takes the text of a document that is open.
    pub(super) fn set(&mut self, source: &Source, version: i32) {
        let path = source.name.as_str();
        self.files.set(path, Arc::clone(&source.text), version);
        self.note_change(path);
        self.facts.index_text(source);
    }

    /// Checks a text by itself, if the project is so large that reading all of it takes a while. Says whether it did.
    pub(super) fn check(&mut self, path: &str, options: &LoadOptions) -> bool {
        let Some(found) = one_file::check(&self.facts, path, (&self.files, options)) else {
            return false;
        };
        self.facts.findings.insert(path.to_owned(), found);
        let at = self.changed.get(path).copied().unwrap_or_default();
        self.checked.insert(path.to_owned(), at);
        true
    }

    /// Goes back to the file on disk.
    pub(super) fn discard(&mut self, path: &str) {
        self.files.discard(path);
        self.note_change(path);
    }

    /// Notes that files on disk changed.
    pub(super) fn note_change_on_disk(&mut self) {
        self.revision += 1;
    }

    fn note_change(&mut self, path: &str) {
        self.revision += 1;
        self.changed.insert(path.to_owned(), self.revision);
    }

    /// Whether a text is as it was when the facts were found.
    pub(super) fn is_known(&self, path: &str) -> bool {
        let Some(at) = self.changed.get(path) else {
            return true;
        };
        *at <= self.known || self.checked.get(path) == Some(at)
    }

    /// Whether nothing is known yet.
    pub(super) fn is_unread(&self) -> bool {
        self.known == 0
    }

    /// Whether nothing changed since the facts were found.
    pub(super) fn is_settled(&self) -> bool {
        self.known == self.revision
    }

    /// Reads the project on a thread, unless it is being read or nothing changed.
    pub(super) fn read(&mut self, options: &LoadOptions, done: &Sender<Reading>) {
        if self.is_reading || self.is_settled() {
            return;
        }
        self.is_reading = true;
        let (files, options, done) = (self.files.clone(), options.clone(), done.clone());
        let (root, revision) = (self.root().to_owned(), self.revision);
        std::thread::spawn(move || {
            let facts = catch_unwind(AssertUnwindSafe(|| Facts::read(files, options))).ok();
            // After the end of the server nobody receives it.
            let _ = done.send(Reading {
                root,
                revision,
                facts,
            });
        });
    }

    /// Takes what a thread found.
    pub(super) fn take(&mut self, reading: Reading) {
        self.is_reading = false;
        self.known = reading.revision;
        if let Some(facts) = reading.facts {
            let before = std::mem::replace(&mut self.facts, facts);
            // Those of a large project take a moment, in which nobody would be responded to.
            std::thread::spawn(move || drop(before));
        }
    }
}
