//! `apicenter plan`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use super::annotate::{AnnotateArgs, Annotator};
use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::planning::{self, Selection};
use super::session::Session;
use super::snapshot;
use crate::config::Environment;
use crate::output::{OptionsJson, Paint, PlanJson, PlanView, Requests, fenced, render_plan};
use crate::plan::Plan;

/// Read the live service and show what differs from the manifests; nothing is changed
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter plan                              against the default target
  apicenter plan -t prod --out plan.json      and save it for `apicenter apply plan.json`
  apicenter plan --only 'api/orders*'         these APIs and what lies below them
  apicenter plan --detailed-exitcode          exit with 2 if something would change")]
pub(super) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// How to print the plan
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

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

    /// Most lines of each difference between texts
    #[arg(long, value_name = "N", default_value = "60")]
    diff_lines: usize,

    #[command(flatten)]
    annotate: AnnotateArgs,
}

/// How to print a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

pub(super) async fn run(
    args: &Args,
    global: &GlobalArgs,
    console: &Console,
    environment: Environment,
) -> Result<Exit, Failure> {
    let mut session = Session::open(global, &args.selection.flags()?)?;
    let (root, pipeline) = (session.tree.root().to_owned(), &environment.pipeline);
    let annotator = Annotator::new(args.annotate, pipeline, &root, console);
    let planned = read_and_plan(args, &mut session, global, console, &environment).await;
    let (plan, reads) = planned.inspect_err(|_| annotator.problems(&session))?;
    annotator.plan(&session, &plan, true, || summary(&plan, &session));

    let requests = Requests {
        reads,
        writes: plan.writes(),
    };
    let json = || {
        let options = OptionsJson {
            only: args.selection.only.clone(),
            prune: args.selection.prune,
        };
        let diagnostics = &session.diagnostics;
        let unchanged = args.show_unchanged;
        to_json(&PlanJson::new(
            &plan,
            diagnostics,
            &session.sources,
            requests,
            options,
            unchanged,
        ))
    };
    if let Some(file) = &args.out {
        write_file(file, &json())?;
    }
    match args.format {
        Format::Json => console.data(&json()),
        Format::Text => console.data(&args.render(&plan, &session, console)),
    }
    Ok(exit_of(&plan, args.detailed_exitcode))
}

async fn read_and_plan(
    args: &Args,
    session: &mut Session,
    global: &GlobalArgs,
    console: &Console,
    environment: &Environment,
) -> Result<(Plan, u64), Failure> {
    planning::require_plannable(session, console, args.format)?;
    if let Some(file) = &args.against {
        let live = snapshot::read(file, session);
        let plan = planning::plan_against(session, live, console, args.format)?;
        return Ok((plan, 0));
    }
    let connection = Connection::open(session, global, environment).await?;
    let plan = planning::plan(session, &connection, console, args.format).await;
    let reads = connection.service.client().sent().reads;
    connection.close().await;
    Ok((plan?, reads))
}

/// The plan as Markdown, for the summary of a pipeline.
pub(super) fn summary(plan: &Plan, session: &Session) -> String {
    let target = planning::target_words(session);
    let view = PlanView {
        sources: &session.sources,
        paint: Paint::default(),
        target: &target,
        show_unchanged: false,
        show_unmanaged: false,
        diff_lines: 60,
    };
    fenced("API catalogue: plan", &render_plan(plan, &view))
}

impl Args {
    fn render(&self, plan: &Plan, session: &Session, console: &Console) -> String {
        render_plan(
            plan,
            &PlanView {
                sources: &session.sources,
                paint: console.paint(),
                target: &planning::target_words(session),
                show_unchanged: self.show_unchanged,
                show_unmanaged: self.show_unmanaged,
                diff_lines: self.diff_lines,
            },
        )
    }
}

fn exit_of(plan: &Plan, detailed: bool) -> Exit {
    if !plan.refusals.is_empty() {
        Exit::Refused
    } else if detailed && plan.has_changes() {
        Exit::Changes
    } else {
        Exit::Done
    }
}

/// Machine output as indented JSON with a line break at its end.
pub(super) fn to_json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("output structs have string keys");
    text.push('\n');
    text
}

pub(super) fn write_file(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text)
        .map_err(|error| Failure::error(format!("cannot write {}: {error}", file.display())))
}
