//! Saving the live state, and planning with a saved one.

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::read::{read, read_with_texts};
use crate::live::ServiceError;
use crate::live::snapshot::Snapshot;
use crate::model::{LiveState, Patterns, ServiceId};
use crate::project::LoadedProject;

/// Reads the whole service and returns its snapshot, with the texts of definitions if `documents`.
///
/// # Errors
/// If a request fails, or the service neither exists nor is declared.
pub async fn take_snapshot(
    project: &LoadedProject,
    connection: &Connection,
    documents: bool,
    observer: &impl Observer,
) -> Result<Snapshot, WorkflowError> {
    let purpose = (ReadPurpose::Plan, observer);
    let everything = Patterns::default();
    let live = match documents {
        true => read_with_texts(project, connection, everything, purpose).await?,
        false => read(project, connection, everything, purpose).await?,
    };
    let scopes = &live.context.unreadable;
    observer.on_event(WorkflowEvent::RolesUnreadable { scopes });
    Ok(Snapshot::of(
        &project.options.target.service,
        &live,
        documents,
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
    let (found, live) = open_any_snapshot(name, text)?;
    let wanted = &project.options.target.service;
    if !found.is_same(wanted) {
        return Err(WorkflowError::failed(format!(
            "{name} is of the service `{}` in `{}` of the subscription `{}`, and the target is `{}` \
             in `{}` of `{}`",
            found.name,
            found.resource_group,
            found.subscription,
            wanted.name,
            wanted.resource_group,
            wanted.subscription
        )));
    }
    Ok(live)
}

/// The service and the live state in the text of a snapshot file; `name` is the file's name.
///
/// # Errors
/// If the text is not a snapshot.
pub fn open_any_snapshot(name: &str, text: &str) -> Result<(ServiceId, LiveState), WorkflowError> {
    let in_file = |error: ServiceError| WorkflowError::failed(format!("{name}: {error}"));
    let snapshot = Snapshot::parse(text).map_err(in_file)?;
    let live = snapshot.live().map_err(in_file)?;
    Ok((snapshot.service_id(), live))
}
