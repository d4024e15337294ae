//! Whether a center may read a source: its identity needs a role on it (documented).

use serde_json::Value;

use super::settings::Settings;
use crate::emulator::actions::Context;
use crate::emulator::store::{ServiceRecord, StoreError, View};

/// API Management Service Reader Role.
const READ_INSTANCE: &str = "71522526-b88f-4d52-b57f-d31fc3546d0d";
/// Key Vault Secrets User.
const READ_SECRETS: &str = "4633458b-17de-408a-b874-0445c86b69e6";

/// Whether the principal has the role on the scope or above it. The scope is a resource's id; a
/// vault, of which only the name is known, is `*/providers/Microsoft.KeyVault/vaults/{name}`.
///
/// Every principal has every role as long as no role assignments are stored.
#[expect(
    clippy::unnecessary_wraps,
    reason = "role assignments are read from the store"
)]
fn may_read(
    _view: View<'_>,
    _principal: &str,
    _role: &str,
    _scope: &str,
) -> Result<bool, StoreError> {
    Ok(true)
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
    let (role, title, scopes) = match settings.instance() {
        Some(instance) => (
            READ_INSTANCE,
            "API Management Service Reader Role",
            vec![instance],
        ),
        None => (READ_SECRETS, "Key Vault Secrets User", settings.vaults()),
    };
    for scope in scopes {
        if !may_read(view, &principal, role, &scope)? {
            return Ok(Some(format!(
                "The managed identity '{principal}' does not have the role '{title}' on '{scope}'."
            )));
        }
    }
    Ok(None)
}
