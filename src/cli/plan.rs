//! `apicenter plan`.

use std::path::PathBuf;

use super::annotate::{AnnotateArgs, Annotator};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::format::{PlanFormat, to_json, write_file};
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::planning::{self, Selection};
use super::project;
use super::snapshot;
use crate::config::Environment;
use crate::output::{
    MIN_MARKDOWN_BUDGET, OptionsJson, PlanJson, PlanView, Requests, Review, render_html,
    render_html_failure, render_markdown, render_markdown_failure, render_plan,
};
use crate::plan::Plan;
use crate::project::{LoadedProject, ServiceLocation};
use crate::workflow::Connection;

/// Read the live service and show what differs from the manifests; nothing is changed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter plan                              against the default target
  apicenter plan -t prod --out plan.json      and save it for `apicenter apply plan.json`
  apicenter plan --only 'api/orders*'         these APIs and what lies below them
  apicenter plan --detailed-exitcode          exit with 2 if something would change
  apicenter plan --format markdown > plan.md  the comment for a pull request
  apicenter plan --format html > plan.html    one page to read and search, also offline")]
pub(super) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: PlanFormat,

    /// Also write the plan to this file, as JSON; digests stand for documents in it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Plan against a file that `apicenter snapshot` wrote, without credentials or network
    #[arg(long, value_name = "SNAPSHOT")]
    against: Option<PathBuf>,

    /// Exit with 2 if something would change, with 0 if not
    #[arg(long)]
    detailed_exitcode: bool,

    /// List resources that are as declared
    #[arg(long)]
    show_unchanged: bool,

    /// List every live resource that nobody declares
    #[arg(long)]
    show_unmanaged: bool,

    /// Most lines of each difference between texts [default: 60; markdown: 200; html: 2000]
    #[arg(long, value_name = "N")]
    diff_lines: Option<usize>,

    /// Most characters of the Markdown: GitHub takes 65536 in a comment, Bitbucket 32768. What matters
    /// least is left out first; deletes, blocked changes and refusals never are
    #[arg(long, value_name = "N", default_value = "60000", value_parser = markdown_budget)]
    markdown_budget: usize,

    #[command(flatten)]
    annotate: AnnotateArgs,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let mut project = project::open(global, args.selection.flags()?)?;
    let (root, pipeline) = (project.files.root().to_owned(), &environment.pipeline);
    let annotator = Annotator::new(args.annotate, pipeline, &root, console);
    let planned = read_and_plan(args, &mut project, global, console, environment).await;
    let (plan, reads) = planned.map_err(|failure| {
        annotator.problems(&project);
        args.tell_invalid(&project, console, failure)
    })?;
    annotator.plan(&project, &plan, true, || summary(&plan, &project));

    let requests = Requests {
        reads,
        writes: plan.writes(),
    };
    let json = || {
        let options = OptionsJson {
            only: args.selection.only.clone(),
            prune: args.selection.prune,
        };
        let diagnostics = &project.diagnostics;
        let unchanged = args.show_unchanged;
        to_json(&PlanJson::new(
            &plan,
            diagnostics,
            &project.sources,
            requests,
            options,
            unchanged,
        ))
    };
    if let Some(file) = &args.out {
        write_file(file, &json())?;
    }
    match args.format {
        PlanFormat::Json => console.output(&json()),
        PlanFormat::Text => console.output(&args.render(&plan, &project, console)),
        PlanFormat::Markdown | PlanFormat::Html => console.output(&args.review(&plan, &project)),
    }
    Ok(exit_of(&plan, args.detailed_exitcode))
}

async fn read_and_plan(
    args: &Args,
    project: &mut LoadedProject,
    global: &GlobalArgs,
    console: &Console,
    environment: &Environment,
) -> Result<(Plan, u64), Failure> {
    planning::require_plannable(project, console, args.is_json())?;
    if let Some(file) = &args.against {
        let live = snapshot::read(file, project);
        let plan = planning::plan_against(project, live, console, args.is_json())?;
        return Ok((plan, 0));
    }
    let connection = Connection::open(project, global.connect(), environment).await?;
    let plan = planning::plan(project, &connection, console, args.is_json()).await;
    let reads = connection.reads();
    connection.close().await;
    Ok((plan?, reads))
}

/// Most characters of a pipeline's summary: GitHub takes 1 MiB, of bytes.
const SUMMARY_BUDGET: usize = 1_000_000;

/// The plan as Markdown, for the summary of a pipeline.
pub(super) fn summary(plan: &Plan, project: &LoadedProject) -> String {
    let review = Review {
        sources: &project.sources,
        diagnostics: &project.diagnostics,
        options: &OptionsJson::default(),
        is_emulator: matches!(project.target.location, ServiceLocation::Emulator { .. }),
        show_unchanged: false,
        diff_lines: 200,
    };
    render_markdown(plan, &review, SUMMARY_BUDGET)
}

impl Args {
    fn is_json(&self) -> bool {
        self.format == PlanFormat::Json
    }

    fn review(&self, plan: &Plan, project: &LoadedProject) -> String {
        self.with_review(project, |review| match self.format {
            PlanFormat::Html => render_html(plan, review),
            _ => render_markdown(plan, review, self.markdown_budget),
        })
    }

    /// Reviewers are told on the page that they look at, too, when there is no plan.
    fn tell_invalid(
        &self,
        project: &LoadedProject,
        console: &Console,
        failure: Failure,
    ) -> Failure {
        if project.is_valid() {
            return failure;
        }
        let target = &project.options.target.name;
        match self.format {
            PlanFormat::Text | PlanFormat::Json => {}
            PlanFormat::Html => console
                .output(&self.with_review(project, |review| render_html_failure(target, review))),
            PlanFormat::Markdown => console.output(&self.with_review(project, |review| {
                render_markdown_failure(target, review, self.markdown_budget)
            })),
        }
        failure
    }

    fn with_review(
        &self,
        project: &LoadedProject,
        render: impl Fn(&Review<'_>) -> String,
    ) -> String {
        let default = match self.format {
            PlanFormat::Html => 2000,
            _ => 200,
        };
        render(&Review {
            sources: &project.sources,
            diagnostics: &project.diagnostics,
            options: &OptionsJson {
                only: self.selection.only.clone(),
                prune: self.selection.prune,
            },
            is_emulator: matches!(project.target.location, ServiceLocation::Emulator { .. }),
            show_unchanged: self.show_unchanged,
            diff_lines: self.diff_lines.unwrap_or(default),
        })
    }

    fn render(&self, plan: &Plan, project: &LoadedProject, console: &Console) -> String {
        render_plan(
            plan,
            &PlanView {
                sources: &project.sources,
                styles: console.styles(),
                target: &planning::target_words(project),
                show_unchanged: self.show_unchanged,
                show_unmanaged: self.show_unmanaged,
                diff_lines: self.diff_lines.unwrap_or(60),
            },
        )
    }
}

fn markdown_budget(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n >= MIN_MARKDOWN_BUDGET => Ok(n),
        _ => Err(format!(
            "must be a number of at least {MIN_MARKDOWN_BUDGET}"
        )),
    }
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
