//! A project that is edited: its files with what is not saved, and what was last known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::Sender;
use lsp_server::RequestId;

use crate::editor::facts::Facts;
use crate::editor::lenses::Standings;
use crate::editor::one_file;
use crate::manifest::source::DiskFiles;
use crate::model::{LiveState, Source};
use crate::project::{FilesWithUnsaved, LoadOptions};

/// What a thread found out.
#[derive(Debug)]
pub(super) enum Found {
    /// A project was read.
    Project(Reading),
    /// The service of the project in a folder was read, or what was kept of it.
    Live(PathBuf, LiveReading),
}

/// What is live, or why that is not known.
#[derive(Debug)]
pub(super) enum LiveReading {
    Kept(Option<LiveState>),
    New(Result<LiveState, String>),
}

/// What a thread found that read a project.
#[derive(Debug)]
pub(super) struct Reading {
    /// The root of the project.
    pub(super) root: PathBuf,
    /// The state of the texts that was read.
    revision: u64,
    /// The documents that were open.
    open: Vec<String>,
    /// What is known now; `None` if reading failed.
    facts: Option<Facts>,
}

/// What the editor shows of a file: the number of the text that it is about, and a hash of the problems.
type Shown = (Option<i32>, u64);

/// A project that is edited.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) files: FilesWithUnsaved,
    /// What is known of it.
    pub(super) facts: Facts,
    /// What the editor shows, by file.
    pub(super) shown: BTreeMap<String, Shown>,
    /// Files whose problems may be others than the editor shows.
    pub(super) unpublished: BTreeSet<String>,
    /// Counts the changes of texts.
    revision: u64,
    /// The last change of each text.
    changed: BTreeMap<String, u64>,
    /// The change of each text after which it was checked by itself.
    checked: BTreeMap<String, u64>,
    /// The state of the texts that `facts` are about.
    known: u64,
    /// Changed texts that the whole project has to be read with.
    unread: BTreeSet<String>,
    /// Whether files on disk changed since they were read.
    is_outdated: bool,
    is_reading: bool,
    /// What was live when the service was read last.
    live: Option<LiveState>,
    /// Requests that wait until the service was read.
    pub(super) refreshes: Vec<RequestId>,
}

impl Session {
    pub(super) fn new(disk: DiskFiles) -> Self {
        Self {
            files: FilesWithUnsaved::new(disk),
            facts: Facts::default(),
            shown: BTreeMap::new(),
            unpublished: BTreeSet::new(),
            revision: 1,
            changed: BTreeMap::new(),
            checked: BTreeMap::new(),
            known: 0,
            unread: BTreeSet::new(),
            is_outdated: true,
            is_reading: false,
            live: None,
            refreshes: Vec::new(),
        }
    }

    pub(super) fn root(&self) -> &Path {
        self.files.root()
    }

    /// Takes the text of a document that is opened. Says whether it is the text that is known.
    pub(super) fn open(&mut self, source: &Source, version: i32, options: &LoadOptions) -> bool {
        let path = source.name.as_str();
        if !self.facts.is_indexed(source) || !self.is_known(path) {
            self.set(source, version);
            return false;
        }
        self.files.set(path, Arc::clone(&source.text), version);
        self.prove(path, options);
        true
    }

    /// Takes the text of a document that is open.
    pub(super) fn set(&mut self, source: &Source, version: i32) {
        let path = source.name.as_str();
        self.files.set(path, Arc::clone(&source.text), version);
        self.note_change(path);
        self.facts.index_text(source);
    }

    /// Checks a text by itself, if the project is so large that reading all of it takes a while. Says whether it did. The
    /// whole project is to be read too, if its other files may have other problems now.
    pub(super) fn check(&mut self, path: &str, options: &LoadOptions) -> bool {
        let Some(checked) = one_file::check(&self.facts, path, (&self.files, options)) else {
            self.unread.insert(path.to_owned());
            return false;
        };
        match one_file::is_enough(&self.facts, path, &checked) {
            true => self.unread.remove(path),
            false => self.unread.insert(path.to_owned()),
        };
        self.facts
            .findings
            .insert(path.to_owned(), checked.findings);
        let at = self.changed.get(path).copied().unwrap_or_default();
        self.checked.insert(path.to_owned(), at);
        true
    }

