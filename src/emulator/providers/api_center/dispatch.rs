//! From a target and a method to the handler.

use axum::http::Method;
use serde_json::{Value, json};

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{HandlerContext, RequestTarget};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, method_not_allowed};
use crate::emulator::providers::api_center::action::Run;
use crate::emulator::providers::api_center::kinds::KINDS;
use crate::emulator::providers::api_center::namespace::NAMESPACE;
use crate::emulator::providers::api_center::target::ApiCenterTarget;
use crate::emulator::providers::api_center::{existing, list, operations, resources, services};
use crate::emulator::store::{Changes, View};

impl RequestTarget for ApiCenterTarget {
    fn type_path(&self) -> &str {
        self.resource_type()
    }

    fn api_versions(&self) -> &'static [&'static str] {
        self.supported_versions()
    }

    fn is_write(&self, request: &HandlerRequest) -> bool {
        match self {
            Self::Action { action, .. } => matches!(action.run, Run::Write(_)),
            _ => !request.is_read(),
        }
    }

    fn read(
        &self,
        context: &HandlerContext,
        view: View<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult {
        if let Self::Action { path, action } = self {
            return match action.run {
                Run::Read(run) if request.method == Method::POST => {
                    existing::service(view, &path.service)?;
                    run(context, view, path, request)
                }
                _ => Err(method_not_allowed(&request.method).into()),
            };
        }
        if !request.is_read() {
            return Err(method_not_allowed(&request.method).into());
        }
        match self {
            Self::Operations => Ok(HandlerResponse::ok(json!({"value": operation_list()}))),
            Self::Services {
                subscription,
                group,
            } => services::list(view, subscription, group.as_deref()),
            Self::DeletedServices {
                subscription,
                group,
            } => services::list_deleted(view, subscription, group.as_deref(), None),
            Self::DeletedService {
                subscription,
                group,
                name,
            } => services::list_deleted(view, subscription, Some(group), Some(name)),
            Self::Permissions(service) => {
                existing::service(view, service)?;
                let may = json!({"actions": context.options.actions, "notActions": []});
                Ok(HandlerResponse::ok(json!({"value": [may]})))
            }
            Self::Service(service) => {
                services::get(view, service, request.path.trim_end_matches('/'))
            }
            Self::Collection { parent, kind } => list::page(context, view, parent, *kind, request),
            Self::Resource(path) => resources::get(view, path),
            Self::OperationResult { path, id } => {
                existing::service(view, &path.service)?;
                operations::poll(view, path, id, request)
            }
            Self::Action { .. } => Err(method_not_allowed(&request.method).into()),
        }
    }

    fn write(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome> {
        let body = request.body.as_ref();
        match (self, request.method.as_str()) {
            (Self::Service(service), method) => {
                let id = request.path.trim_end_matches('/');
                match method {
                    "PUT" => services::put(context, changes, service, id, body),
                    "PATCH" => services::patch(changes, service, id, body),
                    "DELETE" => services::delete(changes, service),
                    _ => Err(method_not_allowed(&request.method).into()),
                }
            }
            (Self::DeletedService { .. }, "DELETE") => Err(services::delete_deleted()),
            (Self::Resource(path), "PUT") => resources::put(context, changes, path, body),
            (Self::Resource(path), "DELETE") => resources::delete(context, changes, path),
            (Self::Action { path, action }, "POST") => {
                existing::service(changes.view(), &path.service)?;
                match action.run {
                    Run::Write(run) => run(context, changes, path, request),
                    Run::Read(_) => Err(method_not_allowed(&request.method).into()),
                }
            }
            _ => Err(method_not_allowed(&request.method).into()),
        }
    }
}

/// The provider's operations, one row per kind and verb; the wording is our own.
fn operation_list() -> Vec<Value> {
    let types = std::iter::once("services").chain(KINDS.iter().map(|kind| kind.type_path()));
    types
        .flat_map(|path| ["read", "write", "delete"].map(|verb| operation(path, verb)))
        .collect()
}

fn operation(path: &str, verb: &str) -> Value {
    let resource = path.rsplit('/').next().unwrap_or(path);
    json!({
        "name": format!("{NAMESPACE}/{path}/{verb}"),
        "isDataAction": false,
        "display": {
            "provider": "Azure API Center",
            "resource": resource,
            "operation": format!("{verb} {resource}"),
            "description": format!("Allows to {verb} {resource}."),
        },
        "origin": "user,system",
    })
}
