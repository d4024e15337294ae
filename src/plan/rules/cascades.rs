//! Warns about deletes that remove more than what is below them.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::counted;
use crate::model::view::IntegrationView;
use crate::model::{DesiredResource, Diagnostic, Role, code};
use crate::plan::model::Change;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for change in input.plan.cascades() {
        let address = &change.address;
        let removed = counted(input.plan.taken_with(address).count(), "resource");
        findings.warn(
            Diagnostic::warning(
                code::CASCADE,
                format!("deleting {address} takes {removed} with it"),
            )
            .help(format!(
                "confirm it separately: --allow-destroy {address}, or type the address when asked"
            )),
        );
        if let Some(declared) = declared_environment(change, input) {
            let message = format!(
                "{} is declared, and the service deletes it with {address}",
                declared.resource.address
            );
            findings.warn(
                Diagnostic::warning(code::CASCADE, message)
                    .help("the next apply creates it again")
                    .at_opt(declared.place, "declared here"),
            );
        }
    }
}

/// The declared environment that is deleted with an integration.
fn declared_environment<'a>(change: &Change, input: &PlanInput<'a>) -> Option<&'a DesiredResource> {
    let name = IntegrationView::of(&change.before()?.body).target_environment()?;
    input.desired.resources.values().find(|declared| {
        let address = &declared.resource.address;
        address.kind().role == Role::Environment && address.name().eq_ignore_ascii_case(name)
    })
}
