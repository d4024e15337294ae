//! What the server knows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::{Connection, Message, Request, RequestId};
use lsp_types::{InitializeParams, Uri};

use super::capabilities::{can_refresh_lenses, watching};
use super::documents::{OpenDocument, OpenDocuments};
use super::session::{Found, Reading, Session};
use crate::editor::live_states::LiveStates;
use crate::editor::places::path_of;
use crate::editor::view::View;
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::{DiskFiles, ProjectFiles as _};
use crate::model::Source;
use crate::project::LoadOptions;

/// The server.
pub(super) struct Server<'a> {
    pub(super) connection: &'a Connection,
    pub(super) options: LoadOptions,
    pub(super) documents: OpenDocuments,
    /// The projects by their roots.
    pub(super) sessions: BTreeMap<PathBuf, Session>,
    /// Reads the services of projects.
    pub(super) live: Arc<dyn LiveStates>,
    pub(super) done: Sender<Found>,
    pub(super) found: Receiver<Found>,
    /// Messages that wait, the oldest first.
    pub(super) queue: VecDeque<Message>,
    /// Documents whose projects do not have their present texts yet.
    pub(super) changed: BTreeSet<Uri>,
    /// Documents whose present texts were not checked yet.
    pub(super) unchecked: BTreeSet<Uri>,
    /// Whether the editor asked to end.
    pub(super) is_ending: bool,
    /// Whether the editor can be asked to fetch lenses again.
    pub(super) refreshes_lenses: bool,
    requests: i32,
}

impl<'a> Server<'a> {
    pub(super) fn new(
        connection: &'a Connection,
        options: LoadOptions,
        live: Arc<dyn LiveStates>,
    ) -> Self {
        let (done, found) = unbounded();
        Self {
            connection,
            options,
            documents: OpenDocuments::new(),
            sessions: BTreeMap::new(),
            live,
            done,
            found,
            queue: VecDeque::new(),
            changed: BTreeSet::new(),
            unchecked: BTreeSet::new(),
            is_ending: false,
            refreshes_lenses: false,
            requests: 0,
        }
    }

    /// Opens the projects of the folders that the editor has open.
    pub(super) fn open_folders(&mut self, params: &InitializeParams, folder: Option<PathBuf>) {
        if let Some(params) = watching(params) {
            self.request("client/registerCapability", params);
        }
        self.refreshes_lenses = can_refresh_lenses(params);
        let folders = params.workspace_folders.iter().flatten();
        let mut paths: Vec<PathBuf> = folders.filter_map(|folder| path_of(&folder.uri)).collect();
        #[expect(deprecated, reason = "older editors know nothing else")]
        let root = params.root_uri.as_ref().and_then(path_of);
        paths.extend(root);
        paths.extend(folder);
        for path in paths {
            self.open_project(&path);
        }
    }

    /// The root of the project that a folder is in. It is read, if it was not before.
    pub(super) fn open_project(&mut self, folder: &Path) -> Option<PathBuf> {
        let disk = DiskFiles::find(folder)?;
        let root = disk.root().to_owned();
        if !self.sessions.contains_key(&root) {
            self.sessions.insert(root.clone(), Session::new(disk));
            self.recall(&root);
        }
        if let Some(session) = self.sessions.get_mut(&root) {
            session.read(&self.options, &self.done);
        }
        Some(root)
    }

    /// Takes what a thread found out.
    pub(super) fn take(&mut self, found: Found) {
        match found {
            Found::Project(reading) => self.take_reading(reading),
            Found::Live(root, reading) => self.take_live(&root, reading),
        }
    }

    /// Takes what a thread read, and shows it: first of the documents that are open.
    fn take_reading(&mut self, reading: Reading) {
        let root = reading.root.clone();
        let Some(session) = self.sessions.get_mut(&root) else {
            return;
        };
        let were_open = session.take(reading);
        let mut open = Vec::new();
        let documents = self.documents.values();
        for document in documents.filter(|it| it.project.as_ref() == Some(&root)) {
            let name = &document.source.name;
            let is_known = session.is_known(name) || session.was_read_with(&document.source);
            if !is_known {
                session.facts.index_text(&document.source);
                session.check(name, &self.options);
            } else if !were_open.contains(name) {
                session.prove(name, &self.options);
            }
            open.push(name.clone());
        }
        session.read(&self.options, &self.done);
        let has_lenses = session.has_live() && !open.is_empty();
        for file in open {
            self.publish(&root, &file);
        }
        if has_lenses {
            self.show_lenses_again();
        }
    }

