//! `apicenter plan`.

use std::path::PathBuf;

use super::annotate::{AnnotateArgs, Annotator};
use super::branch::BranchFiles;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::origin::origin;
use super::out_file::{is_stdout, write_file};
use super::plan_format::{self, PlanFormat, RenderArgs, Rendering};
use super::plan_subject::{PlanSubject, is_emulator, portal};
use super::planning::{self, Selection};
use super::problems::Problems;
use super::project;
use super::snapshot;
use super::undo::Undoing;
use super::watch;
use crate::http::{Url, is_loopback};
use crate::output::{OptionsJson, PlanOrigin, Review, render_markdown};
use crate::plan::Plan;
use crate::project::{LoadedProject, ServiceLocation};
use crate::workflow;

/// Read the live service and show what differs from the manifests; nothing is changed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter plan                              against the default target
  apicenter plan -t prod --out plan.json      and save it for `apicenter apply plan.json`
  apicenter plan --only 'api/orders*'         these APIs and the resources below them
  apicenter plan --changed-since origin/main  what this branch changes
  apicenter plan --watch                      again whenever a file changes, on the emulator
  apicenter plan --undo undo.json             what `apicenter apply --undo undo.json` would do
  apicenter plan --detailed-exitcode          exit with 2 if there are changes
  apicenter plan --format markdown > plan.md  the comment for a pull request
  apicenter plan --format html > plan.html    one page to read and search, works offline")]
pub(super) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = PlanFormat::parser())]
    format: &'static PlanFormat,

    /// Also write the plan to this file, as JSON; it contains digests instead of documents. With -, it goes to
    /// stdout, and what is printed otherwise to stderr
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Plan against a file written by `apicenter snapshot`, without credentials or network
    #[arg(long, value_name = "SNAPSHOT")]
    against: Option<PathBuf>,

    /// Exit with 2 if there are changes, and with 0 if not
    #[arg(long)]
    detailed_exitcode: bool,

    /// Plan again whenever a file of the project changes, until Ctrl-C; for targets in the emulator
    #[arg(long, conflicts_with_all = ["out", "changed_since"])]
    watch: bool,

    /// Plan what `apicenter apply --undo` would do with this file; what the manifests say does not count
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "only", "exclude", "prune", "changed_since", "agreed", "out", "against", "watch",
    ])]
    undo: Option<PathBuf>,

    #[command(flatten)]
    render: RenderArgs,

    #[command(flatten)]
    annotate: AnnotateArgs,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    if !args.watch {
        return plan(args, invocation).await;
    }
    let project = project::open(invocation, args.selection.flags()?)?;
    if project.settings_are_valid() && args.against.is_none() && !is_local(&project) {
        return Err(Failure::usage(format!(
            "--watch is for targets in the emulator, and `{}` is a service in Azure",
            project.options.target.name
        ))
        .help("add a target with `emulator: {}`, or plan against a file with --against"));
    }
    let root = project.files.root().to_owned();
    watch::watch(&root, invocation.console, async || {
        plan(args, invocation).await
    })
    .await
}

/// Whether a target is an emulator, embedded or by itself on this machine.
fn is_local(project: &LoadedProject) -> bool {
    match &project.target.location {
        ServiceLocation::Emulator { .. } => true,
        ServiceLocation::Azure { cloud } => {
            let address = cloud.resource_manager.as_deref();
            let url = address.and_then(|address| Url::parse(address).ok());
            url.is_some_and(|url| is_loopback(&url))
        }
    }
}

