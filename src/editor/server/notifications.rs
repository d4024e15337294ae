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
                        let changes = params.changes.iter();
                        server.reread(changes.filter_map(|change| path_of(&change.uri)).collect());
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
            project,
        };
        self.take_text(&document);
        self.documents.insert(item.uri.clone(), document);
        self.check(&item.uri);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(mut document) = self.documents.remove(&params.text_document.uri) else {
            return;
        };
        document.change(params.text_document.version, params.content_changes);
        self.take_text(&document);
        let uri = params.text_document.uri;
        self.documents.insert(uri.clone(), document);
        self.check(&uri);
    }

    fn close(&mut self, params: DidCloseTextDocumentParams) {
        let Some(document) = self.documents.remove(&params.text_document.uri) else {
            return;
        };
        let root = document.project.as_ref();
        if let Some(session) = root.and_then(|root| self.sessions.get_mut(root)) {
            session.discard(&document.source.name);
            session.read(&self.options, &self.done);
        }
    }

    /// Gives the text of a document to its project.
    fn take_text(&mut self, document: &OpenDocument) {
        let root = document.project.as_ref();
        if let Some(session) = root.and_then(|root| self.sessions.get_mut(root)) {
            session.set(&document.source, document.version);
        }
    }

    /// Checks a document that was opened or changed, and shows what is found.
    fn check(&mut self, uri: &Uri) {
        let Some(document) = self.documents.get(uri) else {
            return;
        };
        let (root, name) = (document.project.clone(), document.source.name.clone());
        let Some(root) = root else { return };
        let Some(session) = self.sessions.get_mut(&root) else {
            return;
        };
        let is_checked = session.check(&name, &self.options);
        session.read(&self.options, &self.done);
        if is_checked {
            self.publish(&root);
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
