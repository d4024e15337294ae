//! Warns about changes that remove more than what is below them.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Diagnostic, Role, code, counted};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for change in input.plan.cascades() {
        let address = &change.address;
        let removed = counted(input.plan.taken_with(address).count(), "resource");
        let what = match change.after() {
            None => format!("deleting {address} takes {removed} with it"),
            Some(_) => format!("another gateway for {address} takes {removed} with it"),
        };
        findings.warn(Diagnostic::warning(code::CASCADE, what).help(format!(
            "confirm it separately: --allow-destroy {address}, or type the address when asked"
        )));
    }
    for (address, with) in &input.plan.taken_declared {
        let declared = input.desired.resources.get(address);
        let Some(declared) = declared.filter(|_| address.is(Role::Environment)) else {
            continue;
        };
        findings.warn(
            Diagnostic::warning(
                code::CASCADE,
                format!("{address} is declared, and the service deletes it with {with}"),
            )
            .help("the next apply creates it again")
            .at_opt(declared.place, "declared here"),
        );
    }
}
