//! `importSpecification`: gives a definition its document, inline at once or by link in the
//! background.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use super::{Action, Context, Done, Run};
use crate::emulator::core::clock::{Ticks, etag};
use crate::emulator::core::job::Follow;
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, arm_error, problem_not_found, refused};
use crate::emulator::providers::api_center::kinds::STABLE_ON;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, OperationRecord, OperationState, StoreError};

pub(super) const ACTION: Action = Action {
    on: "definitions",
    name: "importSpecification",
    api_versions: STABLE_ON,
    run: Run::Change(import),
};

/// Documented for clients, which refuse more themselves; that the service answers 413 is chosen
/// here.
const MOST_INLINE: usize = 3 * 1024 * 1024;

/// Inline answers 200 with no body, by link 202 with a `Location` (both observed).
fn import(_context: &Context, changes: &Changes<'_>, at: &At, call: &Call) -> Outcome<Done> {
    let definition = changes.view().resource(at.key())?;
    let definition = definition.ok_or_else(problem_not_found)?;
    sources::check_import(changes.view(), &definition)?;
    let empty = Map::new();
    let body = call
        .body
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let value = text("value").ok_or_else(|| refused("The Value field is required."))?;
    let specification = body.get("specification").filter(|value| value.is_object());
    match text("format") {
        Some("inline") => import_inline(changes, at, value, specification),
        Some("link") => import_link(changes, at, call, value, specification),
        _ => Err(refused("The field Format must be one of: inline, link.").into()),
    }
}

fn import_inline(
    changes: &Changes<'_>,
    at: &At,
    value: &str,
    specification: Option<&Value>,
) -> Outcome<Done> {
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
    set_document(changes, at.key(), value, specification)?;
    Ok(Answer::empty(StatusCode::OK).into())
}

fn import_link(
    changes: &Changes<'_>,
    at: &At,
    call: &Call,
    link: &str,
    specification: Option<&Value>,
) -> Outcome<Done> {
    let fetched = reqwest::Url::parse(link)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"));
    if fetched.is_none() {
        return Err(refused("The field Value must be a valid http or https URL.").into());
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    let key = operations::key(at, &id);
    let operation = OperationRecord {
        link: link.to_owned(),
        specification: specification.cloned(),
        state: OperationState::NotStarted,
        work: None,
    };
    changes.put_operation(&key, &operation)?;
    let answer = Answer::empty(StatusCode::ACCEPTED)
        .with_header("location", &operations::location(at, &id, call));
    Ok(Done {
        answer,
        follow: Some(Follow::Fetch { operation: key }),
    })
}

/// Stores a document. The definition gains `specification` exactly as sent, a new etag and
/// `lastModifiedAt` (observed). A definition that is gone by now stays gone.
pub(in crate::emulator) fn set_document(
    changes: &Changes<'_>,
    definition: &str,
    document: &str,
    specification: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(mut record) = changes.view().resource(definition)? else {
        return Ok(());
    };
    record.modified = Ticks::now();
    record.etag = etag(changes.next_number()?, record.modified);
    if let Some(specification) = specification {
        record
            .owned
            .insert("specification".to_owned(), specification.clone());
    }
    changes.put_content(definition, document)?;
    changes.put_resource(definition, &record, None)
}
