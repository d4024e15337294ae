//! `apicenter apply`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::activity::seconds;
use super::annotate::{AnnotateArgs, Annotator};
use super::apply_nothing::{end_unread, report_of_nothing};
use super::branch::BranchFiles;
use super::complete;
use super::console::Console;
use super::exit::Exit;
use super::expected_plan::{ExpectedPlan, PlanMoved};
use super::extent::{ExtentArgs, Listed, plan_text};
use super::failure::Failure;
use super::format::Format;
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::origin::origin;
use super::plan::summary;
use super::plan_subject::PlanSubject;
use super::planning::{self, Selection};
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::project;
use super::{consent, duration, signals};
use crate::apply::{Outcome, Report};
use crate::config::Pipeline;
use crate::model::Patterns;
use crate::output::{ApplyJson, Data, Text, apply_summary, plan_counts};
use crate::plan::{Change, Plan};
use crate::project::LoadedProject;
use crate::workflow::{self, Applied, ApplySettings, Connection, FollowUp, FollowUpOutcome};

/// Plan, and change the service to match the manifests
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter apply                                   show the plan, ask, apply
  apicenter apply -t prod --auto-approve            in a pipeline
  apicenter apply plan.json --auto-approve          exactly the saved plan, or exit with 5
  apicenter apply --expect-plan p2-3f9a0c11d2e45b6a8c7d9e0f1a2b3c4d --auto-approve")]
pub(super) struct Args {
    /// A plan written by `apicenter plan --out`; exits with 5 if the current plan differs from it, or if the
    /// file was altered
    #[arg(value_name = "PLANFILE")]
    plan_file: Option<PathBuf>,

    /// Exit with 5 unless the current plan has this id, which is compared whole
    #[arg(long, value_name = "ID", conflicts_with = "plan_file")]
    expect_plan: Option<String>,

    /// Do not ask for approval; required without a terminal
    #[arg(long)]
    auto_approve: bool,

    /// Do not read the service again to verify the result
    #[arg(long)]
    no_verify: bool,

    /// Allow deleting an integration and everything that it synchronised; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    allow_destroy: Vec<String>,

    /// Allow a change that lets everybody read the catalogue without signing in
    #[arg(long)]
    allow_public: bool,

    /// Wait until integrations are synchronising, then write what is declared for the APIs that they
    /// synchronise [default: 30m]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true,
          default_missing_value = "30m", value_parser = duration::parse)]
    wait_sync: Option<Duration>,

    #[command(flatten)]
    selection: Selection,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,

    #[command(flatten)]
    extent: ExtentArgs,

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
    let mut project = project::open(invocation, selection.flags()?)?;
    let (root, pipeline) = (project.files.root().to_owned(), &environment.pipeline);
    let annotator = Annotator::new(args.annotate, pipeline, &root, console);
    let problems = Problems::new(console, args.format == Format::Json);
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
    };
    let result = run.plan_and_apply(expected, &mut project).await;
    connection.close().await;
    result
}

/// One run of the command, connected to the service.
struct ApplyRun<'a> {
    args: &'a Args,
    global: &'a GlobalArgs,
    console: &'a Console,
    pipeline: &'a Pipeline,
    annotator: &'a Annotator<'a>,
    problems: &'a Problems<'a>,
    connection: &'a Connection,
}

