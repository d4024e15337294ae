//! Waiting until integrations synchronise.

use std::time::Duration;

use tokio::time::Instant;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, WorkflowEvent};
use crate::azure::ArmService;
use crate::model::{Address, LinkState, LinkStatus, Role};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// How long an error may be due to roles that were just assigned (documented: up to five minutes).
const ROLE_PROPAGATION: Duration = Duration::from_secs(5 * 60);

/// The longest pause between two reads of a link.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Waits until every declared and selected integration synchronises.
pub(super) async fn wait(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    timeout: Duration,
    observer: &impl Observer,
) -> Result<(), WorkflowError> {
    let assigns_roles = plan.changes.iter().any(|change| {
        change.address.kind().role == Role::RoleAssignment && change.after().is_some()
    });
    let wait = Wait {
        service: &connection.service,
        start: Instant::now(),
        timeout,
        tolerate_errors: if assigns_roles {
            ROLE_PROPAGATION.min(timeout)
        } else {
            Duration::ZERO
        },
    };
    for address in project.desired.resources.keys() {
        if address.kind().role == Role::Integration && project.options.selects(address) {
            wait.for_integration(address, observer).await?;
        }
    }
    Ok(())
}

struct Wait<'a> {
    service: &'a ArmService,
    start: Instant,
    timeout: Duration,
    /// For how long an error on a link does not end the wait.
    tolerate_errors: Duration,
}

impl Wait<'_> {
    async fn for_integration(
        &self,
        address: &Address,
        observer: &impl Observer,
    ) -> Result<(), WorkflowError> {
        let mut pause = Duration::from_millis(200);
        let mut has_waited = false;
        loop {
            let link = self.service.link_state(address).await?.unwrap_or_default();
            let elapsed = self.start.elapsed();
            match &link.state {
                LinkStatus::Syncing => {
                    if has_waited {
                        observer.on_event(WorkflowEvent::IntegrationSynchronises { address });
                    }
                    return Ok(());
                }
                LinkStatus::Error if elapsed >= self.tolerate_errors => {
                    return Err(failed(address, &link));
                }
                state if elapsed >= self.timeout => {
                    return Err(timed_out(address, state, self.timeout));
                }
                state => observer.on_event(WorkflowEvent::WaitingForIntegration { address, state }),
            }
            has_waited = true;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

fn failed(address: &Address, link: &LinkState) -> WorkflowError {
    let message = link
        .message
        .as_deref()
        .unwrap_or("the service gives no reason");
    WorkflowError::failed(format!("{address} does not synchronise: {message}")).help(
        "`apicenter plan` names the identity or the role that is missing; the service tries again by \
         itself once it is there",
    )
}

fn timed_out(address: &Address, state: &LinkStatus, timeout: Duration) -> WorkflowError {
    WorkflowError::failed(format!(
        "{address} is still `{state}` after {} s",
        timeout.as_secs()
    ))
    .help("the service goes on by itself; wait longer with --wait-sync=2h, or look at a plan later")
}
