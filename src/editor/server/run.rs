//! The loop of the server: which message is handled when.

use crossbeam_channel::select;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{Cancel, Exit, Notification as _};
use lsp_types::request::{ExecuteCommand, Request as _, Shutdown};

use super::error::ServeError;
use super::state::Server;

impl Server<'_> {
    /// Handles messages until the editor asks to end. Changes of texts that wait are taken together, and checked once
    /// nothing waits; what is found is shown piece by piece, so that no message waits for all of it.
    pub(super) fn run(&mut self) -> Result<(), ServeError> {
        loop {
            self.queue.extend(self.connection.receiver.try_iter());
            if let Some(message) = self.queue.pop_front() {
                match message {
                    Message::Request(request) => self.take_request(request),
                    Message::Notification(notification) if notification.method == Exit::METHOD => {
                        return match self.is_ending {
                            true => Ok(()),
                            false => Err(ServeError::Disconnected),
                        };
                    }
                    Message::Notification(notification) => self.notice(notification),
                    Message::Response(_) => {}
                }
                continue;
            }
            self.check_changed();
            if self.publish_some() {
                if let Ok(found) = self.found.try_recv() {
                    self.take(found);
                }
                continue;
            }
            select! {
                recv(self.connection.receiver) -> message => match message {
                    Ok(message) => self.queue.push_back(message),
                    Err(_) => return Err(ServeError::Disconnected),
                },
                recv(self.found) -> found => {
                    if let Ok(found) = found {
                        self.take(found);
                    }
                }
            }
        }
    }

    fn take_request(&mut self, request: Request) {
        if self.is_cancelled(&request.id) {
            let message = "the editor took it back".to_owned();
            let code = ErrorCode::RequestCanceled as i32;
            return self.send(Response::new_err(request.id, code, message).into());
        }
        if self.is_ending {
            let message = "the server was asked to end".to_owned();
            let code = ErrorCode::InvalidRequest as i32;
            return self.send(Response::new_err(request.id, code, message).into());
        }
        if request.method == Shutdown::METHOD {
            self.is_ending = true;
            return self.send(Response::new_ok(request.id, ()).into());
        }
        self.give_texts();
        self.publish_some();
        match request.method.as_str() {
            ExecuteCommand::METHOD => self.execute(request),
            _ => self.respond(request),
        }
    }

    /// Whether a message that waits takes a request back.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        let id = serde_json::to_value(id).unwrap_or_default();
        let is_of_it = |one: &Notification| one.method == Cancel::METHOD && one.params["id"] == id;
        let mut waiting = self.queue.iter();
        waiting.any(|message| matches!(message, Message::Notification(one) if is_of_it(one)))
    }
}
