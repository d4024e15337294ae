//! Warns about resources that a selected change needs and `--only` or `--exclude` leaves out.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Diagnostic, code};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    if !input.options.is_partial() {
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
            let flag = input.options.left_out_by(needed);
            let message = format!("{} needs {needed}, which {flag} leaves out", change.address);
            let help = match input.options.exclude.covers(needed) {
                true => format!("plan without the --exclude that leaves {needed} out"),
                false => format!("add --only {needed}"),
            };
            findings.warn(
                Diagnostic::warning(code::DEPENDENCY_NOT_SELECTED, message)
                    .help(help)
                    .at_opt(change.place, "declared here"),
            );
        }
    }
}
