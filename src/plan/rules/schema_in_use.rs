//! A metadata schema cannot change while resources keep values that the change invalidates.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::Span;
use crate::plan::migrate::retyped;
use crate::plan::model::{Change, first_of};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for conflict in input.conflicts {
        let change = &input.plan.changes[conflict.schema];
        let what = match (change.before(), change.after()) {
            (_, None) => "be deleted",
            (Some(before), Some(after)) if retyped(&before.body, &after.body) => "change its type",
            _ => "be unassigned",
        };
        let users = conflict
            .users
            .iter()
            .map(|(address, why)| format!("{address} ({why})"));
        findings.refuse(
            format!(
                "{} cannot {what} while it is in use by {}",
                change.address,
                first_of(users)
            ),
            format!(
                "the service requires these values to be cleared first: remove `{}` from these \
                 resources where they are managed (undeclared ones: in the portal, or declare them here \
                 without it), then plan again",
                change.address.name()
            ),
            place_of(change),
        );
    }
}

/// Where a schema's first field that differs is declared, or else the schema.
fn place_of(schema: &Change) -> Option<Span> {
    schema
        .fields
        .iter()
        .find_map(|field| field.place)
        .or(schema.place)
}
