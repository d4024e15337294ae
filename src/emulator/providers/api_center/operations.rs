//! Long-running operations: a `Location` to poll, and the response to a poll.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::job;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, bare_not_found};
use crate::emulator::providers::api_center::jobs;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::{Changes, OperationRecord, OperationState, View, Work};

/// The key of an operation on this resource.
pub(in crate::emulator) fn key(path: &ResourcePath, id: &str) -> String {
    format!(
        "{}/operationresults/{}",
        path.key(),
        id.to_ascii_lowercase()
    )
}

/// The resource an operation works on.
pub(in crate::emulator) fn subject(key: &str) -> &str {
    key.rsplit_once("/operationresults/")
        .map_or(key, |(subject, _)| subject)
}

/// The signed URL to poll (observed: `t`, `c`, `s`, `h`, signed again in each response). Nothing
/// checks the signature.
pub(in crate::emulator) fn location(
    path: &ResourcePath,
    id: &str,
    request: &HandlerRequest,
) -> String {
    let version = request.query.get("api-version").unwrap_or_default();
    let signature = uuid::Uuid::new_v4().simple().to_string();
    let digest = uuid::Uuid::new_v4().simple().to_string();
    let moment = crate::emulator::base::clock::Ticks::now().unix_seconds();
    format!(
        "{}{}/operationResults/{id}?api-version={version}&t={moment}&c=emulator&s={signature}&h={digest}",
        request.base, path.id
    )
}

/// Handles a poll: 202 while it runs, 200 once it succeeded, and 400 (the poll itself) when it
/// failed (observed).
pub(in crate::emulator) fn poll(
    view: View<'_>,
    path: &ResourcePath,
    id: &str,
    request: &HandlerRequest,
) -> HandlerResult {
    let operation = view.operation(&key(path, id))?.ok_or_else(bare_not_found)?;
    let mut body = json!({
        "id": format!("{}/operationResults/{id}", shown_path(path)),
        "name": id,
    });
    let running = |body: Value| {
        HandlerResponse::json(StatusCode::ACCEPTED, body)
            .with_header("location", &location(path, id, request))
    };
    Ok(match &operation.state {
        OperationState::NotStarted => {
            body["status"] = json!("NotStarted");
            running(body)
        }
        OperationState::InProgress { started } => {
            body["status"] = json!("InProgress");
            body["startTime"] = json!(started.offset_stamp());
            running(body)
        }
        OperationState::Succeeded { started, ended } => {
            body["status"] = json!("Succeeded");
            body["startTime"] = json!(started.offset_stamp());
            body["endTime"] = json!(ended.offset_stamp());
            HandlerResponse::ok(body)
        }
        OperationState::Failed { message } => failed(message),
    })
}

/// Observed for another kind of import: the poll fails without an envelope.
fn failed(message: &str) -> HandlerResponse {
    let body = json!({
        "code": "ValidationError",
        "message": "Operation did not succeed. Status: Terminated, Error: Unknown error",
        "details": [{"code": "ValidationError", "message": message}],
    });
    HandlerResponse::json(StatusCode::BAD_REQUEST, body)
}

/// Begins an operation; the response is 202 and where to poll (observed).
pub(in crate::emulator) fn begin(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
    work: Work,
) -> HandlerResult<WriteOutcome> {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let key = key(path, &id);
    let operation = OperationRecord {
        link: String::new(),
        specification: None,
        state: OperationState::NotStarted,
        work: Some(work),
    };
    changes.put_operation(&key, &operation)?;
    // Polls see it not started, then in progress (observed).
    let delay = context.options.operation_delay / 4;
    let follow_up = job::run_or_schedule(context, changes, jobs::OPERATION, &key, delay)?;
    let response = HandlerResponse::empty(StatusCode::ACCEPTED)
        .with_header("location", &location(path, &id, request));
    Ok(WriteOutcome {
        response,
        follow_up,
    })
}

/// Observed: the id in the body lacks the workspace that is in its URL, for definitions; for
/// analyzer configurations it has it.
fn shown_path(path: &ResourcePath) -> String {
    let last = path.segments.last().map(|step| step.kind.collection());
    if last == Some("definitions") {
        without_workspace(&path.id)
    } else {
        path.id.clone()
    }
}

/// The path without the workspace in it.
fn without_workspace(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').collect();
    let workspace = segments
        .iter()
        .position(|segment| segment.eq_ignore_ascii_case("workspaces"));
    if let Some(index) = workspace {
        segments.drain(index..(index + 2).min(segments.len()));
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::without_workspace;

    #[test]
    fn the_workspace_is_left_out() {
        assert_eq!(
            without_workspace("/services/c/workspaces/w/apis/a"),
            "/services/c/apis/a"
        );
        assert_eq!(without_workspace("/services/c"), "/services/c");
    }
}
