//! Whether a center may read a source: its identity needs a role on it (documented).

use serde_json::Value;

use super::settings::Settings;
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::providers::authorization;
use crate::emulator::store::{ServiceRecord, StoreError, View};

/// What is to be read, and which roles allow it: the one that is documented for it comes first, and
/// the others imply it.
struct Reading {
    title: &'static str,
    roles: &'static [&'static str],
}

static INSTANCE: Reading = Reading {
    title: "API Management Service Reader Role",
    roles: &[
        "71522526-b88f-4d52-b57f-d31fc3546d0d",
        // API Management Service Contributor, Reader, Contributor, Owner.
        "312a565d-c81f-4fd8-895a-4e21e48d571c",
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    ],
};

/// No general role reads secrets: that is a data action.
static SECRETS: Reading = Reading {
    title: "Key Vault Secrets User",
    roles: &[
        "4633458b-17de-408a-b874-0445c86b69e6",
        // Key Vault Secrets Officer, Key Vault Administrator.
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    ],
};

/// Whether the principal has one of the roles on the scope or above it. The scope is a resource's
/// id; a vault, of which only the name is known, is `*/providers/Microsoft.KeyVault/vaults/{name}`.
fn may_read(
    view: View<'_>,
    principal: &str,
    roles: &[&str],
    scope: &str,
) -> Result<bool, StoreError> {
    for role in roles {
        if authorization::is_assigned(view, principal, role, scope)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this is (one of) the principals of the service's identity.
pub(super) fn has_principal(service: &ServiceRecord, principal: &str) -> bool {
    let is = |holder: &Value| {
        let id = holder.get("principalId").and_then(Value::as_str);
        id.is_some_and(|id| id.eq_ignore_ascii_case(principal))
    };
    let Some(identity) = &service.identity else {
        return false;
    };
    let users = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    is(identity) || users.is_some_and(|users| users.values().any(is))
}

/// The id of the user-assigned identity that reads the source: the one that was named, else the
/// first of the service when it has no identity of its own (observed for Amazon).
pub(super) fn default_identity(service: &ServiceRecord) -> Option<String> {
    let identity = service.identity.as_ref()?;
    if identity.get("principalId").is_some() {
        return None;
    }
    let users = identity.get("userAssignedIdentities")?.as_object()?;
    users.keys().next().cloned()
}

/// The principal that reads the source.
fn principal(service: &ServiceRecord, named: Option<&str>) -> Option<String> {
    let identity = service.identity.as_ref()?;
    let text = |value: &Value| {
        value
            .get("principalId")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let Some(named) = named else {
        let first = || {
            identity
                .get("userAssignedIdentities")?
                .as_object()?
                .values()
                .next()
                .and_then(text)
        };
        return text(identity).or_else(first);
    };
    let users = identity.get("userAssignedIdentities")?.as_object()?;
    let found = users.iter().find(|(id, _)| id.eq_ignore_ascii_case(named));
    found.and_then(|(_, user)| text(user))
}

/// Why the service may not read the source, in words of our own; `None` when it may.
pub(super) fn obstacle(
    context: &Context,
    view: View<'_>,
    service: &ServiceRecord,
    settings: &Settings,
) -> Result<Option<String>, StoreError> {
    let Some(principal) = principal(service, settings.identity.as_deref()) else {
        return Ok(Some(match &settings.identity {
            Some(named) => {
                format!("The managed identity '{named}' is not assigned to the service.")
            }
            None => "The service has no managed identity to access the API source with.".to_owned(),
        }));
    };
    if !context.options.enforce_roles {
        return Ok(None);
    }
    let (reading, scopes) = match settings.instance() {
        Some(instance) => (&INSTANCE, vec![instance]),
        None => (&SECRETS, settings.vaults()),
    };
    for scope in scopes {
        if !may_read(view, &principal, reading.roles, &scope)? {
            return Ok(Some(format!(
                "The managed identity '{principal}' does not have the role '{}' on '{scope}'.",
                reading.title
            )));
        }
    }
    Ok(None)
}
