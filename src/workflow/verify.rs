//! Checking after an apply that the service is as planned.

use std::collections::BTreeSet;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::read::read_rest;
use crate::azure::EarlyReads;
use crate::model::{Address, Patterns};
use crate::plan::{Change, Plan};
use crate::project::LoadedProject;

/// Up to this many top-level resources are read by name; for more, everything is read.
const MOST_PATTERNS: usize = 50;

/// Plans the changed resources again: no change may remain. What was read `early`, beside the writes, is read again
/// only if a change remains: a service may need a moment until it shows what was written.
pub(super) async fn verify(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    early: EarlyReads,
    observer: &impl Observer,
) -> Result<(), WorkflowError> {
    let touched: BTreeSet<&Address> = plan.changes.iter().map(|change| &change.address).collect();
    let formers = plan.changes.iter().filter_map(Change::former);
    let roots: BTreeSet<String> = touched
        .iter()
        .copied()
        .chain(formers)
        .map(|address| address.root().to_string())
        .collect();
    let only = if roots.len() <= MOST_PATTERNS {
        // A name that cannot be a pattern is found by reading everything.
        Patterns::new(&roots).unwrap_or_default()
    } else {
        Patterns::default()
    };
    let has_early = !early.is_empty();
    let mut remaining = differing(&touched, project, connection, (&only, early), observer).await?;
    if has_early && !remaining.is_empty() {
        let again = (&only, EarlyReads::default());
        remaining = differing(&touched, project, connection, again, observer).await?;
    }
    if remaining.is_empty() {
        observer.on_event(WorkflowEvent::Verified);
        return Ok(());
    }
    observer.on_event(WorkflowEvent::Differs {
        changes: &remaining,
    });
    Err(WorkflowError::failed("verification failed").help(
        "either they were changed by someone else at the same time, or the service does not keep these values",
    ))
}

/// What of the touched resources a plan would change now.
async fn differing(
    touched: &BTreeSet<&Address>,
    project: &LoadedProject,
    connection: &Connection,
    (only, early): (&Patterns, EarlyReads),
    observer: &impl Observer,
) -> Result<Vec<Change>, WorkflowError> {
    let purpose = (ReadPurpose::Verification, observer);
    let live = read_rest(project, connection, only.clone(), early, purpose).await?;
    let mut changes = project.plan(&live, &project.options).changes;
    changes.retain(|change| change.blocked.is_none() && touched.contains(&change.address));
    Ok(changes)
}
