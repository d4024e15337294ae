//! A delete of something that a file still declares which is not read as a manifest of the project.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Diagnostic, code};
use crate::plan::model::Action;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let deleted: BTreeSet<&Address> = input
        .plan
        .changes
        .iter()
        .filter(|change| change.action() == Action::Delete)
        .map(|change| &change.address)
        .collect();
    for left_out in &input.desired.left_out {
        let address = &left_out.address;
        if !deleted.contains(address) {
            continue;
        }
        if left_out.has_other_use {
            let message =
                format!("{address} is deleted, although a file that has another use declares it");
            findings.warn(
                Diagnostic::warning(code::LEFT_OUT_MANIFEST, message)
                    .at(left_out.place, "not read as a manifest of this project")
                    .help(
                        "`apicenter validate -v` says which use; exclude the file in spec.manifests with a \
                         pattern that begins with `!` if the delete is right",
                    ),
            );
            continue;
        }
        findings.refuse(
            format!("{address} would be deleted, although a file that is not read still declares it"),
            "add a pattern that matches the file to spec.manifests; to delete the resource, remove the file, \
             or exclude it in spec.manifests with a pattern that begins with `!`",
            Some(left_out.place),
        );
    }
}
