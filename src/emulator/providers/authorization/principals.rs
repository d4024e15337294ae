//! The identities that the emulator makes, and how they become known to role assignments.

use axum::http::StatusCode;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::identity::TENANT;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::store::Changes;

/// Refuses a principal that is not yet in the directory, or one of another type than stated. Chosen here: principals that the emulator did not make are users or services that exist; and
/// the delay holds whatever `principalType` says, which is harder on clients than the directory is.
pub(super) fn check(
    context: &HandlerContext,
    changes: &Changes<'_>,
    id: &str,
    kind: Option<&str>,
) -> HandlerResult<()> {
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

/// Documented: the error for a principal that is not replicated yet.
fn not_found(id: &str) -> HandlerResponse {
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
