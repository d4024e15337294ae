//! Writes that go on after their response, and how they are polled.

use axum::http::StatusCode;
use serde_json::json;

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::{HandlerRequest, encoded};
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::providers::api_management::errors::not_found;
use crate::emulator::providers::api_management::path::ApimPath;

fn version(request: &HandlerRequest) -> &str {
    request.query.get("api-version").unwrap_or_default()
}

/// The response to a write of an instance, or to one that imports a description: with two addresses
/// to poll (observed for instances, documented for imports).
pub(super) fn begun(
    context: &HandlerContext,
    request: &HandlerRequest,
    place: &ApimPath,
    response: HandlerResponse,
) -> HandlerResponse {
    let address = address(context, request, place);
    response
        .with_header("azure-asyncoperation", &address)
        .with_header("location", &address)
}

/// The name of an operation is the time it ends, so that nothing has to be kept.
fn address(context: &HandlerContext, request: &HandlerRequest, place: &ApimPath) -> String {
    let due = Ticks::now().plus(context.options.operation_delay);
    format!(
        "{}{}/operationResults/{:x}?api-version={}",
        request.base,
        place.instance_id(),
        due.number(),
        encoded(version(request))
    )
}

/// The response to a write that imports a description. Observed up to 2022-08-01: 202 and the address
/// of the resource itself, with the status that a poll ends with; later two addresses (documented).
pub(super) fn importing(
    context: &HandlerContext,
    request: &HandlerRequest,
    place: &ApimPath,
    response: HandlerResponse,
) -> HandlerResponse {
    if version(request) >= "2022-09" {
        return begun(context, request, place, response);
    }
    let due = Ticks::now().plus(context.options.operation_delay);
    let address = format!(
        "{}{}?api-version={}&asyncId={:024x}&asyncCode={}",
        request.base,
        request.path,
        encoded(version(request)),
        due.number(),
        response.status.as_u16()
    );
    HandlerResponse::empty(StatusCode::ACCEPTED).with_header("location", &address)
}

/// The response to a GET that polls such an address: the resource with the status of the write.
pub(super) fn polled(request: &HandlerRequest, response: HandlerResponse) -> HandlerResponse {
    let Some(code) = request.query.get("asyncCode") else {
        return response;
    };
    let due = request.query.get("asyncId");
    let due = due.and_then(|id| u64::from_str_radix(id, 16).ok());
    if due.is_some_and(|due| !is_past(Ticks::from_number(due))) {
        return HandlerResponse::empty(StatusCode::ACCEPTED);
    }
    let status = code
        .parse()
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok());
    HandlerResponse {
        status: status.unwrap_or(StatusCode::OK),
        ..response
    }
}

/// The response to a DELETE of an API: 200 without a body (observed), 202 with an address since
/// 2024-05-01 (documented; newer clients accept nothing else).
pub(super) fn deleted(
    context: &HandlerContext,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResponse {
    if version(request) < "2024-05-01" {
        return HandlerResponse::empty(StatusCode::OK);
    }
    let address = address(context, request, place);
    HandlerResponse::empty(StatusCode::ACCEPTED).with_header("location", &address)
}

/// 200 with a status either way (observed).
pub(super) fn poll(place: &ApimPath, id: &str) -> HandlerResult {
    let due = u64::from_str_radix(id, 16).map_err(|_| not_found("Operation"))?;
    let done = is_past(Ticks::from_number(due));
    let id = format!("{}/operationResults/{id}", place.instance_id());
    let status = if done { "Succeeded" } else { "InProgress" };
    Ok(HandlerResponse::ok(json!({"id": id, "status": status})))
}

fn is_past(moment: Ticks) -> bool {
    moment.remaining().is_zero()
}
