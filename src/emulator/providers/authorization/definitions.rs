//! The definitions of roles, as the provider shows them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::built_in::{ROLES, Role};
use super::filter;
use super::filter::RoleCondition;
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::core::roles::same;

pub(super) fn list(scope: &str, request: &HandlerRequest) -> HandlerResult {
    let filter = request.query.get("$filter").filter(|text| !text.is_empty());
    let conditions = filter
        .map(filter::conditions)
        .transpose()?
        .unwrap_or_default();
    let mut found: Vec<&Role> = ROLES.iter().collect();
    for condition in &conditions {
        match condition {
            RoleCondition::AtScope => {}
            RoleCondition::Equals { property, value } if property == "rolename" => {
                found.retain(|role| same(role.name, value));
            }
            RoleCondition::Equals { property, value } if property == "type" => {
                found.retain(|_| same("BuiltInRole", value));
            }
            _ => return Err(filter::unsupported(filter.unwrap_or_default()).into()),
        }
    }
    let value: Vec<Value> = found.iter().map(|role| rendered(role, scope)).collect();
    Ok(HandlerResponse::ok(json!({ "value": value })))
}

pub(super) fn get(scope: &str, name: &str) -> HandlerResult {
    let found = ROLES.iter().find(|role| same(role.guid, name));
    let role = found.ok_or_else(|| {
        let message = format!("The specified role definition with ID '{name}' does not exist.");
        arm_error(StatusCode::NOT_FOUND, "RoleDefinitionDoesNotExist", message)
    })?;
    Ok(HandlerResponse::ok(rendered(role, scope)))
}

/// The id carries the subscription of the scope, and nothing where there is none (documented).
fn rendered(role: &Role, scope: &str) -> Value {
    let segments: Vec<&str> = scope.split('/').collect();
    let subscription = match segments.as_slice() {
        ["", first, id, ..] if same(first, "subscriptions") => format!("/subscriptions/{id}"),
        _ => String::new(),
    };
    json!({
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": role.description,
            "assignableScopes": ["/"],
            "permissions": [{
                "actions": role.actions,
                "notActions": role.not_actions,
                "dataActions": role.data_actions,
                "notDataActions": [],
            }],
            "createdBy": null,
            "updatedBy": null,
        },
        "id": format!(
            "{subscription}/providers/Microsoft.Authorization/roleDefinitions/{}",
            role.guid
        ),
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": role.guid,
    })
}
