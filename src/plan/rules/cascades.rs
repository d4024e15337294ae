//! Warns about changes that remove more than what is below them.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::view::IntegrationView;
use crate::model::{Address, DesiredResource, Diagnostic, Role, code, counted};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for change in input.plan.cascades() {
        let address = &change.address;
        let taken = input.plan.taken_with(address).count();
        let before = change
            .before()
            .map(|before| IntegrationView::of(&before.body));
        let is_gateway = before.is_none_or(|link| link.git_repository().is_none());
        let removed = match taken {
            0 if !is_gateway => "what it brought in, which the service does not report".to_owned(),
            taken => counted(taken, "resource"),
        };
        let what = match change.after() {
            None => format!("deleting {address} also deletes {removed}"),
            Some(_) if change.former().is_some() => {
                let brought = input.plan.resynchronised.get(address);
                let brought = counted(brought.copied().unwrap_or_default(), "resource");
                format!(
                    "renaming {address} deletes {brought}, which it brings in again under other names"
                )
            }
            Some(_) => format!("pointing {address} at another gateway deletes {removed}"),
        };
        findings.warn(Diagnostic::warning(code::CASCADE, what).help(format!(
            "confirm it separately: --allow-destroy {address}, or type the address when asked"
        )));
    }
    for (declared, with) in declared_environments(input) {
        let message = format!(
            "{} is declared, and the service deletes it with {with}",
            declared.resource.address
        );
        findings.warn(
            Diagnostic::warning(code::CASCADE, message)
                .help("the next apply creates it again")
                .at_opt(declared.place, "declared here"),
        );
    }
}

/// The declared environments that vanish with an integration, those included that do not exist yet.
fn declared_environments<'a>(
    input: &PlanInput<'a>,
) -> impl Iterator<Item = (&'a DesiredResource, &'a Address)> {
    let (plan, desired, live) = (input.plan, input.desired, input.live);
    let taken = plan.taken_declared.iter().filter_map(|(address, with)| {
        let declared = desired.resources.get(address)?;
        address.is(Role::Environment).then_some((declared, with))
    });
    let deleted = plan.cascades().filter(|change| change.after().is_none());
    let not_live = deleted.filter_map(|change| {
        let name = IntegrationView::of(&change.before()?.body).target_environment()?;
        let declared = desired.resources.values().find(|declared| {
            let address = &declared.resource.address;
            address.is(Role::Environment)
                && address.name().eq_ignore_ascii_case(name)
                && !live.resources.contains_key(address)
        })?;
        Some((declared, &change.address))
    });
    taken.chain(not_live)
}
