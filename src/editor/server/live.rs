//! Reads the service when the editor asks for it, and shows how resources stand to it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{Notification as _, ShowMessage};
use lsp_types::request::{CodeLensRefresh, Request as _};
use lsp_types::{CodeLens, ExecuteCommandParams, MessageType, ShowMessageParams, Uri};

use super::session::{Found, LiveReading};
use super::state::Server;
use crate::editor::lenses::{self, REFRESH};

impl Server<'_> {
    /// The lenses of a document.
    pub(super) fn lenses(&mut self, uri: &Uri) -> Option<Vec<CodeLens>> {
        let document = self.documents.get(uri)?;
        let (root, name) = (document.project.clone()?, document.source.name.clone());
        self.wait_for_first_reading(&root);
        let session = self.sessions.get(&root)?;
        let standings = session.standings(&name, &self.options);
        self.at(uri, |view| lenses::lenses(view, standings.as_ref()))
    }

    /// Starts a command. Its response follows when it is done.
    pub(super) fn execute(&mut self, request: Request) {
        let params: ExecuteCommandParams = match serde_json::from_value(request.params) {
            Ok(params) => params,
            Err(error) => return self.refuse(request.id, error.to_string()),
        };
        if params.command != REFRESH {
            let message = format!("there is no command `{}`", params.command);
            return self.refuse(request.id, message);
        }
        let uri = params.arguments.into_iter().next();
        let uri: Option<Uri> = uri.and_then(|uri| serde_json::from_value(uri).ok());
        let root = match uri {
            Some(uri) => self.locate(&uri).map(|(root, _)| root),
            None => self.sessions.keys().next().cloned(),
        };
        match root {
            Some(root) => self.refresh(&root, request.id),
            None => self.refuse(request.id, "there is no project here".to_owned()),
        }
    }

    fn refuse(&self, id: RequestId, message: String) {
        let code = ErrorCode::InvalidParams as i32;
        self.send(Message::Response(Response::new_err(id, code, message)));
    }

    /// Reads the service of a project on a thread, unless that is happening.
    fn refresh(&mut self, root: &Path, id: RequestId) {
        let Some(session) = self.sessions.get_mut(root) else {
            return;
        };
        session.refreshes.push(id);
        if session.refreshes.len() > 1 {
            return;
        }
        let (live, root, done) = (Arc::clone(&self.live), root.to_owned(), self.done.clone());
        std::thread::spawn(move || {
            let read = catch_unwind(AssertUnwindSafe(|| live.read(&root)));
            let read = read.unwrap_or_else(|_| {
                Err("reading the service failed, which is a mistake of this program".to_owned())
            });
            let _ = done.send(Found::Live(root, LiveReading::New(read)));
        });
    }

    /// Reads what is kept of the service of a project.
    pub(super) fn recall(&self, root: &Path) {
        let (live, root, done) = (Arc::clone(&self.live), root.to_owned(), self.done.clone());
        std::thread::spawn(move || {
            let kept = catch_unwind(AssertUnwindSafe(|| live.kept(&root)));
            let kept = LiveReading::Kept(kept.unwrap_or_default());
            let _ = done.send(Found::Live(root, kept));
        });
    }

    /// Takes what a thread read of a service. After an error, what was known stays.
    pub(super) fn take_live(&mut self, root: &PathBuf, reading: LiveReading) {
        let Some(session) = self.sessions.get_mut(root) else {
            return;
        };
        let requests = match reading {
            LiveReading::New(_) => std::mem::take(&mut session.refreshes),
            // A refresh that is going on is not done yet.
            LiveReading::Kept(_) => Vec::new(),
        };
        let mut problem = None;
        let mut is_new = true;
        match reading {
            LiveReading::Kept(Some(live)) if !session.has_live() => session.take_live(live),
            LiveReading::New(Ok(live)) => session.take_live(live),
            LiveReading::Kept(_) => is_new = false,
            LiveReading::New(Err(message)) => (problem, is_new) = (Some(message), false),
        }
        if let Some(message) = problem {
            let params = ShowMessageParams {
                typ: MessageType::ERROR,
                message,
            };
            let method = ShowMessage::METHOD.to_owned();
            self.send(Message::Notification(Notification::new(method, params)));
        }
        for id in requests {
            self.send(Message::Response(Response::new_ok(id, ())));
        }
        if is_new {
            self.show_lenses_again();
        }
    }

    /// Asks the editor to fetch lenses again, if it can be asked.
    pub(super) fn show_lenses_again(&mut self) {
        if self.refreshes_lenses {
            self.request(CodeLensRefresh::METHOD, ());
        }
    }
}
