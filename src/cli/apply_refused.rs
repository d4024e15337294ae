//! The end of an apply that is refused before there is a plan, or before the plan is carried out.

use super::annotate::Annotator;
use super::apply_args::Args;
use super::branch::BranchFiles;
use super::console::Console;
use super::failure::Failure;
use super::format::Format;
use super::origin::origin;
use super::plan::summary;
use crate::config::Pipeline;
use crate::output::{ApplyJson, Data};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// Shows in the format of an apply, and to the pipeline, that there is no plan because rules refuse it. At a terminal the
/// failure says all of it.
pub(super) fn show_no_plan(
    failure: &Failure,
    project: &LoadedProject,
    args: &Args,
    annotator: &Annotator<'_>,
    (pipeline, console): (&Pipeline, &Console),
) {
    let Some(plan) = failure.refused_plan(project) else {
        return;
    };
    annotator.plan(project, &plan, false, || {
        let origin = origin(project, pipeline, console);
        summary(&plan, project, &BranchFiles::default(), &origin)
    });
    show_refused(failure, &plan, project, args, console);
}

/// Shows in the format of an apply that rules refuse to carry out a plan.
pub(super) fn show_refused(
    failure: &Failure,
    plan: &Plan,
    project: &LoadedProject,
    args: &Args,
    console: &Console,
) {
    let by = failure.refusals();
    if args.format == Format::Json && !by.is_empty() {
        let reasons = by.iter().map(|one| one.message.clone()).collect();
        let result = ApplyJson::refused(plan, reasons, by, &project.sources);
        console.data(&Data::json(result));
    }
}
