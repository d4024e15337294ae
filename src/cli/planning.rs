//! From a project to a plan: what `plan` and `apply` share.

use std::path::Path;

use clap::Args;

use super::complete;
use super::console::Console;
use super::failure::Failure;
use super::invocation::Invocation;
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::signals;
use super::snapshot;
use super::unreadable;
use crate::model::{LiveState, Patterns};
use crate::output::{ChangedSinceJson, OptionsJson, short_commit};
use crate::plan::{Plan, Target};
use crate::project::{LoadedProject, PlanFlags, ResolvedTarget, ServiceLocation};
use crate::workflow::{self, BranchExtent, BranchPoint, Connection};

/// Flags that decide what is planned.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// Plan only this resource and the resources below it; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    pub(super) only: Vec<String>,

    /// Leave out this resource and the resources below it; accepts globs, can be repeated, wins over --only
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    pub(super) exclude: Vec<String>,

    /// Delete resources that are not declared, within spec.prune.scope
    #[arg(long)]
    pub(super) prune: bool,

    /// Plan only what is declared differently than at the commit where the branch left this one, with all that depends
    /// on it; the rest of the service is neither read nor compared. A branch, a tag or a commit
    #[arg(long, value_name = "REF")]
    pub(super) changed_since: Option<String>,

    /// Say who made each difference since this state, on which the manifests and the service last agreed: the
    /// repository, somebody in the portal, or both. A file written by `apicenter snapshot` after an apply, or a branch, a
    /// tag or a commit whose manifests were applied. A field that both edited refuses the plan
    #[arg(long = "base", value_name = "SNAPSHOT|REF")]
    pub(super) agreed: Option<String>,

    /// With --base: where both edited this resource or one below it, apply what the manifests say; accepts globs, can be
    /// repeated
    #[arg(long, value_name = "ADDRESS", requires = "agreed", add = complete::address())]
    pub(super) ours: Vec<String>,

    /// With --base: where both edited this resource or one below it, leave it as it is live; accepts globs, can be
    /// repeated
    #[arg(long, value_name = "ADDRESS", requires = "agreed", add = complete::address())]
    pub(super) theirs: Vec<String>,

    /// That commit, if it is known from a saved plan.
    #[arg(skip)]
    pub(super) base: Option<String>,
}

impl Selection {
    pub(super) fn flags(&self) -> Result<PlanFlags, Failure> {
        Ok(PlanFlags {
            prune: self.prune,
            only: patterns("--only", &self.only)?,
            exclude: patterns("--exclude", &self.exclude)?,
            ours: patterns("--ours", &self.ours)?,
            theirs: patterns("--theirs", &self.theirs)?,
            ..PlanFlags::default()
        })
    }

    /// That of a saved plan.
    pub(super) fn of_saved(options: OptionsJson) -> Self {
        let (changed_since, base) = options.changed_since.map(ChangedSinceJson::parts).unzip();
        Self {
            only: options.only,
            exclude: options.exclude,
            prune: options.prune,
            changed_since,
            base,
            agreed: options.base,
            ours: options.ours,
            theirs: options.theirs,
        }
    }

    /// Whether one of the flags is given.
    pub(super) fn is_given(&self) -> bool {
        self.prune
            || !self.only.is_empty()
            || !self.exclude.is_empty()
            || self.changed_since.is_some()
            || self.agreed.is_some()
    }

    /// Limits plans of a project to what the branch changes, and gives differences their authors, if that was asked for.
    pub(super) fn limit(
        &self,
        project: &mut LoadedProject,
        console: &Console,
    ) -> Result<(), Failure> {
        if let Some(agreed) = &self.agreed {
            compare_with(project, agreed)?;
        }
        let Some(reference) = &self.changed_since else {
            return Ok(());
        };
        let root = project.files.root();
        let point = match &self.base {
            Some(commit) => BranchPoint::again(root, reference, commit)?,
            None => BranchPoint::find(root, reference)?,
        };
        match workflow::branch_extent(project, &point)? {
            BranchExtent::Changes(changed) => project.limit_to(changed),
            BranchExtent::Everything(reason) => {
                let commit = short_commit(&point.commit);
                console.status(format!(
                    "everything is planned, although --changed-since {reference} ({commit}) is given: {reason}"
                ));
            }
        }
        Ok(())
    }

    /// The same as a saved plan has it. Where everything was planned after all, that is what it says.
    pub(super) fn options(&self, project: &LoadedProject) -> OptionsJson {
        let changed = project.options.changed.as_deref();
        OptionsJson {
            only: self.only.clone(),
            exclude: self.exclude.clone(),
            prune: self.prune,
            changed_since: changed.map(ChangedSinceJson::new),
            base: project
                .options
                .base
                .as_ref()
                .map(|base| base.source.clone()),
            ours: self.ours.clone(),
            theirs: self.theirs.clone(),
        }
    }
}

/// Lets plans of a project say who made each difference since a snapshot or a commit.
pub(super) fn compare_with(project: &mut LoadedProject, base: &str) -> Result<(), Failure> {
    let file = Path::new(base);
    let base = match file.is_file() {
        true => workflow::base_of_snapshot(base, snapshot::read(file, project)?),
        false => workflow::base_at(project, base)?,
    };
    project.compare_with(base);
    Ok(())
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

/// A target in words, for the first line of a plan.
pub(super) fn target_words(target: &ResolvedTarget) -> String {
    let Target { name, service } = &target.target;
    match target.location {
        ServiceLocation::Emulator { .. } => {
            format!("{name}: service {} in the embedded emulator", service.name)
        }
        ServiceLocation::Azure { .. } => format!(
            "{name}: service {} in resource group {}",
            service.name, service.resource_group
        ),
    }
}
