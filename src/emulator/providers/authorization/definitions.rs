//! The built-in roles that matter around an API Center. Names and GUIDs are documented; of the
//! actions only those that describe the role are listed.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::filter;
use super::filter::RoleCondition;
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::core::roles::same;

struct Role {
    guid: &'static str,
    name: &'static str,
    description: &'static str,
    actions: &'static [&'static str],
    not_actions: &'static [&'static str],
    data_actions: &'static [&'static str],
}

const NOTHING: &[&str] = &[];

static ROLES: &[Role] = &[
    Role {
        guid: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        name: "Owner",
        description: "Grants full access to manage all resources, including the ability to assign roles.",
        actions: &["*"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        name: "Contributor",
        description: "Grants full access to manage all resources, but does not allow to assign roles.",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ],
        data_actions: NOTHING,
    },
    Role {
        guid: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        name: "Reader",
        description: "View all resources, but does not allow to make any changes.",
        actions: &["*/read"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "c7244dfb-f447-457d-b2ba-3999044d1706",
        name: "Azure API Center Data Reader",
        description: "Allows for access to Azure API Center data plane read operations.",
        actions: NOTHING,
        not_actions: NOTHING,
        data_actions: &["Microsoft.ApiCenter/services/*/read"],
    },
    Role {
        guid: "dd24193f-ef65-44e5-8a7e-6fa6e03f7713",
        name: "Azure API Center Service Contributor",
        description: "Allows managing Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*",
            "Microsoft.Authorization/*/read",
        ],
        not_actions: &[
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/updateAnalysisState/action",
        ],
        data_actions: NOTHING,
    },
    Role {
        guid: "6cba8790-29c5-48e5-bab1-c7541b01cb04",
        name: "Azure API Center Service Reader",
        description: "Allows read-only access to Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*/read",
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/exportSpecification/action",
            "Microsoft.Authorization/*/read",
        ],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "ede9aaa3-4627-494e-be13-4aa7c256148d",
        name: "Azure API Center Compliance Manager",
        description: "Allows managing API compliance in Azure API Center service.",
        actions: &[
            "Microsoft.ApiCenter/services/*/read",
            "Microsoft.ApiCenter/services/workspaces/apis/versions/definitions/updateAnalysisState/action",
        ],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "71522526-b88f-4d52-b57f-d31fc3546d0d",
        name: "API Management Service Reader Role",
        description: "Read-only access to service and APIs",
        actions: &[
            "Microsoft.ApiManagement/service/*/read",
            "Microsoft.ApiManagement/service/read",
        ],
        not_actions: &["Microsoft.ApiManagement/service/users/keys/read"],
        data_actions: NOTHING,
    },
    Role {
        guid: "312a565d-c81f-4fd8-895a-4e21e48d571c",
        name: "API Management Service Contributor",
        description: "Can manage service and the APIs",
        actions: &["Microsoft.ApiManagement/service/*"],
        not_actions: NOTHING,
        data_actions: NOTHING,
    },
    Role {
        guid: "4633458b-17de-408a-b874-0445c86b69e6",
        name: "Key Vault Secrets User",
        description: "Read secret contents.",
        actions: NOTHING,
        not_actions: NOTHING,
        data_actions: &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
    },
];

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
