//! Warns about resources that a planned change needs, that the service does not have, and that the plan leaves out.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Diagnostic, code};
use crate::plan::model::PlanOptions;

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
            let (why, help) = words(needed, input.options);
            let message = format!("{} needs {needed}, {why}", change.address);
            findings.warn(
                Diagnostic::warning(code::DEPENDENCY_NOT_SELECTED, message)
                    .help(help)
                    .at_opt(change.place, "declared here"),
            );
        }
    }
}

/// Why a resource is left out, and what to do about it.
fn words(needed: &Address, options: &PlanOptions) -> (String, String) {
    match options.left_out_by(needed) {
        Some(flag) => {
            let help = match options.exclude.covers(needed) {
                true => format!("plan without the --exclude that leaves {needed} out"),
                false => format!("add --only {needed}"),
            };
            (format!("which {flag} leaves out"), help)
        }
        None => (
            "which is not in the service and not a part of this plan".to_owned(),
            "an earlier change was not applied yet, or somebody deleted it: plan without --changed-since, which \
             creates it"
                .to_owned(),
        ),
    }
}
