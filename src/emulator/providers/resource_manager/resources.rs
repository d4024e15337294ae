//! The list of all resources: those that live at the top, hence the services.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, arm_error};
use crate::emulator::providers::api_center::list::{Condition, conditions};
use crate::emulator::providers::api_center::services;
use crate::emulator::providers::api_center::target::PROVIDER;
use crate::emulator::store::{ServiceRecord, View};

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
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
    call: &Call,
) -> Outcome {
    let filter = match call.query.get("$filter").filter(|text| !text.is_empty()) {
        Some(text) => read(text)?,
        None => Vec::new(),
    };
    let value: Vec<Value> = view
        .services(subscription, group)?
        .iter()
        .filter(|service| service.deleted.is_none())
        .filter(|service| filter.iter().all(|one| satisfies(service, one, &filter)))
        .map(rendered)
        .collect();
    Ok(Answer::ok(json!({ "value": value })))
}

fn read(filter: &str) -> Outcome<Vec<Condition>> {
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

fn satisfies(service: &ServiceRecord, condition: &Condition, filter: &[Condition]) -> bool {
    let is = |text: &str| text.eq_ignore_ascii_case(&condition.value);
    match condition.property.to_ascii_lowercase().as_str() {
        "resourcetype" => is(&format!("{PROVIDER}/services")),
        "resourcegroup" => is(&service.group),
        "name" => is(&service.name),
        "location" => services::same_location(&service.location, &condition.value),
        "tagname" => service.tags.contains_key(&condition.value),
        _ => tag(service, filter) == Some(condition.value.as_str()),
    }
}

/// The value of the tag that the filter names.
fn tag<'a>(service: &'a ServiceRecord, filter: &[Condition]) -> Option<&'a str> {
    let named = filter
        .iter()
        .find(|one| one.property.eq_ignore_ascii_case("tagName"))?;
    service.tags.get(&named.value)?.as_str()
}

/// Documented: without properties.
fn rendered(service: &ServiceRecord) -> Value {
    let mut body = json!({
        "id": services::path_of(service),
        "name": service.name,
        "type": format!("{PROVIDER}/services"),
        "location": service.location,
        "tags": service.tags,
        "sku": service.sku,
    });
    if let Some(identity) = &service.identity {
        body["identity"] = identity.clone();
    }
    body
}
