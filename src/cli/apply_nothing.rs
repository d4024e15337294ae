//! The end of an apply that has nothing to apply.

use super::console::Console;
use super::exit::Exit;
use super::expected_plan::ExpectedPlan;
use super::extent::{Listed, plan_text};
use super::failure::Failure;
use super::format::Format;
use super::plan_subject::PlanSubject;
use crate::apply::{Outcome, Report};
use crate::output::{ApplyJson, Data, Extent};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// Ends an apply of a branch that changes nothing: the service is not even read.
pub(super) fn end_unread(
    plan: &Plan,
    expected: Option<ExpectedPlan>,
    project: &LoadedProject,
    (format, extent): (Format, Extent),
    console: &Console,
) -> Result<Exit, Failure> {
    let is_json = format == Format::Json;
    if !is_json {
        console.output(plan_text(
            plan,
            &PlanSubject::of(project),
            extent,
            Listed::default(),
            console,
        ));
    }
    let moved = expected.and_then(|expected| expected.refusal(plan, project));
    if is_json {
        let result = match &moved {
            None => ApplyJson::new(plan, &report_of_nothing(plan)),
            Some(moved) => ApplyJson::refused(plan, moved.reasons(), &[], &project.sources),
        };
        console.data(&Data::json(&result));
    }
    moved.map_or(Ok(Exit::Done), |moved| Err(moved.failure()))
}

/// The report of an apply that writes none of the changes.
pub(super) fn report_of_nothing(plan: &Plan) -> Report {
    let outcomes = plan.changes.iter().map(|_| Outcome::Blocked).collect();
    Report {
        outcomes,
        ..Report::default()
    }
}
