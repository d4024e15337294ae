//! `apicenter apply`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;

use super::annotate::{AnnotateArgs, Annotator};
use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::format::{Format, to_json};
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::planning::{self, Selection};
use super::project;
use super::{consent, progress, signals, synchronise, verify};
use crate::apply::{self, ApplyOptions, Outcome, Report};
use crate::model::Patterns;
use crate::output::{ApplyJson, OptionsJson, PlanView, apply_summary, render_plan};
use crate::plan::{self, Change, Plan};
use crate::project::LoadedProject;

/// Plan, and make the service as declared
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter apply                                   show the plan, ask, apply
  apicenter apply -t prod --auto-approve            in a pipeline
  apicenter apply plan.json --auto-approve          exactly the plan that was saved, or exit with 5
  apicenter apply --expect-plan p1-3f9a0c11d2e4 --auto-approve")]
pub(super) struct Args {
    /// A plan that `apicenter plan --out` wrote: refuse (exit 5) if anything differs from it now
    #[arg(value_name = "PLANFILE")]
    plan_file: Option<PathBuf>,

    /// Refuse (exit 5) unless the plan has this id now
    #[arg(long, value_name = "ID", conflicts_with = "plan_file")]
    expect_plan: Option<String>,

    /// Do not ask; required without a terminal
    #[arg(long)]
    auto_approve: bool,

    /// Do not read the service again to see that everything is as planned
    #[arg(long)]
    no_verify: bool,

    /// Allow the delete of an integration and of all that it brought; globs are allowed, and the flag can
    /// be repeated
    #[arg(long, value_name = "ADDRESS")]
    allow_destroy: Vec<String>,

    /// Wait until integrations are synchronising, and write what is declared for the APIs that they bring
    /// in [default: 30m]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true,
          default_missing_value = "30m", value_parser = synchronise::duration)]
    wait_sync: Option<Duration>,

    #[command(flatten)]
    selection: Selection,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    annotate: AnnotateArgs,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let (selection, expected) = args.expectation()?;
    let mut project = project::open(global, selection.flags()?)?;
    let (root, pipeline) = (project.files.root().to_owned(), &environment.pipeline);
    let annotator = Annotator::new(args.annotate, pipeline, &root, console);
    planning::require_plannable(&project, console, args.format == Format::Json)
        .inspect_err(|_| annotator.problems(&project))?;
    let connection = Connection::open(&project, global, environment).await?;
    let context = Context {
        args,
        global,
        console,
        annotator: &annotator,
    };
    let result = run_connected(&context, expected, &mut project, &connection).await;
    connection.close().await;
    result
}

/// What stays the same during an apply.
pub(super) struct Context<'a> {
    args: &'a Args,
    pub(super) global: &'a GlobalArgs,
    pub(super) console: &'a Console,
    annotator: &'a Annotator<'a>,
}

impl Context<'_> {
    /// Whether the result is for people.
    pub(super) fn is_text(&self) -> bool {
        self.args.format == Format::Text
    }
}

async fn run_connected(
    context: &Context<'_>,
    expected: Option<String>,
    project: &mut LoadedProject,
    connection: &Connection,
) -> Result<Exit, Failure> {
    let Context {
        args,
        global,
        console,
        annotator,
    } = *context;
    let plan = planning::plan(project, connection, console, args.format == Format::Json).await;
    let plan = plan.inspect_err(|_| annotator.problems(project))?;
    annotator.plan(project, &plan, false, || {
        super::plan::summary(&plan, project)
    });
    if args.format == Format::Text {
        console.output(&render(&plan, project, console));
    }
    refuse(&plan, expected.as_deref(), args, console)?;
    if !plan.has_changes() {
        if args.format == Format::Json {
            console.output(&to_json(&ApplyJson::new(&plan, &nothing(&plan))));
        }
        return withheld(&plan, console);
    }
    signals::or_interrupt(approve(args, &plan, project, console)).await?;
    let report = carry_out(&plan, connection, global, console).await;
    annotator.report(project, &plan, &report);
    match args.format {
        Format::Text => console.output(&format!(
            "\n{}",
            apply_summary(&plan, &report, console.styles())
        )),
        Format::Json => console.output(&to_json(&ApplyJson::new(&plan, &report))),
    }
    for help in helps(&report) {
        console.status(&format!("  help: {help}"));
    }
    match exit_of(&plan, &report) {
        Exit::Done => follow_up(context, &plan, project, connection).await,
        exit => Ok(exit),
    }
}

