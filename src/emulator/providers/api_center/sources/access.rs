//! Whether a center may read a source: its identity needs a role on it (documented).

use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::roles;
use crate::emulator::providers::api_center::sources::identity;
use crate::emulator::providers::api_center::sources::settings::{SourceGateway, SourceSettings};
use crate::emulator::providers::authorization::{RequiredAction, allows};
use crate::emulator::store::{ServiceRecord, StoreError, View};

/// What is to be read: the role that is documented for it, and the action that other roles allow, too.
struct Reading {
    title: &'static str,
    action: RequiredAction,
}

static INSTANCE: Reading = Reading {
    title: "API Management Service Reader Role",
    action: RequiredAction::Management("Microsoft.ApiManagement/service/apis/read"),
};

/// No general role reads secrets: that is a data action.
static SECRETS: Reading = Reading {
    title: "Key Vault Secrets User",
    action: RequiredAction::Data("Microsoft.KeyVault/vaults/secrets/getSecret/action"),
};

/// Whether the principal has a role that allows the action, on the scope or above it. The scope is a
/// resource's id; a vault, of which only the name is known, is
/// `*/providers/Microsoft.KeyVault/vaults/{name}`.
fn may(
    view: View<'_>,
    principal: &str,
    action: RequiredAction,
    scope: &str,
) -> Result<bool, StoreError> {
    let roles = roles::assigned(view, principal, scope)?;
    Ok(roles.iter().any(|role| allows(role, action)))
}

/// Why the service may not read the source, in our own words; `None` if it may.
pub(super) fn obstacle(
    context: &HandlerContext,
    view: View<'_>,
    service: &ServiceRecord,
    settings: &SourceSettings,
) -> Result<Option<String>, StoreError> {
    // Chosen here: every repository is public.
    if matches!(settings.gateway, SourceGateway::Git { .. }) {
        return Ok(None);
    }
    let Some(principal) = identity::principal(service, settings.identity.as_deref()) else {
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
        if !may(view, &principal, reading.action, &scope)? {
            return Ok(Some(format!(
                "The managed identity '{principal}' does not have the role '{}' on '{scope}'.",
                reading.title
            )));
        }
    }
    Ok(None)
}