impl ApplyRun<'_> {
    async fn plan_and_apply(
        &self,
        expected: Option<ExpectedPlan>,
        project: &mut LoadedProject,
    ) -> Result<Exit, Failure> {
        let Self { args, console, .. } = *self;
        let is_json = args.format == Format::Json;
        let plan = planning::plan(project, self.connection, console, self.problems)
            .await
            .inspect_err(|_| self.annotator.problems(project))?;
        self.annotator.plan(project, &plan, false, || {
            let origin = origin(project, self.pipeline, console);
            summary(&plan, project, &BranchFiles::default(), &origin)
        });
        if !is_json {
            let extent = args.extent.extent(self.global);
            let listed = Listed::default();
            console.output(plan_text(
                &plan,
                &PlanSubject::of(project),
                extent,
                listed,
                console,
            ));
        }
        let moved = expected.and_then(|expected| expected.refusal(&plan, project));
        refuse(&plan, moved, args, console)?;
        if !plan.has_changes() {
            if is_json {
                console.data(&Data::json(ApplyJson::new(
                    &plan,
                    &report_of_nothing(&plan),
                )));
            }
            return withheld(&plan, console);
        }
        if Console::has_lost_output() {
            return Err(Failure::error(
                "the plan could not be shown in full; nothing was sent",
            ));
        }
        signals::or_interrupt(approve(args, &plan, project, console)).await?;
        self.apply(&plan, project).await
    }

    async fn apply(&self, plan: &Plan, project: &LoadedProject) -> Result<Exit, Failure> {
        let Self { args, console, .. } = *self;
        let start = Instant::now();
        let observer = ConsoleObserver::with_results(console, args.format == Format::Text);
        let settings = ApplySettings {
            parallelism: self.global.parallelism().writes,
            stop: signals::watch(*console),
        };
        let connection = self.connection;
        let verified = (!args.no_verify).then_some(project);
        let applied = workflow::apply(plan, verified, connection, &settings, &observer).await;
        let Applied { report, early } = applied;
        self.show(plan, &report, project);
        match exit_of(plan, &report) {
            Exit::Done => {}
            exit => return Ok(exit),
        }
        let follow_up = FollowUp {
            wait_for_sync: args.wait_sync,
            verify: !args.no_verify,
        };
        let running = (&settings, signals::interrupt());
        let followed = workflow::follow_up(
            (plan, early),
            project,
            connection,
            follow_up,
            running,
            &observer,
        )
        .await?;
        match followed {
            FollowUpOutcome::Complete => {
                self.show_end(project, start);
                withheld(plan, console)
            }
            FollowUpOutcome::SyncedApisIncomplete { plan, report } => {
                match exit_of(&plan, &report) {
                    // The plan before this one was applied.
                    Exit::Authentication => Ok(Exit::Partial),
                    exit => Ok(exit),
                }
            }
        }
    }

    /// How long the apply took, and where its result can be looked at.
    fn show_end(&self, project: &LoadedProject, start: Instant) {
        let what = match self.args.no_verify {
            true => "applied",
            false => "applied and verified",
        };
        let took = seconds(start.elapsed());
        self.console.hint(format!("{what} in {took}"));
        if let Some(address) = project.target.portal() {
            self.console.hint(format!("in the portal: {address}"));
        }
    }

    fn show(&self, plan: &Plan, report: &Report, project: &LoadedProject) {
        let console = self.console;
        self.annotator.report(project, plan, report);
        match self.args.format {
            Format::Text => {
                console.output("");
                console.output(apply_summary(plan, report));
            }
            Format::Json => console.data(&Data::json(ApplyJson::new(plan, report))),
        }
        for help in helps(report) {
            console.status(Text::paragraph("  help: ", &help, "    "));
        }
    }
}

/// The exit after an apply: declared changes that a rule blocks are not a success.
fn withheld(plan: &Plan, console: &Console) -> Result<Exit, Failure> {
    let held: Vec<&Change> = plan.blocked_writes().collect();
    if held.is_empty() {
        return Ok(Exit::Done);
    }
    console.status("Declared, but blocked by a rule:");
    for change in &held {
        let rule = change.blocked.as_ref().map_or("", |block| &block.reason);
        console.status(format!("  {}: {rule}", change.address));
    }
    Err(Failure::new(
        Exit::Refused,
        "the service is not as declared",
    ))
}

impl Args {
    /// What to plan, and the id that the plan must have.
    fn expectation(&self) -> Result<(Selection, Option<ExpectedPlan>), Failure> {
        let Some(file) = &self.plan_file else {
            let expected = self.expect_plan.clone().map(ExpectedPlan::of_id);
            return Ok((self.selection.clone(), expected));
        };
        if self.selection.is_given() {
            return Err(Failure::usage(
                "--only, --exclude, --prune, --changed-since, --base, --ours and --theirs are part of the saved plan and cannot be given again",
            ));
        }
        let (options, expected) = ExpectedPlan::read(file)?;
        Ok((Selection::of_saved(options), Some(expected)))
    }
}

/// Ends the command where a rule forbids the plan or it is not the expected one. Nothing was sent.
fn refuse(
    plan: &Plan,
    moved: Option<PlanMoved>,
    args: &Args,
    console: &Console,
) -> Result<(), Failure> {
    let allowed = allowed(args)?;
    let (failure, reasons) = if let Some(refusal) = moved {
        (refusal.failure(), refusal.reasons())
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
    } else if let (false, openings @ [_, ..]) = (
        args.allow_public,
        plan.openings().collect::<Vec<_>>().as_slice(),
    ) {
        let failure = consent::not_public(openings);
        let reasons = vec![failure.texts().0.to_owned()];
        (failure, reasons)
    } else {
        return Ok(());
    };
    if args.format == Format::Json {
        console.data(&Data::json(ApplyJson::refused(plan, reasons)));
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
            "without a terminal, apply requires --auto-approve",
        ));
    }
    let question = format!(
        "\n{}\nApply these changes to {}?\nOnly `yes` is accepted to approve:",
        plan_counts(plan),
        planning::target_words(&project.target)
    );
    if !console.confirms(Text::lines(&question), "yes").await {
        return Err(Failure::error("not approved; nothing was sent"));
    }
    consent::ask(&consent::missing(plan, &allowed(args)?), plan, console).await
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
