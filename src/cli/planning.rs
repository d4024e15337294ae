//! From a project to a plan: what `plan` and `apply` share.

use clap::Args;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::progress::ConsoleObserver;
use super::project;
use super::signals;
use super::unreadable;
use crate::model::{LiveState, Patterns};
use crate::output::{Data, PlanJson};
use crate::plan::Plan;
use crate::project::{LoadedProject, PlanFlags, ServiceLocation};
use crate::workflow::{self, Connection};

/// Flags that decide what is planned.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// Plan only this resource and the resources below it; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(super) only: Vec<String>,

    /// Delete resources that are not declared, within spec.prune.scope
    #[arg(long)]
    pub(super) prune: bool,
}

impl Selection {
    pub(super) fn flags(&self) -> Result<PlanFlags, Failure> {
        let only = Patterns::new(&self.only)
            .map_err(|error| Failure::usage(format!("--only: {error}")))?;
        Ok(PlanFlags {
            prune: self.prune,
            only,
        })
    }
}

/// Reads the live service and plans; ends with [`Exit::Invalid`] if the manifests are wrong.
pub(super) async fn plan(
    project: &mut LoadedProject,
    connection: &Connection,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let observer = ConsoleObserver::new(console);
    let planned = async { Ok(workflow::plan(project, connection, &observer).await?) };
    let plan = signals::or_interrupt(planned).await;
    settle(project, plan, console, json)
}

/// Plans against a live state that was saved.
pub(super) fn plan_against(
    project: &mut LoadedProject,
    live: Result<LiveState, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = live.and_then(|live| {
        unreadable::note(&live.context.unreadable, unreadable::NOT_CHECKED, console);
        Ok(workflow::plan_against(project, &live)?)
    });
    settle(project, plan, console, json)
}

/// Connects to the target. If that fails, as without credentials, the problems of the manifests come
/// first.
pub(super) async fn connect(
    project: &LoadedProject,
    invocation: Invocation<'_>,
    json: bool,
) -> Result<Connection, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let connection = Connection::open(project, global.connect(), environment).await;
    connection.map_err(|error| after_problems(project, error.into(), console, json))
}

fn settle(
    project: &mut LoadedProject,
    plan: Result<Plan, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = plan.map_err(|failure| after_problems(project, failure, console, json))?;
    require_valid(project, console, json)?;
    Ok(plan)
}

/// The failure of a command that made no plan. The problems of the manifests do not depend on it: they
/// are shown first, and if there is an error among them, it decides the exit code, as in `validate`.
fn after_problems(
    project: &LoadedProject,
    failure: Failure,
    console: &Console,
    json: bool,
) -> Failure {
    match require_valid(project, console, json) {
        Ok(()) => failure,
        Err(invalid) => {
            failure.print(console);
            invalid
        }
    }
}

/// Ends the command before anything is read if the manifests cannot be planned.
pub(super) fn require_plannable(
    project: &LoadedProject,
    console: &Console,
    json: bool,
) -> Result<(), Failure> {
    if project.is_plannable() {
        Ok(())
    } else {
        require_valid(project, console, json)
    }
}

fn require_valid(project: &LoadedProject, console: &Console, json: bool) -> Result<(), Failure> {
    project::report(project, console);
    if project.is_valid() {
        return Ok(());
    }
    if json {
        console.data(&Data::json(&PlanJson::invalid(
            &project.diagnostics,
            &project.sources,
        )));
    }
    Err(Failure::already_reported(Exit::Invalid))
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
