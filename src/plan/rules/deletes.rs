//! How much one plan may delete.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{DesiredState, LiveState, Role};
use crate::plan::compare::deletable;
use crate::plan::model::{Action, Change, MaxDeletes, Plan, PlanOptions, Step};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let safety = &input.options.safety;
    let deletes = input
        .plan
        .changes
        .iter()
        .filter(|change| change.action() == Action::Delete && !is_redirected(change, input))
        .count();
    let base = deletable(input.desired, input.live, input.options);
    if deletes == 0 || base < safety.min_existing {
        return;
    }
    let message = match safety.max_deletes {
        MaxDeletes::Percent(most) if share(deletes, base) > most => format!(
            "too many deletes: {deletes} of {base} resources, {}% where safety.maxDeletes allows \
             {most}%",
            (share(deletes, base) * 100.0).round() / 100.0
        ),
        MaxDeletes::Count(most) if deletes > most => format!(
            "too many deletes: {deletes} of {base} resources where safety.maxDeletes allows {most}"
        ),
        _ => return,
    };
    findings.refuse(
        message,
        "check that no folder of manifests is missing; to delete this many, raise safety.maxDeletes in \
         apicenter.yaml for this change",
        None,
    );
}

/// Whether it takes more than what was read to say whether a plan deletes too much: the more resources there are, the
/// smaller the share of its deletes, and the fewer there are, the less the limit holds.
#[must_use]
pub fn deletes_depend_on_unread(
    plan: &Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) -> bool {
    let deletes = plan.changes.iter();
    let deletes = deletes.filter(|change| change.action() == Action::Delete);
    let deletes = deletes.count();
    if deletes == 0 {
        return false;
    }
    let mut known = live.resources.keys();
    // What an integration keeps is not counted, and shows in deployments that may not have been read.
    if known.any(|address| address.is(Role::Integration)) {
        return true;
    }
    let base = deletable(desired, live, options);
    match options.safety.max_deletes {
        MaxDeletes::Percent(most) => share(deletes, base) > most,
        MaxDeletes::Count(most) => deletes > most && base < options.safety.min_existing,
    }
}

/// Whether a resource vanishes because its integration gets another gateway: no missing folder of manifests
/// causes that, and it has a confirmation of its own.
fn is_redirected(change: &Change, input: &PlanInput<'_>) -> bool {
    matches!(&change.step, Step::Delete { with: Some(top), .. }
        if input.desired.resources.contains_key(top))
}

/// The share of deletes in percent.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of resources are far below 2^52"
)]
fn share(deletes: usize, base: usize) -> f64 {
    deletes as f64 * 100.0 / base.max(1) as f64
}
