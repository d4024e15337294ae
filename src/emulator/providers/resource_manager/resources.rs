//! The list of all resources: the tracked ones of every provider.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::filter::{Condition, conditions};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::core::tracked::{TrackedResource, same_location};
use crate::emulator::store::{StoreError, View};

/// The properties that `$filter` may name (documented), as far as they mean anything here.
const FILTERED: [&str; 6] = [
    "resourceType",
    "resourceGroup",
    "name",
    "location",
    "tagName",
    "tagValue",
];

pub(super) fn list(
    context: &HandlerContext,
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
    request: &HandlerRequest,
) -> HandlerResult {
    let filter = match request.query.get("$filter").filter(|text| !text.is_empty()) {
        Some(text) => read(text)?,
        None => Vec::new(),
    };
    let value: Vec<Value> = all(context, view, subscription, group)?
        .iter()
        .filter(|resource| filter.iter().all(|one| satisfies(resource, one, &filter)))
        .map(rendered)
        .collect();
    Ok(HandlerResponse::ok(json!({ "value": value })))
}

/// The tracked resources of every provider.
pub(super) fn all(
    context: &HandlerContext,
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> Result<Vec<TrackedResource>, StoreError> {
    let mut all = Vec::new();
    for provider in context.providers {
        all.extend(provider.tracked_resources(view, subscription, group)?);
    }
    Ok(all)
}

fn read(filter: &str) -> HandlerResult<Vec<Condition>> {
    let unsupported = || {
        let message = format!("Invalid $filter '{filter}' specified in the query string.");
        arm_error(
            StatusCode::BAD_REQUEST,
            "InvalidFilterInQueryString",
            message,
        )
    };
    let read = conditions(filter).map_err(|_| unsupported())?;
    let known = |one: &Condition| {
        FILTERED
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&one.property))
    };
    if read.iter().all(known) {
        Ok(read)
    } else {
        Err(unsupported().into())
    }
}

fn satisfies(resource: &TrackedResource, condition: &Condition, filter: &[Condition]) -> bool {
    let is = |text: &str| text.eq_ignore_ascii_case(&condition.value);
    match condition.property.to_ascii_lowercase().as_str() {
        "resourcetype" => is(&resource.resource_type),
        "resourcegroup" => is(&resource.group),
        "name" => is(&resource.name),
        "location" => same_location(&resource.location, &condition.value),
        "tagname" => resource.tags.contains_key(&condition.value),
        _ => tag(resource, filter) == Some(condition.value.as_str()),
    }
}

/// The value of the tag that the filter names.
fn tag<'a>(resource: &'a TrackedResource, filter: &[Condition]) -> Option<&'a str> {
    let named = filter
        .iter()
        .find(|one| one.property.eq_ignore_ascii_case("tagName"))?;
    resource.tags.get(&named.value)?.as_str()
}

/// Documented: without properties.
fn rendered(resource: &TrackedResource) -> Value {
    let mut body = json!({
        "id": resource.id,
        "name": resource.name,
        "type": resource.resource_type,
        "location": resource.location,
        "tags": resource.tags,
        "sku": resource.sku,
    });
    if let Some(identity) = &resource.identity {
        body["identity"] = identity.clone();
    }
    body
}
