//! Saving the live state, and planning with a saved one.

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, WorkflowEvent};
use super::read::read;
use crate::live::snapshot::Snapshot;
use crate::model::{LiveState, Patterns};
use crate::project::LoadedProject;

/// Reads the whole service and returns its snapshot.
///
/// # Errors
/// If a request fails, or the service neither exists nor is declared.
pub async fn take_snapshot(
    project: &LoadedProject,
    connection: &Connection,
    observer: &impl Observer,
) -> Result<Snapshot, WorkflowError> {
    let live = read(project, connection, Patterns::default(), observer).await?;
    let scopes = &live.context.unreadable;
    observer.on_event(WorkflowEvent::RolesUnreadable { scopes });
    let target = &project.options.target;
    Ok(Snapshot::of(
        &target.subscription,
        &target.resource_group,
        &target.service,
        &live,
    ))
}

/// The live state in the text of a snapshot file; `name` is the file's name.
///
/// # Errors
/// If the text is not a snapshot of the project's target.
pub fn open_snapshot(
    name: &str,
    text: &str,
    project: &LoadedProject,
) -> Result<LiveState, WorkflowError> {
    let snapshot =
        Snapshot::parse(text).map_err(|error| WorkflowError::failed(format!("{name}: {error}")))?;
    let target = &project.options.target;
    if !snapshot.is_of(
        &target.subscription,
        &target.resource_group,
        &target.service,
    ) {
        return Err(WorkflowError::failed(format!(
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
