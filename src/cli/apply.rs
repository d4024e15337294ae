//! `apicenter apply`.

use super::annotate::Annotator;
pub(super) use super::apply_args::Args;
use super::apply_nothing::end_unread;
use super::apply_refused::show_no_plan;
use super::apply_run::ApplyRun;
use super::exit::Exit;
use super::failure::Failure;
use super::format::Format;
use super::invocation::Invocation;
use super::planning;
use super::problems::Problems;
use super::project;
use crate::workflow;

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let (selection, expected) = args.expectation()?;
    let mut project = project::open(invocation, selection.flags()?)?;
    let (root, pipeline) = (project.files.root().to_owned(), &environment.pipeline);
    let annotator = Annotator::new(args.annotate, pipeline, &root, console);
    let problems = Problems::new(console, args.format == Format::Json);
    let undoing = args.undo.open(&mut project, &problems);
    let undoing = undoing.inspect_err(|failure| {
        show_no_plan(failure, &project, args, &annotator, (pipeline, console));
    })?;
    problems
        .require_plannable(&project)
        .inspect_err(|_| annotator.problems(&project))?;
    selection.limit(&mut project, console)?;
    if let Some(plan) = workflow::plan_without_reading(&project)? {
        problems.require_valid(&project)?;
        let shown = (args.format, args.extent.extent(global));
        return end_unread(&plan, expected, &project, shown, console);
    }
    let connection = planning::connect(&project, invocation, &problems)
        .await
        .inspect_err(|_| annotator.problems(&project))?;
    let run = ApplyRun {
        args,
        global,
        console,
        pipeline,
        annotator: &annotator,
        problems: &problems,
        connection: &connection,
        undoing,
    };
    let result = run.plan_and_apply(expected, &mut project).await;
    connection.close().await;
    result
}
