//! Warns about changes that let everybody read the catalogue.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::view::PortalView;
use crate::model::{Diagnostic, code};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for change in input.plan.openings() {
        let message = format!(
            "{} opens the catalogue to anonymous readers",
            change.address
        );
        let declared = input.desired.resources.get(&change.address);
        let place = declared.and_then(|declared| declared.place_of(PortalView::ANONYMOUS_ACCESS));
        findings.warn(
            Diagnostic::warning(code::ANONYMOUS_ACCESS, message)
                .help("an apply of this plan requires --allow-public")
                .at_opt(place, "declared here"),
        );
    }
}
