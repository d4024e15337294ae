//! From a project to a plan: what `plan` and `apply` share.

use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::invocation::Invocation;
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::signals;
use super::unreadable;
use crate::model::{LiveState, Patterns};
use crate::plan::Plan;
use crate::project::{LoadedProject, PlanFlags, ServiceLocation};
use crate::workflow::{self, Connection};

/// Flags that decide what is planned.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// Plan only this resource and the resources below it; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(super) only: Vec<String>,

    /// Leave out this resource and the resources below it; accepts globs, can be repeated, wins over --only
    #[arg(long, value_name = "ADDRESS")]
    pub(super) exclude: Vec<String>,

    /// Delete resources that are not declared, within spec.prune.scope
    #[arg(long)]
    pub(super) prune: bool,
}

impl Selection {
    pub(super) fn flags(&self) -> Result<PlanFlags, Failure> {
        Ok(PlanFlags {
            prune: self.prune,
            only: patterns("--only", &self.only)?,
            exclude: patterns("--exclude", &self.exclude)?,
        })
    }

    /// Whether one of the flags is given.
    pub(super) fn is_given(&self) -> bool {
        self.prune || !self.only.is_empty() || !self.exclude.is_empty()
    }
}

/// The patterns of `--only` or `--exclude`.
pub(super) fn patterns(flag: &str, given: &[String]) -> Result<Patterns, Failure> {
    Patterns::new(given).map_err(|error| Failure::usage(format!("{flag}: {error}")))
}

/// Reads the live service and plans; ends with [`Exit::Invalid`](super::Exit) if the manifests are wrong.
pub(super) async fn plan(
    project: &mut LoadedProject,
    connection: &Connection,
    console: &Console,
    problems: &Problems<'_>,
) -> Result<Plan, Failure> {
    let observer = ConsoleObserver::new(console);
    let planned = async { Ok(workflow::plan(project, connection, &observer).await?) };
    let plan = signals::or_interrupt(planned).await;
    // A line that moves must not be among what is printed now.
    drop(observer);
    settle(project, plan, problems)
}

/// Plans against a live state that was saved.
pub(super) fn plan_against(
    project: &mut LoadedProject,
    live: Result<LiveState, Failure>,
    console: &Console,
    problems: &Problems<'_>,
) -> Result<Plan, Failure> {
    let plan = live.and_then(|live| {
        unreadable::note(&live.context.unreadable, unreadable::NOT_CHECKED, console);
        Ok(workflow::plan_against(project, &live)?)
    });
    settle(project, plan, problems)
}

/// Connects to the target. If that fails, as without credentials, the problems of the manifests come
/// first.
pub(super) async fn connect(
    project: &LoadedProject,
    invocation: Invocation<'_>,
    problems: &Problems<'_>,
) -> Result<Connection, Failure> {
    let (connect, environment) = (invocation.global.connect(), invocation.environment);
    let connection = Connection::open(project, connect, environment).await;
    connection.map_err(|error| problems.before(project, error.into()))
}

fn settle(
    project: &LoadedProject,
    plan: Result<Plan, Failure>,
    problems: &Problems<'_>,
) -> Result<Plan, Failure> {
    let plan = plan.map_err(|failure| problems.before(project, failure))?;
    problems.require_valid(project)?;
    Ok(plan)
}

/// The target in words, for the first line of a plan.
pub(super) fn target_words(project: &LoadedProject) -> String {
    let target = &project.options.target;
    match &project.target.location {
        ServiceLocation::Emulator { .. } => {
            format!(
                "{}: service {} in the embedded emulator",
                target.name, target.service.name
            )
        }
        ServiceLocation::Azure { .. } => format!(
            "{}: service {} in resource group {}",
            target.name, target.service.name, target.service.resource_group
        ),
    }
}
