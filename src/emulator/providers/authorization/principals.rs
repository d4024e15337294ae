//! The identities that the emulator makes, and how they become known to role assignments.

use axum::http::StatusCode;
use serde_json::Value;

use crate::emulator::core::clock::Ticks;
use crate::emulator::core::response::{Answer, Outcome, arm_error};
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::providers::login::TENANT;
use crate::emulator::store::{Changes, PrincipalRecord, StoreError};

/// Notes the principals of a service's identity, those that are new.
pub(in crate::emulator) fn note(
    changes: &Changes<'_>,
    identity: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(identity) = identity else {
        return Ok(());
    };
    let users = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    let own = std::iter::once(identity);
    for holder in own.chain(users.into_iter().flat_map(|users| users.values())) {
        if let Some(id) = holder.get("principalId").and_then(Value::as_str)
            && changes.view().principal(id)?.is_none()
        {
            let since = Ticks::now();
            changes.put_principal(id, &PrincipalRecord { since, missed: 0 })?;
        }
    }
    Ok(())
}

/// Refuses a principal that the directory has not heard of yet, and one that is called what it is
/// not. Chosen here: principals that the emulator did not make are users or services that exist; and
/// the delay holds whatever `principalType` says, which is harder on clients than the directory is.
pub(super) fn check(
    context: &Context,
    changes: &Changes<'_>,
    id: &str,
    kind: Option<&str>,
) -> Outcome<()> {
    let Some(mut principal) = changes.view().principal(id)? else {
        return Ok(());
    };
    let replication = context.options.replication;
    let known_at = principal.since.plus(replication.time);
    if principal.missed < replication.tries || !known_at.remaining().is_zero() {
        principal.missed += 1;
        changes.put_principal(id, &principal)?;
        return Err(not_found(id).into());
    }
    match kind {
        Some(kind) if !kind.eq_ignore_ascii_case("ServicePrincipal") => {
            let message = format!(
                "The PrincipalId '{}' has type 'ServicePrincipal' , which is different from specified \
                 PrinciaplType '{kind}'.",
                short(id)
            );
            Err(arm_error(StatusCode::BAD_REQUEST, "UnmatchedPrincipalType", message).into())
        }
        _ => Ok(()),
    }
}

/// Documented: what a principal answers that is not replicated yet.
fn not_found(id: &str) -> Answer {
    let message = format!(
        "Principal {} does not exist in the directory {TENANT}. Check that you have the correct \
         principal ID. If you are creating this principal and then immediately assigning a role, this \
         error might be related to a replication delay. In this case, set the role assignment \
         principalType property to a value, such as ServicePrincipal, User, or Group.  See \
         https://aka.ms/docs-principaltype",
        short(id)
    );
    arm_error(StatusCode::BAD_REQUEST, "PrincipalNotFound", message)
}

/// The provider writes principals without hyphens in its messages.
fn short(id: &str) -> String {
    id.replace('-', "")
}
