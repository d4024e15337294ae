//! The registrations of resource providers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::{HandlerContext, RegisteredType};
use crate::emulator::core::response::{HandlerResponse, arm_error};

pub(super) fn list(context: &HandlerContext, subscription: &str) -> HandlerResponse {
    HandlerResponse::ok(json!({"value": all(context, subscription)}))
}

pub(super) fn get(context: &HandlerContext, subscription: &str, namespace: &str) -> HandlerResult {
    let found = all(context, subscription).into_iter().find(|one| {
        let name = one["namespace"].as_str().unwrap_or_default();
        name.eq_ignore_ascii_case(namespace)
    });
    let provider = found.ok_or_else(|| {
        let message = format!("The resource namespace '{namespace}' is invalid.");
        arm_error(StatusCode::NOT_FOUND, "InvalidResourceNamespace", message)
    })?;
    Ok(HandlerResponse::ok(provider))
}

/// The providers that register a type, by namespace.
fn all(context: &HandlerContext, subscription: &str) -> Vec<Value> {
    let mut providers: Vec<_> = context
        .providers
        .iter()
        .map(|provider| (provider.namespace(), provider.registered_types()))
        .filter(|(_, types)| !types.is_empty())
        .collect();
    providers.sort_by_key(|(namespace, _)| *namespace);
    providers
        .iter()
        .map(|(namespace, types)| rendered(subscription, namespace, types))
        .collect()
}

fn rendered(subscription: &str, namespace: &str, types: &[RegisteredType]) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|registered| {
            json!({
                "resourceType": registered.name,
                "locations": registered.locations,
                "apiVersions": registered.api_versions.iter().rev().collect::<Vec<_>>(),
                "capabilities": "None",
            })
        })
        .collect();
    json!({
        "id": format!("/subscriptions/{subscription}/providers/{namespace}"),
        "namespace": namespace,
        "resourceTypes": types,
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
    })
}
