//! Rules over a finished plan: what it may not do, and what it may do with a warning.

mod cascades;
mod deletes;
mod immutable;
mod integration;
mod limits;
mod missing_values;
mod selection;

use super::model::{Plan, PlanOptions};
use crate::model::{DesiredState, LiveState};

pub(in crate::plan) fn check(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    immutable::immutable_fields(plan);
    missing_values::check(plan, live);
    deletes::too_many_deletes(plan, desired, live, options);
    selection::missing_dependencies(plan, desired, live, options);
    limits::service_limits(plan, live, options);
    cascades::cascades(plan, desired);
    integration::check(plan, desired, live, options);
}
