//! `apicenter snapshot`.

use std::path::{Path, PathBuf};

use super::connection::Connection;
use super::exit::Exit;
use super::failure::Failure;
use super::format::{to_json, write_file};
use super::invocation::Invocation;
use super::progress::ConsoleObserver;
use super::project;
use super::signals;
use super::unreadable;
use crate::live::snapshot::Snapshot;
use crate::model::{LiveState, Patterns};
use crate::project::LoadedProject;
use crate::project::PlanFlags;
use crate::workflow;

/// Save the live state to a file, for `plan --against` without credentials
///
/// Documents are saved as digests only, so the file can be published as an artifact.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter snapshot -t prod --out live.json     in a trusted pipeline
  apicenter plan -t prod --against live.json     anywhere, such as for a pull request from a fork")]
pub(super) struct Args {
    /// The file to write; without it, to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    let connection = Connection::open(&project, global, environment).await?;
    let everything = Patterns::default();
    let observer = ConsoleObserver::new(console);
    let reading = workflow::read(&project, &connection.service, everything, &observer);
    let live = signals::or_interrupt(async { Ok(reading.await?) }).await;
    connection.close().await;
    let live = live?;
    unreadable::note(&live.context, unreadable::NOT_CHECKED, console);
    let target = &project.options.target;
    let (subscription, group) = (&target.subscription, &target.resource_group);
    let text = to_json(&Snapshot::of(subscription, group, &target.service, &live));
    match &args.out {
        Some(file) => write_file(file, &text)?,
        None => console.output(&text),
    }
    Ok(Exit::Done)
}

/// The live state that a snapshot file holds.
pub(super) fn read(file: &Path, project: &LoadedProject) -> Result<LiveState, Failure> {
    let name = file.display();
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::error(format!("cannot read {name}: {error}")))?;
    let snapshot = Snapshot::parse(&String::from_utf8_lossy(&bytes))
        .map_err(|error| Failure::error(format!("{name}: {error}")))?;
    let target = &project.options.target;
    if !snapshot.is_of(
        &target.subscription,
        &target.resource_group,
        &target.service,
    ) {
        return Err(Failure::error(format!(
            "{name} is of the service `{}` in `{}` of the subscription `{}`, and the target is `{}` \
             in `{}` of `{}`",
            snapshot.service,
            snapshot.resource_group,
            snapshot.subscription_id,
            target.service,
            target.resource_group,
            target.subscription
        )));
    }
    Ok(snapshot.live()?)
}