    /// What is found for an open document, once its project was read; `None` for a document without a project.
    pub(super) fn at<T>(&mut self, uri: &Uri, find: impl FnOnce(&View<'_>) -> T) -> Option<T> {
        let root = self.documents.get(uri)?.project.clone()?;
        self.wait_for_first_reading(&root);
        let document = self.documents.get(uri)?;
        self.look(&root, &document.source, find)
    }

    /// What is found in all projects.
    pub(super) fn in_every_project<T>(&mut self, find: impl Fn(&View<'_>) -> Vec<T>) -> Vec<T> {
        let roots: Vec<PathBuf> = self.sessions.keys().cloned().collect();
        let nothing = Source::new(String::new(), "".into());
        let mut found = Vec::new();
        for root in roots {
            self.wait_for_first_reading(&root);
            found.extend(self.look(&root, &nothing, &find).into_iter().flatten());
        }
        found
    }

    /// What `find` finds about a document, or about no document, of a project.
    fn look<T>(
        &self,
        root: &Path,
        document: &Source,
        find: impl FnOnce(&View<'_>) -> T,
    ) -> Option<T> {
        let session = self.sessions.get(root)?;
        let of_project = |other: &OpenDocument| other.project.as_deref() == Some(root);
        let open = self.documents.iter();
        let open = open.filter(|(_, other)| of_project(other));
        let read = |file: &str| {
            let text = session
                .files
                .read_document(file.as_ref(), MOST_MANIFEST_BYTES);
            text.ok()
        };
        Some(find(&View {
            facts: &session.facts,
            document,
            root,
            read: &read,
            open: open
                .map(|(uri, it)| (it.source.name.as_str(), (uri, it.version)))
                .collect(),
        }))
    }

    /// Waits until the problems of a document are those of its present text.
    pub(super) fn wait_for_findings(&mut self, uri: &Uri) {
        self.check_changed();
        let Some(document) = self.documents.get(uri) else {
            return;
        };
        let (root, name) = (document.project.clone(), document.source.name.clone());
        let Some(root) = root else { return };
        let is_known = |it: &Session| !it.is_unread() && it.is_known(&name);
        while self.sessions.get(&root).is_some_and(|it| !is_known(it)) {
            match self.found.recv() {
                Ok(found) => self.take(found),
                Err(_) => return,
            }
        }
    }

    pub(super) fn wait_for_first_reading(&mut self, root: &Path) {
        while self.sessions.get(root).is_some_and(Session::is_unread) {
            match self.found.recv() {
                Ok(found) => self.take(found),
                Err(_) => return,
            }
        }
    }

    /// Sends a request; what the editor responds is not needed.
    pub(super) fn request(&mut self, method: &str, params: impl serde::Serialize) {
        self.requests += 1;
        let id = RequestId::from(self.requests);
        let request = Request::new(id, method.to_owned(), params);
        self.send(Message::Request(request));
    }

    /// Sends a message. When the connection is closed, the loop ends by itself.
    pub(super) fn send(&self, message: Message) {
        let _ = self.connection.sender.send(message);
    }

    /// The file of an address within a project that is open or can be opened, which becomes its project.
    pub(super) fn locate(&mut self, uri: &Uri) -> Option<(PathBuf, String)> {
        let path = path_of(uri)?;
        let folder = path.ancestors().skip(1).find(|folder| folder.is_dir())?;
        let real = folder.canonicalize().ok()?;
        let below = path.strip_prefix(folder).ok()?;
        let root = self.open_project(folder)?;
        let file = real.join(below);
        let name = file.strip_prefix(&root).ok()?;
        Some((root, name.to_string_lossy().replace('\\', "/")))
    }
}
