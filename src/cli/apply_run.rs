//! One run of `apicenter apply`: the plan, the approval, the writes and the checks after them.

use std::collections::BTreeSet;
use std::time::Instant;

use super::activity::seconds;
use super::annotate::Annotator;
use super::apply_args::Args;
use super::apply_nothing::report_of_nothing;
use super::apply_refused::{show_no_plan, show_refused};
use super::branch::BranchFiles;
use super::console::Console;
use super::exit::Exit;
use super::expected_plan::{ExpectedPlan, PlanMoved};
use super::extent::{Listed, plan_text};
use super::failure::Failure;
use super::format::Format;
use super::global::GlobalArgs;
use super::origin::origin;
use super::plan::summary;
use super::plan_subject::PlanSubject;
use super::planning;
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::undo::Undoing;
use super::{consent, signals};
use crate::apply::{Outcome, Report};
use crate::config::Pipeline;
use crate::model::Patterns;
use crate::output::{ApplyJson, Data, Text, apply_summary, plan_counts};
use crate::plan::{Change, Plan};
use crate::project::LoadedProject;
use crate::workflow::{self, Applied, ApplySettings, Connection, FollowUp, FollowUpOutcome};

/// One run of the command, connected to the service.
pub(super) struct ApplyRun<'a> {
    pub(super) args: &'a Args,
    pub(super) global: &'a GlobalArgs,
    pub(super) console: &'a Console,
    pub(super) pipeline: &'a Pipeline,
    pub(super) annotator: &'a Annotator<'a>,
    pub(super) problems: &'a Problems<'a>,
    pub(super) connection: &'a Connection,
    /// The apply that is undone, if this is not one of manifests.
    pub(super) undoing: Option<Undoing>,
}

impl ApplyRun<'_> {
    pub(super) async fn plan_and_apply(
        &self,
        expected: Option<ExpectedPlan>,
        project: &mut LoadedProject,
    ) -> Result<Exit, Failure> {
        let (args, console) = (self.args, self.console);
        let is_json = args.format == Format::Json;
        let plan = self.plan(project).await?;
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
        refuse((&plan, project), moved, args, console)?;
        if !plan.has_changes() {
            args.undo.complete(&plan, project)?;
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
        if let Some(undoing) = &self.undoing {
            undoing.prepare(&plan)?;
        }
        let recorded = (args.undo).record(&plan, project, self.connection, console);
        signals::or_interrupt(recorded)
            .await
            .inspect_err(|failure| show_refused(failure, &plan, project, args, console))?;
        self.apply(&plan, project).await
    }

    async fn plan(&self, project: &mut LoadedProject) -> Result<Plan, Failure> {
        if let Some(undoing) = &self.undoing {
            let planned = undoing.plan(project, self.connection, self.console).await;
            let about = (self.pipeline, self.console);
            return planned.inspect_err(|failure| {
                show_no_plan(failure, project, self.args, self.annotator, about);
            });
        }
        let plan = planning::plan(project, self.connection, self.console, self.problems).await;
        plan.inspect_err(|_| self.annotator.problems(project))
    }

    async fn apply(&self, plan: &Plan, project: &LoadedProject) -> Result<Exit, Failure> {
        let (args, console) = (self.args, self.console);
        let start = Instant::now();
        let observer = ConsoleObserver::with_results(console, args.format == Format::Text);
        let settings = ApplySettings {
            parallelism: self.global.parallelism().changes,
            stop: signals::watch(*console),
        };
        let connection = self.connection;
        let verified = (!args.no_verify).then_some(project);
        let applied = workflow::apply(plan, verified, connection, &settings, &observer).await;
        let Applied { report, early } = applied;
        self.show(plan, &report, project);
        match exit_of(plan, &report) {
            Exit::Done => args.undo.complete(plan, project)?,
            exit => {
                args.undo.hint(console);
                return Ok(exit);
            }
        }
        let follow_up = FollowUp {
            wait_for_sync: args.wait_sync,
            verify: !args.no_verify,
            // What the first plan does not have is not recorded.
            synced_apis: !args.undo.is_given(),
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
                args.undo.hint(console);
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
    let blocked = plan.changes.iter().filter(|one| one.blocked.is_some());
    let (held, heading, message): (Vec<&Change>, _, _) = match plan.undoes {
        true => (
            blocked.collect(),
            "Not undone, because a rule blocks it:",
            "the service is not as it was before the apply",
        ),
        false => (
            plan.blocked_writes().collect(),
            "Declared, but blocked by a rule:",
            "the service is not as declared",
        ),
    };
    if held.is_empty() {
        return Ok(Exit::Done);
    }
    console.status(heading);
    for change in &held {
        let rule = change.blocked.as_ref().map_or("", |block| &block.reason);
        console.status(format!("  {}: {rule}", change.address));
    }
    Err(Failure::new(Exit::Refused, message))
}

/// Ends the command where a rule forbids the plan or it is not the expected one. Nothing was sent.
fn refuse(
    (plan, project): (&Plan, &LoadedProject),
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
        let result = ApplyJson::refused(plan, reasons, &plan.refusals, &project.sources);
        console.data(&Data::json(result));
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