/// What comes after everything was written: integrations, and a look whether all is as planned.
async fn follow_up(
    context: &Context<'_>,
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
) -> Result<Exit, Failure> {
    let Context { args, console, .. } = *context;
    if let Some(patience) = args.wait_sync {
        let waiting = synchronise::wait(plan, project, connection, patience);
        signals::or_interrupt(waiting).await?;
    }
    if let Some((enriching, report)) =
        synchronise::enrich(context, plan, project, connection).await?
    {
        match exit_of(&enriching, &report) {
            Exit::Done => {}
            // The plan before this one was written.
            Exit::Authentication => return Ok(Exit::Partial),
            exit => return Ok(exit),
        }
    }
    if !args.no_verify {
        verify::verify(plan, project, connection, console).await?;
    }
    withheld(plan, console)
}

/// What is declared and was not written, because a rule forbids it, is no success.
fn withheld(plan: &Plan, console: &Console) -> Result<Exit, Failure> {
    let held: Vec<&Change> = plan.blocked_writes().collect();
    if held.is_empty() {
        return Ok(Exit::Done);
    }
    console.status("Declared, and held back by a rule:");
    for change in &held {
        let rule = change.blocked.as_ref().map_or("", |block| &block.reason);
        console.status(&format!("  {}: {rule}", change.address));
    }
    Err(Failure::new(
        Exit::Refused,
        "the service is not as declared",
    ))
}

impl Args {
    /// What to plan, and the id that the plan must have.
    fn expectation(&self) -> Result<(Selection, Option<String>), Failure> {
        let Some(file) = &self.plan_file else {
            return Ok((self.selection.clone(), self.expect_plan.clone()));
        };
        if self.selection.prune || !self.selection.only.is_empty() {
            return Err(Failure::usage(
                "--only and --prune are part of the saved plan and cannot be given again",
            ));
        }
        let saved = SavedPlan::read(file)?;
        let selection = Selection {
            only: saved.options.only,
            prune: saved.options.prune,
        };
        Ok((selection, Some(saved.plan_id)))
    }
}

/// The parts of a saved plan that an apply needs; the rest is planned anew.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedPlan {
    format_version: String,
    plan_id: String,
    #[serde(default)]
    options: OptionsJson,
}

impl SavedPlan {
    fn read(file: &Path) -> Result<Self, Failure> {
        let name = file.display();
        let bytes = std::fs::read(file)
            .map_err(|error| Failure::error(format!("cannot read {name}: {error}")))?;
        let saved: Self = serde_json::from_slice(&bytes).map_err(|error| {
            Failure::error(format!("{name} is no saved plan: {error}"))
                .help("write one with: apicenter plan --out FILE")
        })?;
        if saved.format_version != plan::PLAN_FORMAT {
            return Err(Failure::new(
                Exit::Refused,
                format!("{name} has plan format {}", saved.format_version),
            )
            .help(format!(
                "this program writes format {}; plan again",
                plan::PLAN_FORMAT
            )));
        }
        Ok(saved)
    }
}

fn render(plan: &Plan, project: &LoadedProject, console: &Console) -> String {
    render_plan(
        plan,
        &PlanView {
            sources: &project.sources,
            styles: console.styles(),
            target: &planning::target_words(project),
            show_unchanged: false,
            show_unmanaged: false,
            diff_lines: 60,
        },
    )
}

