//! Resources that exist under their present and their former name.

use super::findings::Findings;
use super::rule::PlanInput;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for conflict in input.rename_conflicts {
        let (present, former) = (&conflict.present, &conflict.former);
        findings.refuse(
            format!(
                "{present} cannot be renamed from {former}: both are in the service and differ {}",
                conflict.difference
            ),
            format!(
                "to keep both, remove `{}` from `previously`; to keep one, move what is worth keeping to it and \
                 delete the other in the service",
                former.own_name()
            ),
            Some(conflict.place),
        );
    }
}
