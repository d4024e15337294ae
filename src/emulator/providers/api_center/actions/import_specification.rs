//! `importSpecification`: gives a definition its document, inline at once or by link in the
//! background.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, arm_error, problem_not_found, refused};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::contents::set_document;
use crate::emulator::providers::api_center::namespace::STABLE_ON;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::providers::api_center::sources::ownership;
use crate::emulator::store::{Changes, OperationRecord, OperationState};

pub(super) const ACTION: PostAction = PostAction {
    on: "definitions",
    name: "importSpecification",
    api_versions: STABLE_ON,
    run: Run::Write(import),
};

/// Documented for clients, which refuse more themselves; that the service returns 413 is chosen
/// here.
const MOST_INLINE: usize = 3 * 1024 * 1024;

/// Inline returns 200 without a body, by link 202 with a `Location` (both observed).
fn import(
    _context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult<WriteOutcome> {
    let definition = changes.view().resource(path.key())?;
    let definition = definition.ok_or_else(problem_not_found)?;
    ownership::check_import(changes.view(), &definition)?;
    let empty = Map::new();
    let body = request
        .body
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let value = text("value").ok_or_else(|| refused("The Value field is required."))?;
    let specification = body.get("specification").filter(|value| value.is_object());
    match text("format") {
        Some("inline") => import_inline(changes, path, value, specification),
        Some("link") => import_link(changes, path, request, value, specification),
        _ => Err(refused("The field Format must be one of: inline, link.").into()),
    }
}

fn import_inline(
    changes: &Changes<'_>,
    path: &ResourcePath,
    value: &str,
    specification: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    if value.len() > MOST_INLINE {
        let message = format!(
            "The specification has {} bytes; inline imports take at most {MOST_INLINE}. Use the format 'link'.",
            value.len()
        );
        return Err(arm_error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            message,
        )
        .into());
    }
    set_document(changes, path.key(), value, specification)?;
    Ok(HandlerResponse::empty(StatusCode::OK).into())
}

fn import_link(
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
    link: &str,
    specification: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let fetched = reqwest::Url::parse(link)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    if fetched.is_none() {
        return Err(refused("The field Value must be a valid http or https URL.").into());
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    let key = operations::key(path, &id);
    let operation = OperationRecord {
        link: link.to_owned(),
        specification: specification.cloned(),
        state: OperationState::NotStarted,
        work: None,
    };
    changes.put_operation(&key, &operation)?;
    let response = HandlerResponse::empty(StatusCode::ACCEPTED)
        .with_header("location", &operations::location(path, &id, request));
    Ok(WriteOutcome {
        response,
        follow_up: Some(FollowUp::Fetch { operation: key }),
    })
}
