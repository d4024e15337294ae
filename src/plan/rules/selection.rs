//! What a selection by `--only` leaves out.

use crate::model::{DesiredState, Diagnostic, LiveState, code};
use crate::plan::model::{Plan, PlanOptions};

/// With `--only`, a change may need a resource that is neither live nor selected.
pub(super) fn missing_dependencies(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    if options.only.is_empty() {
        return;
    }
    for change in &plan.changes {
        let Some(after) = change.after() else {
            continue;
        };
        for needed in change.address.parent().iter().chain(&after.references) {
            let absent = !live.resources.contains_key(needed)
                && desired.resources.contains_key(needed)
                && !options.selects(needed);
            if absent {
                let mut diagnostic = Diagnostic::warning(
                    code::DEPENDENCY_NOT_SELECTED,
                    format!("{} needs {needed}, which --only leaves out", change.address),
                )
                .help(format!("add --only {needed}"));
                if let Some(place) = change.place {
                    diagnostic = diagnostic.at(place, "declared here");
                }
                plan.diagnostics.push(diagnostic);
            }
        }
    }
}