async fn plan(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let mut project = project::open(invocation, args.selection.flags()?)?;
    let (root, pipeline) = (project.files.root().to_owned(), &environment.pipeline);
    let since = args.selection.changed_since.as_deref();
    let branch = BranchFiles::find(since, pipeline, &root)?;
    let annotator = Annotator::new(args.annotate, pipeline, &root, console).of_branch(&branch);
    let planned = read_and_plan(args, &mut project, &branch, invocation).await;
    let mut rendering = Rendering::new(
        args.format,
        PlanSubject::of(&project),
        &args.render,
        (
            args.selection.options(&project),
            origin(&project, pipeline, console),
        ),
        (global, console),
    )
    .of_branch(&project, &branch);
    let refused = planned.as_ref().err();
    if let Some(plan) = refused.and_then(|failure| failure.refused_plan(&project)) {
        annotator.plan(&project, &plan, true, || {
            summary(&plan, &project, &branch, &rendering.origin)
        });
        // At a terminal the failure says all of it.
        if !args.format.is_text() {
            console.print(&(args.format.render)(&plan, &rendering));
        }
    }
    let (plan, reads) = planned.inspect_err(|_| {
        annotator.problems(&project);
        if let (false, Some(text)) = (project.is_valid(), args.format.errors(&rendering)) {
            console.print(&text);
        }
    })?;
    rendering.reads = reads;
    annotator.plan(&project, &plan, true, || {
        summary(&plan, &project, &branch, &rendering.origin)
    });
    if let Some(file) = &args.out {
        write_file(file, &plan_format::json(&plan, &rendering), console)?;
    }
    let output = (args.format.render)(&plan, &rendering);
    match &args.out {
        // Stdout is for one of the two.
        Some(file) if is_stdout(file) => console.print_beside(&output),
        _ => console.print(&output),
    }
    Ok(exit_of(&plan, args.detailed_exitcode))
}

async fn read_and_plan(
    args: &Args,
    project: &mut LoadedProject,
    branch: &BranchFiles,
    invocation: Invocation<'_>,
) -> Result<(Plan, u64), Failure> {
    let console = invocation.console;
    if let Some(file) = &args.undo {
        let problems = Problems::new(console, args.format.is_json());
        let undoing = Undoing::open(file, project, &problems)?;
        let connection = planning::connect(project, invocation, &problems).await?;
        let plan = undoing.plan(project, &connection, console).await;
        let reads = connection.reads();
        connection.close().await;
        return Ok((plan?, reads));
    }
    let problems = Problems::new(console, args.format.is_json()).of_branch(branch);
    problems.require_plannable(project)?;
    args.selection.limit(project, console)?;
    if let Some(file) = &args.against {
        let live = snapshot::read(file, project);
        let plan = planning::plan_against(project, live, console, &problems)?;
        return Ok((plan, 0));
    }
    if let Some(plan) = workflow::plan_without_reading(project)? {
        problems.require_valid(project)?;
        return Ok((plan, 0));
    }
    let connection = planning::connect(project, invocation, &problems).await?;
    let plan = planning::plan(project, &connection, console, &problems).await;
    let reads = connection.reads();
    connection.close().await;
    Ok((plan?, reads))
}

/// Most characters of a pipeline's summary: GitHub takes 1 MiB, of bytes.
const SUMMARY_BUDGET: usize = 1_000_000;

/// The plan as Markdown, for the summary of a pipeline.
pub(super) fn summary(
    plan: &Plan,
    project: &LoadedProject,
    branch: &BranchFiles,
    origin: &PlanOrigin,
) -> String {
    let (diagnostics, elsewhere) = branch.split(project);
    let elsewhere = elsewhere.words(project);
    let review = Review {
        sources: &project.sources,
        diagnostics: &diagnostics,
        elsewhere: elsewhere.as_deref(),
        options: &OptionsJson::default(),
        desired: &project.desired,
        origin,
        portal: portal(&project.target),
        is_emulator: is_emulator(&project.target),
        show_unchanged: false,
        diff_lines: 200,
    };
    render_markdown(plan, &review, SUMMARY_BUDGET)
}

fn exit_of(plan: &Plan, detailed: bool) -> Exit {
    if !plan.refusals.is_empty() || plan.blocked_writes().next().is_some() {
        Exit::Refused
    } else if detailed && plan.has_changes() {
        Exit::Changes
    } else {
        Exit::Done
    }
}
