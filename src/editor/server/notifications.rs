//! What the editor reports: documents that are opened, changed and closed, and files that changed.

use std::path::PathBuf;

use lsp_server::Notification;
use lsp_types::notification::{
    DidChangeTextDocument, DidChangeWatchedFiles, DidCloseTextDocument, DidOpenTextDocument,
    DidSaveTextDocument, Notification as _,
};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, TextDocumentItem, Uri,
};
use serde::de::DeserializeOwned;

use super::documents::OpenDocument;
use super::state::Server;
use crate::editor::places::path_of;
use crate::model::Source;

impl Server<'_> {
    /// Takes a notification. One that is not known, or that makes no sense, is ignored, as the protocol says.
    pub(super) fn notice(&mut self, notification: Notification) {
        match notification.method.as_str() {
            DidOpenTextDocument::METHOD => {
                self.with(notification, |server, params: DidOpenTextDocumentParams| {
                    server.open(params.text_document);
                });
            }
            DidChangeTextDocument::METHOD => self.with(notification, Self::change),
            DidCloseTextDocument::METHOD => self.with(notification, Self::close),
            DidSaveTextDocument::METHOD => {
                self.with(notification, |server, params: DidSaveTextDocumentParams| {
                    let path = path_of(&params.text_document.uri);
                    server.reread(path.into_iter().collect());
                });
            }
            DidChangeWatchedFiles::METHOD => {
                self.with(
                    notification,
                    |server, params: DidChangeWatchedFilesParams| {
                        // The text of a document that is open is the editor's.
                        let open = |uri: &Uri| server.documents.contains_key(uri);
                        let changes = params.changes.iter().map(|change| &change.uri);
                        let changed = changes.filter(|uri| !open(uri)).filter_map(path_of);
                        server.reread(changed.collect());
                    },
                );
            }
            _ => {}
        }
    }

    fn with<P: DeserializeOwned>(
        &mut self,
        notification: Notification,
        take: impl FnOnce(&mut Self, P),
    ) {
        match serde_json::from_value(notification.params) {
            Ok(params) => take(self, params),
            Err(error) => tracing::warn!(method = notification.method, %error, "not understood"),
        }
    }

    fn open(&mut self, item: TextDocumentItem) {
        let located = self.locate(&item.uri);
        let (project, name) =
            located.map_or((None, String::new()), |(root, name)| (Some(root), name));
        let document = OpenDocument {
            version: item.version,
            source: Source::new(name, item.text.into()),
            project: project.clone(),
        };
        let session = project.and_then(|root| self.sessions.get_mut(&root));
        if let Some(session) = session {
            match session.open(&document.source, document.version, &self.options) {
                true => _ = session.unpublished.insert(document.source.name.clone()),
                false => _ = self.unchecked.insert(item.uri.clone()),
            }
        }
        self.documents.insert(item.uri, document);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        if let Some(document) = self.documents.get_mut(&uri) {
            document.change(params.text_document.version, params.content_changes);
            self.changed.insert(uri);
        }
    }

    fn close(&mut self, params: DidCloseTextDocumentParams) {
        let uri = params.text_document.uri;
        self.changed.remove(&uri);
        self.unchecked.remove(&uri);
        let Some(document) = self.documents.remove(&uri) else {
            return;
        };
        let root = document.project.as_ref();
        if let Some(session) = root.and_then(|root| self.sessions.get_mut(root)) {
            session.discard(&document.source.name);
            session.read(&self.options, &self.done);
        }
    }

    /// Gives the texts of documents that changed to their projects.
    pub(super) fn give_texts(&mut self) {
        for uri in std::mem::take(&mut self.changed) {
            let Some(document) = self.documents.get(&uri) else {
                continue;
            };
            let root = document.project.as_ref();
            if let Some(session) = root.and_then(|root| self.sessions.get_mut(root)) {
                session.set(&document.source, document.version);
                self.unchecked.insert(uri);
            }
        }
    }

    /// Checks the documents that were opened or changed, and shows what is found.
    pub(super) fn check_changed(&mut self) {
        self.give_texts();
        for uri in std::mem::take(&mut self.unchecked) {
            let Some(document) = self.documents.get(&uri) else {
                continue;
            };
            let (root, name) = (document.project.clone(), document.source.name.clone());
            let Some(root) = root else { continue };
            let Some(session) = self.sessions.get_mut(&root) else {
                continue;
            };
            let is_checked = session.check(&name, &self.options);
            if is_checked {
                self.publish(&root, &name);
            }
            // What it takes to read the whole project is left to what is shown at once.
            if let Some(session) = self.sessions.get_mut(&root) {
                session.read(&self.options, &self.done);
            }
        }
    }

    /// Reads the projects again in which files changed on disk. A file that no project has may make one.
    fn reread(&mut self, changed: Vec<PathBuf>) {
        for session in self.sessions.values_mut() {
            let root = session.root().to_owned();
            let is_below = |path: &PathBuf| {
                let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
                path.starts_with(&root) || folder.is_some_and(|folder| folder.starts_with(&root))
            };
            if changed.iter().any(is_below) {
                session.note_change_on_disk();
                session.read(&self.options, &self.done);
            }
        }
    }
}
