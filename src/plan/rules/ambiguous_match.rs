//! A declaration must match one API only.

use super::findings::Findings;
use super::rule::PlanInput;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for ambiguous in &input.matching.ambiguous {
        let found: Vec<String> = ambiguous.found.iter().map(ToString::to_string).collect();
        findings.refuse(
            format!(
                "{} has {} APIs titled `{}`: {}",
                ambiguous.integration,
                found.len(),
                ambiguous.title,
                found.join(", ")
            ),
            "give them different titles in the gateway, so that the title identifies one of them",
            ambiguous.place,
        );
    }
}
