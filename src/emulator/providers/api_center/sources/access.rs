//! Whether a center may read a source: its identity needs a role on it (documented).

use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::roles;
use crate::emulator::providers::api_center::sources::identity;
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
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
        if roles::is_assigned(view, principal, role, scope)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why the service may not read the source, in our own words; `None` if it may.
pub(super) fn obstacle(
    context: &HandlerContext,
    view: View<'_>,
    service: &ServiceRecord,
    settings: &SourceSettings,
) -> Result<Option<String>, StoreError> {
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
        if !may_read(view, &principal, reading.roles, &scope)? {
            return Ok(Some(format!(
                "The managed identity '{principal}' does not have the role '{}' on '{scope}'.",
                reading.title
            )));
        }
    }
    Ok(None)
}
