//! From method and target to the behaviour. GET and HEAD look at a snapshot; the rest changes.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, Refusal, arm_error};
use crate::emulator::providers::api_center::actions::{Context, Done, Run};
use crate::emulator::providers::api_center::kinds::KINDS;
use crate::emulator::providers::api_center::list;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::resources;
use crate::emulator::providers::api_center::services;
use crate::emulator::providers::api_center::target::{PROVIDER, Target};
use crate::emulator::providers::api_management;
use crate::emulator::providers::authorization;
use crate::emulator::providers::resource_manager;
use crate::emulator::store::{Changes, View};

/// Whether the call needs the writer.
pub(in crate::emulator) fn changes_state(call: &Call, target: &Target) -> bool {
    match target {
        Target::Action { action, .. } => matches!(action.run, Run::Change(_)),
        Target::ApiManagement(place) => place.is_sample() || !is_look(&call.method),
        _ => !is_look(&call.method),
    }
}

fn is_look(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// Answers what only looks. HEAD answers like GET; the server leaves the body out (chosen here: no
/// recording has one).
pub(in crate::emulator) fn look(
    context: &Context,
    view: View<'_>,
    call: &Call,
    target: &Target,
) -> Outcome {
    if let Target::Action { at, action } = target {
        return match action.run {
            Run::Look(run) if call.method == Method::POST => {
                resources::service(view, &at.service)?;
                run(context, view, at, call)
            }
            _ => Err(not_allowed(&call.method)),
        };
    }
    if !is_look(&call.method) {
        return Err(not_allowed(&call.method));
    }
    match target {
        Target::Operations => Ok(Answer::ok(json!({"value": operation_list()}))),
        Target::Services {
            subscription,
            group,
        } => services::list(view, subscription, group.as_deref()),
        Target::DeletedServices {
            subscription,
            group,
        } => services::list_deleted(view, subscription, group.as_deref(), None),
        Target::DeletedService {
            subscription,
            group,
            name,
        } => services::list_deleted(view, subscription, Some(group), Some(name)),
        Target::Permissions(place) => {
            resources::service(view, place)?;
            let may = json!({"actions": context.options.actions, "notActions": []});
            Ok(Answer::ok(json!({"value": [may]})))
        }
        Target::Authorization(place) => authorization::look(view, call, place),
        Target::Manager(place) => resource_manager::look(view, call, place),
        Target::Service(place) => services::get(view, place, call.path.trim_end_matches('/')),
        Target::Collection { parent, kind } => list::page(context, view, parent, *kind, call),
        Target::Resource(at) => resources::get(view, at),
        Target::OperationResult { at, id } => {
            resources::service(view, &at.service)?;
            operations::poll(view, at, id, call)
        }
        Target::ApiManagement(place) => api_management::look(context, view, call, place),
        Target::Action { .. } => Err(not_allowed(&call.method)),
    }
}

/// Answers what changes.
pub(in crate::emulator) fn change(
    context: &Context,
    changes: &Changes<'_>,
    call: &Call,
    target: &Target,
) -> Outcome<Done> {
    let body = call.body.as_ref();
    match (target, call.method.as_str()) {
        (Target::Service(place), method) => {
            let path = call.path.trim_end_matches('/');
            match method {
                "PUT" => services::put(context, changes, place, path, body),
                "PATCH" => services::patch(changes, place, path, body),
                "DELETE" => services::delete(changes, place),
                _ => Err(not_allowed(&call.method)),
            }
        }
        (Target::ApiManagement(place), _) => api_management::change(context, changes, call, place),
        (Target::DeletedService { .. }, "DELETE") => Err(services::delete_deleted()),
        (Target::Authorization(place), _) => authorization::change(context, changes, call, place),
        (Target::Manager(place), _) => resource_manager::change(changes, call, place),
        (Target::Resource(at), "PUT") => resources::put(context, changes, at, body),
        (Target::Resource(at), "DELETE") => resources::delete(context, changes, at),
        (Target::Action { at, action }, "POST") => {
            resources::service(changes.view(), &at.service)?;
            match action.run {
                Run::Change(run) => run(context, changes, at, call),
                Run::Look(_) => Err(not_allowed(&call.method)),
            }
        }
        _ => Err(not_allowed(&call.method)),
    }
}

pub(in crate::emulator) fn not_allowed(method: &Method) -> Refusal {
    let message = format!("The http method '{method}' is not supported for this resource.");
    arm_error(
        StatusCode::METHOD_NOT_ALLOWED,
        "HttpMethodNotSupported",
        message,
    )
    .into()
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
        "name": format!("{PROVIDER}/{path}/{verb}"),
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
