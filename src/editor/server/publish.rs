//! Shows the problems of a project.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use lsp_server::{Message, Notification};
use lsp_types::notification::{Notification as _, PublishDiagnostics};
use lsp_types::{Diagnostic, PublishDiagnosticsParams, Uri};

use super::state::Server;
use crate::editor::places::uri_of;

/// How many files are looked at before the next message of the editor (chosen here: it takes a few milliseconds).
const FILES_AT_ONCE: usize = 250;

impl Server<'_> {
    /// Shows the problems of some files that are not shown yet; says whether there may be more.
    pub(super) fn publish_some(&mut self) -> bool {
        let mut left = FILES_AT_ONCE;
        let roots: Vec<PathBuf> = self.sessions.keys().cloned().collect();
        for root in roots {
            while left > 0 {
                let session = self.sessions.get_mut(&root);
                let Some(file) = session.and_then(|session| session.unpublished.pop_first()) else {
                    break;
                };
                self.publish(&root, &file);
                left -= 1;
            }
        }
        left == 0
    }

    /// Shows the problems of a file, unless they are shown. Those of a text that changed since are left out: they may be at
    /// other places now.
    pub(super) fn publish(&mut self, root: &Path, file: &str) {
        let mut documents = self.documents.iter();
        let open: Option<(Uri, i32)> = documents
            .find(|(_, it)| it.project.as_deref() == Some(root) && it.source.name == file)
            .map(|(uri, document)| (uri.clone(), document.version));
        let Some(session) = self.sessions.get_mut(root) else {
            return;
        };
        session.unpublished.remove(file);
        if !session.is_known(file) {
            return;
        }
        let findings = session.facts.findings.get(file).into_iter().flatten();
        let diagnostics: Vec<Diagnostic> = findings.map(|finding| finding.shown.clone()).collect();
        let version = open.as_ref().map(|(_, version)| *version);
        let shown = (version, hash(&diagnostics));
        let before = session.shown.get(file);
        if before == Some(&shown) || (before.is_none() && open.is_none() && diagnostics.is_empty())
        {
            return;
        }
        session.shown.insert(file.to_owned(), shown);
        let uri = open.map(|(uri, _)| uri);
        if let Some(uri) = uri.or_else(|| uri_of(&root.join(file))) {
            let params = PublishDiagnosticsParams {
                uri,
                diagnostics,
                version,
            };
            let method = PublishDiagnostics::METHOD.to_owned();
            self.send(Message::Notification(Notification::new(method, params)));
        }
    }
}

fn hash(diagnostics: &[Diagnostic]) -> u64 {
    let mut hash = DefaultHasher::new();
    let text = serde_json::to_string(diagnostics).unwrap_or_default();
    text.hash(&mut hash);
    hash.finish()
}