    /// Goes back to the file on disk.
    pub(super) fn discard(&mut self, path: &str) {
        self.files.discard(path);
        self.note_change(path);
        self.unread.insert(path.to_owned());
    }

    /// Notes that files on disk changed.
    pub(super) fn note_change_on_disk(&mut self) {
        self.revision += 1;
        self.is_outdated = true;
    }

    fn note_change(&mut self, path: &str) {
        self.revision += 1;
        self.changed.insert(path.to_owned(), self.revision);
    }

    /// Whether what is known of a text is about the present one.
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

    /// Reads the project on a thread, unless it is being read or nothing changed that needs it.
    pub(super) fn read(&mut self, options: &LoadOptions, done: &Sender<Found>) {
        let is_needed = self.is_outdated || !self.unread.is_empty();
        if self.is_reading || !is_needed {
            return;
        }
        self.is_reading = true;
        self.is_outdated = false;
        self.unread.clear();
        let (files, options, done) = (self.files.clone(), options.clone(), done.clone());
        let (root, revision) = (self.root().to_owned(), self.revision);
        let (known, open) = (self.facts.index.shared(), self.files.unsaved());
        std::thread::spawn(move || {
            let read = || {
                let mut facts = Facts::read(files.clone(), options.clone(), &known);
                for file in &open {
                    one_file::prove(&mut facts, file, (&files, &options));
                }
                facts
            };
            let facts = catch_unwind(AssertUnwindSafe(read)).ok();
            // After the end of the server nobody receives it.
            let _ = done.send(Found::Project(Reading {
                root,
                revision,
                open,
                facts,
            }));
        });
    }

    /// Takes what a thread found. Returns the documents that were open then.
    pub(super) fn take(&mut self, reading: Reading) -> Vec<String> {
        self.is_reading = false;
        self.known = reading.revision;
        // What is known of texts that changed since is about earlier ones.
        self.checked.clear();
        if let Some(facts) = reading.facts {
            let before = std::mem::replace(&mut self.facts, facts);
            // Those of a large project take a moment, in which nobody would be responded to.
            std::thread::spawn(move || drop(before));
        }
        let shown = self.shown.keys();
        let all = self.facts.findings.keys().chain(shown);
        self.unpublished.extend(all.cloned());
        reading.open
    }

    /// Takes what is live.
    pub(super) fn take_live(&mut self, live: LiveState) {
        self.live = Some(live);
    }

    /// Whether the service was read.
    pub(super) fn has_live(&self) -> bool {
        self.live.is_some()
    }

    /// How the resources of a document stand to the service; `None` if it was not read yet.
    pub(super) fn standings(&self, path: &str, options: &LoadOptions) -> Option<Standings> {
        let project = (&self.files, options);
        let live = self.live.as_ref()?;
        Some(one_file::standings(&self.facts, path, project, live))
    }

    /// Whether the project was read with this text of a document, although it was not said to be open then; if so, all
    /// is known of it.
    pub(super) fn was_read_with(&mut self, source: &Source) -> bool {
        let is_read = self.facts.is_indexed(source);
        if is_read {
            let path = source.name.as_str();
            let at = self.changed.get(path).copied().unwrap_or_default();
            self.checked.insert(path.to_owned(), at);
            self.unread.remove(path);
        }
        is_read
    }

    /// Finds out whether a document whose present text was read with the whole project can be checked by itself.
    pub(super) fn prove(&mut self, path: &str, options: &LoadOptions) {
        one_file::prove(&mut self.facts, path, (&self.files, options));
    }
}
