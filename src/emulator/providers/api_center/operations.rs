//! Long-running operations: a `Location` to poll, and what the poll answers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::clock::Ticks;
use crate::emulator::core::job::{self, Follow, Job};
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, bare_not_found};
use crate::emulator::providers::api_center::actions::{Context, Done, set_ruleset};
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, OperationRecord, OperationState, StoreError, View, Work};

/// The key of an operation on this resource.
pub(in crate::emulator) fn key(at: &At, id: &str) -> String {
    format!("{}/operationresults/{}", at.key(), id.to_ascii_lowercase())
}

/// The resource an operation works on.
pub(in crate::emulator) fn subject(key: &str) -> &str {
    key.rsplit_once("/operationresults/")
        .map_or(key, |(subject, _)| subject)
}

/// The signed URL to poll (observed: `t`, `c`, `s`, `h`, signed anew in each answer). Nothing
/// checks the signature.
pub(in crate::emulator) fn location(at: &At, id: &str, call: &Call) -> String {
    let version = call.query.get("api-version").unwrap_or_default();
    let signature = uuid::Uuid::new_v4().simple().to_string();
    let digest = uuid::Uuid::new_v4().simple().to_string();
    let moment = crate::emulator::core::clock::Ticks::now().unix_seconds();
    format!(
        "{}{}/operationResults/{id}?api-version={version}&t={moment}&c=emulator&s={signature}&h={digest}",
        call.base, at.path
    )
}

/// Answers a poll: 202 while it runs, 200 once it succeeded, and 400 (the poll itself) when it
/// failed (observed).
pub(in crate::emulator) fn poll(view: View<'_>, at: &At, id: &str, call: &Call) -> Outcome {
    let operation = view.operation(&key(at, id))?.ok_or_else(bare_not_found)?;
    let mut body = json!({
        "id": format!("{}/operationResults/{id}", shown_path(at)),
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

/// Ends an operation that has some work; the subject is its key.
pub(in crate::emulator) const JOB: Job = Job {
    name: "operation",
    run,
};

/// Answers a request that begins an operation: 202 and where to poll (observed).
pub(in crate::emulator) fn begin(
    context: &Context,
    changes: &Changes<'_>,
    at: &At,
    call: &Call,
    work: Work,
) -> Outcome<Done> {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let key = key(at, &id);
    let operation = OperationRecord {
        link: String::new(),
        specification: None,
        state: OperationState::NotStarted,
        work: Some(work),
    };
    changes.put_operation(&key, &operation)?;
    let delay = context.options.operation_delay;
    let follow = if delay.is_zero() {
        run(context, changes, &key)?
    } else {
        // It is seen not started, then in progress (observed).
        let due = Ticks::now().plus(delay / 4);
        Some(job::plan(changes, &JOB, &key, due)?)
    };
    let answer =
        Answer::empty(StatusCode::ACCEPTED).with_header("location", &location(at, &id, call));
    Ok(Done { answer, follow })
}

fn run(context: &Context, changes: &Changes<'_>, key: &str) -> Result<Option<Follow>, StoreError> {
    let Some(mut operation) = changes.view().operation(key)? else {
        return Ok(None);
    };
    let delay = context.options.operation_delay;
    let started = match operation.state {
        OperationState::InProgress { started } => started,
        _ => Ticks::now(),
    };
    if operation.state == OperationState::NotStarted && !delay.is_zero() {
        operation.state = OperationState::InProgress { started };
        changes.put_operation(key, &operation)?;
        return job::plan(changes, &JOB, key, started.plus(delay * 3 / 4)).map(Some);
    }
    let done = match &operation.work {
        Some(Work::Copy(copies)) => sources::run_copy(context, changes, key, copies)?,
        Some(Work::Ruleset(archive)) => set_ruleset(changes, subject(key), archive)?,
        None => return Ok(None),
    };
    operation.state = match done {
        Ok(()) => OperationState::Succeeded {
            started,
            ended: Ticks::now(),
        },
        Err(message) => OperationState::Failed { message },
    };
    changes.put_operation(key, &operation)?;
    Ok(None)
}

/// Observed: the id in the body lacks the workspace that is in its URL, for definitions; for
/// analyzer configurations it has it.
fn shown_path(at: &At) -> String {
    let last = at.steps.last().map(|step| step.kind.collection());
    if last == Some("definitions") {
        without_workspace(&at.path)
    } else {
        at.path.clone()
    }
}

/// The path without the workspace in it.
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