/// Ends the command where a rule forbids the plan or it is not the expected one. Nothing was sent.
fn refuse(
    plan: &Plan,
    expected: Option<&str>,
    args: &Args,
    console: &Console,
) -> Result<(), Failure> {
    let allowed = allowed(args)?;
    let (failure, reasons) = if let Some(expected) = expected.filter(|id| *id != plan.id) {
        let message = format!(
            "the plan is now {}, not {expected}; nothing was sent",
            plan.id
        );
        let failure = Failure::new(Exit::Refused, message.clone()).help(
            "the manifests or the live service have changed since the plan was made; review the \
             new plan and apply that",
        );
        (failure, vec![message])
    } else if !plan.refusals.is_empty() {
        let message = "a safety rule forbids this plan; nothing was sent";
        let reasons = plan
            .refusals
            .iter()
            .map(|refusal| refusal.message.clone())
            .collect();
        (Failure::new(Exit::Refused, message), reasons)
    } else if let (false, missing @ [_, ..]) = (
        console.can_ask() && !args.auto_approve,
        consent::missing(plan, &allowed).as_slice(),
    ) {
        let failure = consent::refusal(missing);
        let reasons = vec![failure.texts().0.to_owned()];
        (failure, reasons)
    } else {
        return Ok(());
    };
    if args.format == Format::Json {
        console.output(&to_json(&ApplyJson::refused(plan, reasons)));
    }
    Err(failure)
}

fn allowed(args: &Args) -> Result<Patterns, Failure> {
    Patterns::new(&args.allow_destroy)
        .map_err(|error| Failure::usage(format!("--allow-destroy: {error}")))
}

async fn approve(
    args: &Args,
    plan: &Plan,
    project: &LoadedProject,
    console: &Console,
) -> Result<(), Failure> {
    if args.auto_approve {
        return Ok(());
    }
    if !console.can_ask() {
        return Err(Failure::usage(
            "without a terminal, apply needs --auto-approve",
        ));
    }
    let question = format!(
        "\nApply these changes to {}?\nOnly `yes` is accepted to approve:",
        planning::target_words(project)
    );
    if !console.confirms(&question, "yes").await {
        return Err(Failure::error("not approved; nothing was sent"));
    }
    consent::ask(&consent::missing(plan, &allowed(args)?), plan, console).await
}

pub(super) async fn carry_out(
    plan: &Plan,
    connection: &Connection,
    global: &GlobalArgs,
    console: &Console,
) -> Report {
    let (events, listener) = unbounded_channel();
    let options = ApplyOptions {
        parallelism: usize::from(global.parallelism),
        stop: signals::watch(*console),
    };
    let writer = Arc::new(connection.service.clone());
    let (report, ()) = tokio::join!(
        apply::apply(plan, writer, options, events),
        progress::show(plan, *console, listener)
    );
    report
}

fn nothing(plan: &Plan) -> Report {
    let outcomes = plan
        .changes
        .iter()
        .map(|_| apply::Outcome::Blocked)
        .collect();
    Report {
        outcomes,
        ..Report::default()
    }
}

fn exit_of(plan: &Plan, report: &Report) -> Exit {
    let tally = report.tally(plan);
    let is_half = |outcome: &Outcome| matches!(outcome, Outcome::Failed { half: true, .. });
    let wrote = tally.added + tally.changed + tally.destroyed > 0
        || report.prepared.contains(&true)
        || report.outcomes.iter().any(is_half);
    if report.is_complete() {
        Exit::Done
    } else if report.interrupted {
        Exit::Interrupted
    } else if !wrote && report.authentication_failure().is_some() {
        Exit::Authentication
    } else {
        Exit::Partial
    }
}

/// What to do about failures for which there is advice, each advice once.
fn helps(report: &Report) -> BTreeSet<String> {
    let errors = report.outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Failed { error, .. } if error.is_auth() || error.help().is_some() => Some(error),
        _ => None,
    });
    errors
        .map(|error| Failure::from(error.clone()).texts().1.to_owned())
        .filter(|help| !help.is_empty())
        .collect()
}
