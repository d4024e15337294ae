//! Deletes that take more along than what is below them.

use crate::model::{DesiredState, Diagnostic, code};
use crate::plan::model::Plan;

/// Deletes that take more along than what lies below them, by the topmost resource.
pub(super) fn cascades(plan: &mut Plan, desired: &DesiredState) {
    let mut found = Vec::new();
    for change in plan.cascades() {
        let address = &change.address;
        let taken = match plan.taken_with(address).count() {
            1 => "one resource".to_owned(),
            taken => format!("{taken} resources"),
        };
        found.push(
            Diagnostic::warning(
                code::CASCADE,
                format!("deleting {address} takes {taken} with it"),
            )
            .help(format!(
                "an apply wants a consent of its own: --allow-destroy {address}, or the address typed at \
                 its question"
            )),
        );
        let environment = change
            .before()
            .and_then(|before| before.body.get("targetEnvironment"));
        let declared = desired.resources.values().find(|declared| {
            declared.resource.address.kind().entity == Some("environment")
                && environment
                    .and_then(|name| name.as_str())
                    .is_some_and(|name| declared.resource.address.name().eq_ignore_ascii_case(name))
        });
        if let Some(declared) = declared {
            let mut diagnostic = Diagnostic::warning(
                code::CASCADE,
                format!(
                    "{} is declared, and the service deletes it with {address}",
                    declared.resource.address
                ),
            )
            .help("the next apply makes it again");
            if let Some(place) = declared.place {
                diagnostic = diagnostic.at(place, "declared here");
            }
            found.push(diagnostic);
        }
    }
    plan.diagnostics.extend(found);
}
