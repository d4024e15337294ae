//! A delete of something that a file still declares, because no pattern reaches that file.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::plan::model::Action;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for left_out in &input.desired.left_out {
        let address = &left_out.address;
        let is_deleted = input
            .plan
            .changes
            .iter()
            .any(|change| change.action() == Action::Delete && change.address == *address);
        if is_deleted {
            findings.refuse(
                format!(
                    "{address} would be deleted, although a file that is not read still declares it"
                ),
                "add a pattern that matches the file to spec.manifests; to delete the resource, remove \
                 the file, or exclude it in spec.manifests with a pattern that begins with `!`",
                Some(left_out.place),
            );
        }
    }
}
