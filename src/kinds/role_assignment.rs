//! Role assignments: what an identity may do, and where.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::kind::{Kind, Snippet};
use super::location::Location;
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, BUILT_IN_ROLES, Body, BuiltInRole, KindInfo, Prune, Role};

/// The kind `RoleAssignment`.
///
/// Its scope may be any resource of Azure and its name there is a GUID, so a live one is found by
/// scope, principal and role, and its address is what the manifest calls it.
pub static ROLE_ASSIGNMENT: Kind = Kind {
    info: KindInfo {
        name: "RoleAssignment",
        slug: "role-assignment",
        noun: "role assignment",
        rank: 3,
        role: Role::RoleAssignment,
        case_insensitive: &["role", "scope", "principal.objectId", "principal.type"],
        force_replace: &["role", "scope", "principal"],
        prune: Prune::Owned,
        ..KindInfo::PLAIN
    },
    location: Location::AnyScope("Microsoft.Authorization/roleAssignments"),
    collection: "roleAssignments",
    api_version: "2022-04-01",
    server_owned: &[
        "createdOn",
        "createdBy",
        "updatedOn",
        "updatedBy",
        "delegatedManagedIdentityResourceId",
    ],
    schema: schema_of!(RoleAssignmentSpec),
    example: r#"{"role": "API Management Service Reader Role",
        "scope": "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim",
        "principal": {"objectId": "11111111-1111-1111-1111-111111111111", "type": "ServicePrincipal"},
        "description": "Lets the catalogue read the gateway."}"#,
    snippets: &[Snippet {
        label: "",
        description: "A role for the service's own identity, such as reading a gateway",
        spec: r#"{"role": "${3:API Management Service Reader Role}",
                "scope": "${2:/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim}",
                "principal": {"serviceIdentity": "${4|true|}"}}"#,
    }],
    normalise,
    read,
    write,
    ..Kind::PLAIN
};

/// Types of principals.
const PRINCIPALS: &Known = &[
    ("User", "A person."),
    ("Group", "A group of people or applications."),
    ("ServicePrincipal", "An application or a managed identity."),
    ("ForeignGroup", "A group of another tenant."),
    ("Device", "A device."),
];

/// The GUID of a role that is given by its built-in name or by GUID; `None` for any other text.
#[must_use]
pub fn role_id(role: &str) -> Option<String> {
    match BuiltInRole::find(role) {
        Some(known) => Some(known.id.to_owned()),
        None => uuid::Uuid::try_parse(role)
            .ok()
            .map(|id| id.hyphenated().to_string()),
    }
}

/// The built-in name of a role, or else its GUID in lower case, or else the text itself.
#[must_use]
pub fn role_name(role: &str) -> String {
    let Some(id) = role_id(role) else {
        return role.to_owned();
    };
    BuiltInRole::find(&id).map_or(id, |known| known.name.to_owned())
}

/// The built-in names.
#[must_use]
pub fn role_names() -> Vec<&'static str> {
    BUILT_IN_ROLES.iter().map(|role| role.name).collect()
}

fn role_meanings() -> Vec<&'static str> {
    BUILT_IN_ROLES.iter().map(|role| role.meaning).collect()
}

/// What an identity may do, and where. Azure cannot change an assignment: another role, scope or
/// principal means a new one, and the old one goes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct RoleAssignmentSpec {
    /// The role, by its built-in name or by the GUID of any role.
    #[schemars(length(min = 1), extend("x-suggestions" = role_names(), "x-known-descriptions" = role_meanings()))]
    pub role: String,
    /// Resource id of what the role is for, such as an API Management instance; the API Center
    /// service itself by default.
    #[schemars(regex(pattern = "^/.+[^/]$"), extend("examples" = ["/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways/providers/Microsoft.ApiManagement/service/contoso-apim"]))]
    pub scope: Option<String>,
    /// Who gets the role: the service's own identity, or anybody by object id.
    pub principal: Principal,
    /// Why the assignment is there, for those who meet it in the Azure portal.
    #[schemars(length(max = 512))]
    pub description: Option<String>,
}

/// Who gets a role: exactly one of `serviceIdentity` and `objectId`.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
#[schemars(extend("x-exclusive" = ["serviceIdentity", "objectId"], "x-one-required" = true))]
pub(super) struct Principal {
    /// The managed identity of the API Center service, whatever its id is.
    pub service_identity: Option<bool>,
    /// Object id of a user, a group or a service principal in Microsoft Entra ID.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"), extend("examples" = ["11111111-1111-1111-1111-111111111111"]))]
    pub object_id: Option<String>,
    /// What the object is; Azure looks it up where it is left out, and may not find one that was just
    /// made.
    #[schemars(extend("x-known-values" = values(PRINCIPALS), "x-known-descriptions" = meanings(PRINCIPALS)))]
    pub r#type: Option<String>,
}

fn normalise(_: &Address, body: &mut Body) {
    if let Some(Value::String(role)) = body.get_mut("role") {
        *role = role_name(role);
    }
    if let Some(Value::String(scope)) = body.get_mut("scope") {
        scope.truncate(scope.trim_end_matches('/').len());
    }
    if let Some(Value::String(id)) = body
        .get_mut("principal")
        .and_then(|p| p.get_mut("objectId"))
    {
        id.make_ascii_lowercase();
    }
}

fn read(_: &Address, body: &mut Body) {
    if let Some(Value::String(id)) = body.shift_remove("roleDefinitionId") {
        let guid = id.rsplit('/').next().unwrap_or(&id);
        body.insert("role".to_owned(), json!(role_name(guid)));
    }
    let mut principal = Body::new();
    for (wire, ours) in [("principalId", "objectId"), ("principalType", "type")] {
        if let Some(value) = body.shift_remove(wire) {
            principal.insert(ours.to_owned(), value);
        }
    }
    if !principal.is_empty() {
        body.insert("principal".to_owned(), Value::Object(principal));
    }
}

/// The scope stays in, and so does the service's own identity: whoever sends the body knows what they
/// stand for.
fn write(_: &Address, body: &mut Body) {
    if let Some(Value::String(role)) = body.shift_remove("role") {
        let id = role_id(&role).unwrap_or(role);
        let id = format!("/providers/Microsoft.Authorization/roleDefinitions/{id}");
        body.insert("roleDefinitionId".to_owned(), Value::String(id));
    }
    if let Some(Value::Object(mut principal)) = body.shift_remove("principal") {
        for (ours, wire) in [("objectId", "principalId"), ("type", "principalType")] {
            if let Some(value) = principal.shift_remove(ours) {
                body.insert(wire.to_owned(), value);
            }
        }
        // The service's own identity has no id that a manifest could know.
        if !principal.is_empty() {
            body.insert("principal".to_owned(), Value::Object(principal));
        }
    }
}
