//! Warns about resources that a planned change needs, that the service does not have, and that the plan leaves out.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Diagnostic, code};
use crate::plan::model::{Change, PlanOptions};

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
            if is_left_out {
                findings.warn(warning(change, needed, input.options));
            }
        }
    }
}

fn warning(change: &Change, needed: &Address, options: &PlanOptions) -> Diagnostic {
    let only = &options.only;
    let (why, help) = if !only.is_empty() && !only.covers(needed) {
        ("which --only leaves out", format!("add --only {needed}"))
    } else {
        (
            "which is not in the service and not a part of this plan",
            "an earlier change was not applied yet, or somebody deleted it: plan without --changed-since, which \
             creates it"
                .to_owned(),
        )
    };
    let message = format!("{} needs {needed}, {why}", change.address);
    Diagnostic::warning(code::DEPENDENCY_NOT_SELECTED, message)
        .help(help)
        .at_opt(change.place, "declared here")
}
