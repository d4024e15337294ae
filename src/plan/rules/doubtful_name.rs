//! Warns about names of new resources that the service or one of its clients may refuse.
//!
//! Names that the service holds already are never doubted.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Diagnostic, Role, code, counted, name_doubt};
use crate::plan::model::{Change, Step};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let mut doubted: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in input.plan.changes.iter().filter(|change| names_it(change)) {
        doubted
            .entry(change.address.own_name())
            .or_default()
            .push(change);
    }
    for (name, changes) in doubted {
        if let Some(reason) = name_doubt(name) {
            findings.warn(warning(name, reason, &changes));
        }
    }
}

/// Whether the change gives a new resource its name. Some declarations have a name of their own only in
/// the manifests.
fn names_it(change: &Change) -> bool {
    let is_sent = !matches!(
        change.address.kind().role,
        Role::RoleAssignment | Role::SyncedApi | Role::Service
    );
    is_sent && change.blocked.is_none() && matches!(change.step, Step::Create { .. })
}

fn warning(name: &str, reason: &str, changes: &[&Change]) -> Diagnostic {
    let others = match changes.len() - 1 {
        0 => String::new(),
        more => format!(" and {}", counted(more, "more resource")),
    };
    let message = format!(
        "the service may refuse the name `{name}` of {}{others}: {reason}",
        changes[0].address
    );
    let mut warning = Diagnostic::warning(code::DOUBTFUL_NAME, message);
    warning.addresses = changes
        .iter()
        .map(|change| change.address.clone())
        .collect();
    warning
        .help(
            "Azure documents 3 to 90 letters, digits and hyphens, and `az apic` refuses other names; the \
             service is known to take names of 1 to 64 that may contain dots, such as `v1`",
        )
        .at_opt(changes[0].place, "declared here")
}
