//! How much one plan may delete.

use crate::model::{DesiredState, LiveState};
use crate::plan::compare::deletable;
use crate::plan::model::{Action, MaxDeletes, Plan, PlanOptions, Refusal};

pub(super) fn too_many_deletes(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    let deletes = plan
        .changes
        .iter()
        .filter(|c| c.action() == Action::Delete)
        .count();
    let base = deletable(desired, live, options);
    if deletes == 0 || base < options.safety.min_existing {
        return;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of resources are far below 2^52"
    )]
    let share = deletes as f64 * 100.0 / base.max(1) as f64;
    let shown = (share * 100.0).round() / 100.0;
    let message = match options.safety.max_deletes {
        MaxDeletes::Percent(most) if share > most => format!(
            "too many deletes: {deletes} of {base} resources, {shown}% where safety.maxDeletes \
             allows {most}%"
        ),
        MaxDeletes::Count(most) if deletes > most => format!(
            "too many deletes: {deletes} of {base} resources where safety.maxDeletes allows {most}"
        ),
        _ => return,
    };
    plan.refusals.push(Refusal {
        message,
        help: "check that no folder of manifests is missing; if the deletes are meant, raise \
               safety.maxDeletes in apicenter.yaml for this change"
            .to_owned(),
        place: None,
    });
}
