//! Long-running operations: a `Location` to poll, and what the poll answers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::{Answer, Outcome, bare_not_found};
use super::call::Call;
use super::route::At;
use super::store::{OperationState, View};

/// The key of an operation on this resource.
pub(super) fn key(at: &At, id: &str) -> String {
    format!("{}/operationresults/{}", at.key(), id.to_ascii_lowercase())
}

/// The resource an operation works on.
pub(super) fn subject(key: &str) -> &str {
    key.rsplit_once("/operationresults/")
        .map_or(key, |(subject, _)| subject)
}

/// The signed URL to poll (observed: `t`, `c`, `s`, `h`, signed anew in each answer). Nothing
/// checks the signature.
pub(super) fn location(at: &At, id: &str, call: &Call) -> String {
    let version = call.query.get("api-version").unwrap_or_default();
    let signature = uuid::Uuid::new_v4().simple().to_string();
    let digest = uuid::Uuid::new_v4().simple().to_string();
    let moment = super::clock::Ticks::now().unix_seconds();
    format!(
        "{}{}/operationResults/{id}?api-version={version}&t={moment}&c=emulator&s={signature}&h={digest}",
        call.base, at.path
    )
}

/// Answers a poll: 202 while it runs, 200 once it succeeded, and 400 (the poll itself) when it
/// failed (observed).
pub(super) fn poll(view: View<'_>, at: &At, id: &str, call: &Call) -> Outcome {
    let operation = view.operation(&key(at, id))?.ok_or_else(bare_not_found)?;
    let mut body = json!({
        "id": format!("{}/operationResults/{id}", without_workspace(&at.path)),
        "name": id,
    });
    let running = |body: Value| {
        Answer::json(StatusCode::ACCEPTED, body).with_header("location", &location(at, id, call))
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
            Answer::ok(body)
        }
        OperationState::Failed { message } => failed(message),
    })
}

/// Observed for another kind of import: the poll fails without an envelope.
fn failed(message: &str) -> Answer {
    let body = json!({
        "code": "ValidationError",
        "message": "Operation did not succeed. Status: Terminated, Error: Unknown error",
        "details": [{"code": "ValidationError", "message": message}],
    });
    Answer::json(StatusCode::BAD_REQUEST, body)
}

/// Observed: the id in the body lacks the workspace that is in its URL.
fn without_workspace(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').collect();
    let workspace = segments
        .iter()
        .position(|segment| segment.eq_ignore_ascii_case("workspaces"));
    if let Some(at) = workspace {
        segments.drain(at..(at + 2).min(segments.len()));
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
