//! What a workflow reports while it runs.

use super::finding::Finding;
use super::meter::RequestMeter;
use std::collections::BTreeMap;

use crate::apply::{Event, Report};
use crate::model::{Address, LinkStatus, Scope, Unreadable};
use crate::plan::{Change, Plan};

/// Something happened during a workflow.
#[derive(Debug, Clone, Copy)]
pub enum WorkflowEvent<'a> {
    /// Documents on the web or in API Management are about to be fetched.
    FetchingDocuments {
        /// How many.
        count: usize,
    },
    /// One more of them was fetched.
    DocumentFetched,
    /// All of them were fetched.
    DocumentsFetched,
    /// The live service is about to be read.
    ReadingService {
        /// Name of the service.
        service: &'a str,
        /// What for.
        purpose: ReadPurpose,
        /// Its requests.
        requests: &'a RequestMeter,
    },
    /// The live service was read.
    ServiceRead {
        /// How many resources were read.
        resources: usize,
        /// How many read requests that took.
        reads: u64,
    },
    /// After an apply, the service is as it was written.
    Verified,
    /// The service was read; these are the scopes whose role assignments cannot be read, if any.
    RolesUnreadable {
        /// The scopes, and why.
        scopes: &'a BTreeMap<Scope, Unreadable>,
    },
    /// A plan is about to be applied.
    ApplyStarted {
        /// The plan.
        plan: &'a Plan,
    },
    /// Something happened to a change of the plan that is being applied.
    ApplyProgress {
        /// The plan.
        plan: &'a Plan,
        /// What happened.
        event: &'a Event,
    },
    /// The apply has ended.
    ApplyEnded,
    /// An integration is not synchronising yet, or is still being deleted.
    WaitingForIntegration {
        /// The integration.
        address: &'a Address,
        /// The state of its link.
        state: &'a LinkStatus,
    },
    /// An integration that was waited for is synchronising.
    IntegrationSynchronises {
        /// The integration.
        address: &'a Address,
    },
    /// APIs that integrations have synchronised meanwhile are about to be written as declared.
    WritingSyncedApis,
    /// APIs that integrations synchronised meanwhile were written as declared.
    SyncedApisWritten {
        /// The plan that was applied.
        plan: &'a Plan,
        /// What became of it.
        report: &'a Report,
    },
    /// After an apply, the service still differs from what was written.
    Differs {
        /// The changes that remain.
        changes: &'a [Change],
    },
    /// A check of credentials, the service or permissions was made.
    Examined {
        /// What it found.
        finding: &'a Finding,
    },
    /// The service starts to copy APIs from API Management.
    ServiceImporting {
        /// Name of the service.
        service: &'a str,
        /// Name of the instance.
        instance: &'a str,
    },
}

/// What the service is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadPurpose {
    /// For a plan, an export or a snapshot.
    Plan,
    /// To see that it is as it was written.
    Verification,
    /// To find what integrations have synchronised meanwhile.
    SyncedApis,
    /// To record what an apply is about to change.
    Undo,
}

/// Receives the events of a workflow.
pub trait Observer {
    /// Called for each event, in order.
    fn on_event(&self, event: WorkflowEvent<'_>);
}
