//! What the editor asks: each request goes to the file that knows what to show.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lsp_server::{ErrorCode, Message, Request, Response};
use lsp_types::request::{
    CodeActionRequest, CodeLensRequest, Completion, DocumentHighlightRequest,
    DocumentSymbolRequest, FoldingRangeRequest, GotoDefinition, HoverRequest, PrepareRenameRequest,
    References, Rename, Request as _, WorkspaceSymbolRequest,
};
use lsp_types::{
    CompletionResponse, DocumentSymbolResponse, GotoDefinitionResponse, WorkspaceSymbolResponse,
};

use super::state::Server;
use crate::editor::view::View;
use crate::editor::{actions, completion, folding, hover, navigation, rename, symbols};

impl Server<'_> {
    /// Responds to a request.
    pub(super) fn respond(&mut self, request: Request) {
        let id = request.id.clone();
        let response = catch_unwind(AssertUnwindSafe(|| self.response(request)));
        let response = response.unwrap_or_else(|_| {
            let message = "the server failed, which is a mistake of it".to_owned();
            Response::new_err(id, ErrorCode::InternalError as i32, message)
        });
        self.send(Message::Response(response));
    }

    fn response(&mut self, request: Request) -> Response {
        match request.method.as_str() {
            Completion::METHOD => self.result::<Completion>(request, |server, params| {
                let at = params.text_document_position;
                let complete = |view: &View<'_>| completion::complete(view, at.position);
                let found = server.at(&at.text_document.uri, complete);
                Ok(found.map(CompletionResponse::Array))
            }),
            HoverRequest::METHOD => self.result::<HoverRequest>(request, |server, params| {
                let at = params.text_document_position_params;
                let hover = |view: &View<'_>| hover::hover(view, at.position);
                Ok(server.at(&at.text_document.uri, hover).flatten())
            }),
            GotoDefinition::METHOD | References::METHOD | DocumentHighlightRequest::METHOD => {
                self.navigate(request)
            }
            PrepareRenameRequest::METHOD | Rename::METHOD => self.rename(request),
            CodeActionRequest::METHOD => {
                self.result::<CodeActionRequest>(request, |server, params| {
                    let uri = &params.text_document.uri;
                    server.wait_for_findings(uri);
                    Ok(server.at(uri, |view| actions::actions(view, params.range)))
                })
            }
            CodeLensRequest::METHOD => self.result::<CodeLensRequest>(request, |server, params| {
                Ok(server.lenses(&params.text_document.uri))
            }),
            FoldingRangeRequest::METHOD
            | DocumentSymbolRequest::METHOD
            | WorkspaceSymbolRequest::METHOD => self.list(request),
            method => {
                let message = format!("{method} is not supported");
                Response::new_err(request.id, ErrorCode::MethodNotFound as i32, message)
            }
        }
    }

    fn navigate(&mut self, request: Request) -> Response {
        match request.method.as_str() {
            References::METHOD => self.result::<References>(request, |server, params| {
                let at = params.text_document_position;
                let with_declarations = params.context.include_declaration;
                Ok(server.at(&at.text_document.uri, |view| {
                    navigation::references(view, at.position, with_declarations)
                }))
            }),
            GotoDefinition::METHOD => self.result::<GotoDefinition>(request, |server, params| {
                let at = params.text_document_position_params;
                let find = |view: &View<'_>| navigation::definition(view, at.position);
                let found = server.at(&at.text_document.uri, find);
                Ok(found.map(GotoDefinitionResponse::Array))
            }),
            _ => self.result::<DocumentHighlightRequest>(request, |server, params| {
                let at = params.text_document_position_params;
                let find = |view: &View<'_>| navigation::highlights(view, at.position);
                Ok(server.at(&at.text_document.uri, find))
            }),
        }
    }

    fn rename(&mut self, request: Request) -> Response {
        if request.method == Rename::METHOD {
            return self.result::<Rename>(request, |server, params| {
                let at = params.text_document_position;
                let rename = |view: &View<'_>| rename::rename(view, at.position, &params.new_name);
                let edit = server.at(&at.text_document.uri, rename);
                edit.unwrap_or(Ok(None))
            });
        }
        self.result::<PrepareRenameRequest>(request, |server, at| {
            let prepare = |view: &View<'_>| rename::prepare(view, at.position);
            Ok(server.at(&at.text_document.uri, prepare).flatten())
        })
    }

    fn list(&mut self, request: Request) -> Response {
        if request.method == FoldingRangeRequest::METHOD {
            return self.result::<FoldingRangeRequest>(request, |server, params| {
                let fold = |view: &View<'_>| folding::folds(&view.document.text);
                Ok(server.at(&params.text_document.uri, fold))
            });
        }
        if request.method == WorkspaceSymbolRequest::METHOD {
            return self.result::<WorkspaceSymbolRequest>(request, |server, params| {
                let list = |view: &View<'_>| symbols::of_project(view, &params.query);
                let found = server.in_every_project(list);
                Ok(Some(WorkspaceSymbolResponse::Nested(found)))
            });
        }
        self.result::<DocumentSymbolRequest>(request, |server, params| {
            let found = server.at(&params.text_document.uri, |view| {
                let entries = view.facts.index.file(view.file());
                entries.map(symbols::of_document).unwrap_or_default()
            });
            Ok(found.map(DocumentSymbolResponse::Nested))
        })
    }

    /// The response to a request, or the error that its parameters make no sense.
    fn result<R: lsp_types::request::Request>(
        &mut self,
        request: Request,
        find: impl FnOnce(&mut Self, R::Params) -> Result<R::Result, String>,
    ) -> Response {
        let invalid = |message: String| {
            let code = ErrorCode::InvalidParams as i32;
            Response::new_err(request.id.clone(), code, message)
        };
        match serde_json::from_value::<R::Params>(request.params) {
            Ok(params) => match find(self, params) {
                Ok(result) => Response::new_ok(request.id, result),
                Err(message) => {
                    let code = ErrorCode::RequestFailed as i32;
                    Response::new_err(request.id, code, message)
                }
            },
            Err(error) => invalid(format!("{}: {error}", request.method)),
        }
    }
}
