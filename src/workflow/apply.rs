//! Applying a plan, and what follows.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::unbounded_channel;
use tokio::sync::watch;

use super::connection::Connection;
use super::early_reads::{EarlyReader, Unfinished};
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::read::{read, read_scope};
use super::{vanished, verify, wait_for_sync};
use crate::apply::{self, ApplyOptions, Report};
use crate::azure::EarlyReads;
use crate::model::{Patterns, Role, code};
use crate::plan::{Plan, PlanOptions};
use crate::project::LoadedProject;

/// How plans are applied.
#[derive(Debug, Clone)]
pub struct ApplySettings {
    /// How many changes are applied at once; at least one.
    pub parallelism: usize,
    /// Turns `true` when no further change is to be started.
    pub stop: watch::Receiver<bool>,
}

/// What follows an apply that wrote everything.
#[derive(Debug, Clone, Copy)]
pub struct FollowUp {
    /// How long to wait until integrations synchronise; `None` for no wait.
    pub wait_for_sync: Option<Duration>,
    /// Whether what is declared for APIs is written that integrations have synchronised meanwhile.
    pub synced_apis: bool,
    /// Whether the service is read again to see that it is as planned.
    pub verify: bool,
}

/// How a follow-up ended.
#[derive(Debug)]
pub enum FollowUpOutcome {
    /// Everything is as planned.
    Complete,
    /// APIs that integrations synchronised could not all be written.
    SyncedApisIncomplete {
        /// The plan that was applied to them.
        plan: Box<Plan>,
        /// What became of it.
        report: Report,
    },
}

/// An apply that has ended.
#[derive(Debug)]
pub struct Applied {
    /// What became of each change.
    pub report: Report,
    /// What is being read again of what was written, if it is to be verified.
    pub early: EarlyReads,
}

/// Applies a plan. Where `verified` is the project whose service will be verified, reading that begins with the
/// resources that are written first.
pub async fn apply(
    plan: &Plan,
    verified: Option<&LoadedProject>,
    connection: &Connection,
    settings: &ApplySettings,
    observer: &impl Observer,
) -> Applied {
    let (events, mut listener) = unbounded_channel();
    let options = ApplyOptions {
        parallelism: settings.parallelism,
        stop: settings.stop.clone(),
    };
    observer.on_event(WorkflowEvent::ApplyStarted { plan });
    let service = &connection.service;
    let mut unfinished = Unfinished::of(plan);
    let mut early = verified.map(|project| {
        let scope = read_scope(project, service, Patterns::default());
        EarlyReader::new(service.clone(), scope)
    });
    let forward = async {
        while let Some(event) = listener.recv().await {
            if let (Some(root), Some(early)) = (unfinished.finished_with(&event), &mut early) {
                early.start(root);
            }
            let event = &event;
            observer.on_event(WorkflowEvent::ApplyProgress { plan, event });
        }
    };
    let writer = Arc::new(service.clone());
    let (mut report, ()) = tokio::join!(apply::apply(plan, writer, options, events), forward);
    vanished::confirm(plan, service, &settings.stop, &mut report).await;
    observer.on_event(WorkflowEvent::ApplyEnded);
    let early = early.filter(|_| report.is_complete());
    Applied {
        report,
        early: early.map(EarlyReader::reads).unwrap_or_default(),
    }
}

/// Waits for integrations, writes what is declared for the APIs that they brought in, and verifies.
/// `interrupt` ends the wait. What is being read `early` is not read again, unless it differs.
///
/// # Errors
/// If an integration does not synchronise in time, a request fails, or the service differs from what was
/// written.
pub async fn follow_up(
    (plan, mut early): (&Plan, EarlyReads),
    project: &LoadedProject,
    connection: &Connection,
    follow_up: FollowUp,
    (settings, interrupt): (&ApplySettings, impl Future<Output = ()>),
    observer: &impl Observer,
) -> Result<FollowUpOutcome, WorkflowError> {
    if let Some(timeout) = follow_up.wait_for_sync {
        tokio::select! {
            result = wait_for_sync::wait(plan, project, connection, timeout, observer) => result?,
            () = interrupt => return Err(WorkflowError::Interrupted { applied: true }),
        }
    }
    let written = match follow_up.synced_apis {
        true => write_synced_apis(plan, project, connection, settings, observer).await?,
        false => None,
    };
    if let Some((plan, report)) = written {
        early.clear();
        let (plan_ref, report_ref) = (&plan, &report);
        observer.on_event(WorkflowEvent::SyncedApisWritten {
            plan: plan_ref,
            report: report_ref,
        });
        if !report.is_complete() {
            return Ok(FollowUpOutcome::SyncedApisIncomplete {
                plan: Box::new(plan),
                report,
            });
        }
    }
    if follow_up.verify {
        verify::verify(plan, project, connection, early, observer).await?;
    }
    Ok(FollowUpOutcome::Complete)
}

/// Applies what is declared for APIs that were not synchronised when the plan was made, if they are now.
async fn write_synced_apis(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    settings: &ApplySettings,
    observer: &impl Observer,
) -> Result<Option<(Plan, Report)>, WorkflowError> {
    let exempted = plan.exempted.iter().map(|one| &one.finding);
    let has_pending = plan
        .diagnostics
        .iter()
        .chain(exempted)
        .any(|diagnostic| diagnostic.code == code::NOT_SYNCHRONISED);
    if !has_pending {
        return Ok(None);
    }
    let selected = project
        .desired
        .resources
        .keys()
        .filter(|address| project.options.selects(address));
    let pending: BTreeSet<String> = plan
        .matched
        .values()
        .chain(selected)
        .filter(|address| address.is(Role::SyncedApi))
        .map(ToString::to_string)
        .collect();
    // Without a pattern everything would be selected.
    let Some(declarations) = Patterns::new(&pending)
        .ok()
        .filter(|patterns| !patterns.is_empty())
    else {
        return Ok(None);
    };
    let purpose = (ReadPurpose::SyncedApis, observer);
    let live = read(project, connection, declarations.clone(), purpose).await?;
    let options = PlanOptions {
        only: declarations,
        ..project.options.clone()
    };
    let plan = project.plan(&live, &options);
    if !plan.has_changes() || !plan.refusals.is_empty() {
        return Ok(None);
    }
    observer.on_event(WorkflowEvent::WritingSyncedApis);
    let applied = apply(&plan, None, connection, settings, observer).await;
    Ok(Some((plan, applied.report)))
}
