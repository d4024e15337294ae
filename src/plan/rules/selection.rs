//! Warns about resources that a selected change needs and `--only` leaves out.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Diagnostic, code};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    if input.options.only.is_empty() {
        return;
    }
    for change in &input.plan.changes {
        let Some(after) = change.after() else {
            continue;
        };
        for needed in change.address.parent().iter().chain(&after.references) {
            let is_left_out = !input.live.resources.contains_key(needed)
                && input.desired.resources.contains_key(needed)
                && !input.options.selects(needed);
            if !is_left_out {
                continue;
            }
            let message = format!("{} needs {needed}, which --only leaves out", change.address);
            findings.warn(
                Diagnostic::warning(code::DEPENDENCY_NOT_SELECTED, message)
                    .help(format!("add --only {needed}"))
                    .at_opt(change.place, "declared here"),
            );
        }
    }
}
