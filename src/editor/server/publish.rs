//! Shows the problems of a project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lsp_server::{Message, Notification};
use lsp_types::notification::{Notification as _, PublishDiagnostics};
use lsp_types::{Diagnostic, PublishDiagnosticsParams, Uri};

use super::state::Server;
use crate::editor::places::uri_of;

impl Server<'_> {
    /// Sends the problems of each file of a project that are not shown yet. Those of a text that changed since are
    /// left out: they may be at other places now.
    pub(super) fn publish(&mut self, root: &Path) {
        let open: BTreeMap<String, (Uri, i32)> = self
            .documents
            .iter()
            .filter(|(_, document)| document.project.as_deref() == Some(root))
            .map(|(uri, document)| {
                let name = document.source.name.clone();
                (name, (uri.clone(), document.version))
            })
            .collect();
        let Some(session) = self.sessions.get_mut(root) else {
            return;
        };
        let facts = &session.facts;
        let shown = session.published.keys().cloned();
        let files: BTreeSet<String> = facts
            .findings
            .keys()
            .cloned()
            .chain(shown)
            .chain(open.keys().cloned())
            .collect();
        let mut messages = Vec::new();
        let (known, _): (Vec<&String>, Vec<&String>) =
            files.iter().partition(|file| session.is_known(file));
        for file in known {
            let findings = facts.findings.get(file).into_iter().flatten();
            let diagnostics: Vec<Diagnostic> =
                findings.map(|finding| finding.shown.clone()).collect();
            let (uri, version) = match open.get(file) {
                Some((uri, version)) => (Some(uri.clone()), Some(*version)),
                None => (uri_of(&root.join(file)), None),
            };
            let known = session.published.get(file);
            let is_shown = known.is_some_and(|(of, known)| *of == version && *known == diagnostics);
            if let Some(uri) = uri.filter(|_| !is_shown) {
                let shown = (version, diagnostics.clone());
                session.published.insert(file.clone(), shown);
                messages.push(PublishDiagnosticsParams {
                    uri,
                    diagnostics,
                    version,
                });
            }
        }
        for params in messages {
            let method = PublishDiagnostics::METHOD.to_owned();
            self.send(Message::Notification(Notification::new(method, params)));
        }
    }
}
