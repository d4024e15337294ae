//! Checking that what integrations brought in vanished with them.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::apply::{Outcome, Report};
use crate::azure::ArmService;
use crate::live::ServiceError;
use crate::model::{Address, Role};
use crate::plan::{Plan, Step};

/// How long nothing may vanish before the rest is taken to remain (observed: the last of it vanished
/// after eleven seconds, once).
const PATIENCE: Duration = Duration::from_secs(15);

/// The longest pause between two reads.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Waits until what vanishes with integrations is no longer in the service. Which resources an integration
/// brought in is a conclusion of this program; what is still there is not counted as deleted.
pub(super) async fn confirm(
    plan: &Plan,
    service: &ArmService,
    stop: &watch::Receiver<bool>,
    report: &mut Report,
) {
    let done: BTreeSet<&Address> = plan
        .changes
        .iter()
        .zip(&report.outcomes)
        .filter(|(change, outcome)| {
            change.address.is(Role::Integration) && matches!(outcome, Outcome::Done)
        })
        .map(|(change, _)| &change.address)
        .collect();
    let followers: Vec<(usize, Address)> = plan
        .changes
        .iter()
        .enumerate()
        .filter_map(|(i, change)| match &change.step {
            Step::Delete {
                with: Some(top), ..
            } if done.contains(top) => Some((i, change.address.root())),
            _ => None,
        })
        .collect();
    let declared = plan
        .taken_declared
        .iter()
        .filter(|(_, with)| done.contains(with) && !stays(plan, with))
        .map(|(address, _)| address.root());
    let expected: BTreeSet<Address> = followers
        .iter()
        .map(|(_, root)| root.clone())
        .chain(declared)
        .collect();
    let remaining = remaining(&expected, service, stop).await;
    for (i, root) in followers {
        match &remaining {
            Ok(remaining) if remaining.contains(&root) => report.outcomes[i] = Outcome::Remains,
            Ok(_) => {}
            Err(error) => {
                let error = error.clone();
                report.outcomes[i] = Outcome::Failed { error, half: false };
            }
        }
    }
}

/// Whether an integration stays, with another gateway: its environment is made again.
fn stays(plan: &Plan, integration: &Address) -> bool {
    plan.changes
        .iter()
        .any(|change| change.address == *integration && change.after().is_some())
}

async fn remaining(
    expected: &BTreeSet<Address>,
    service: &ArmService,
    stop: &watch::Receiver<bool>,
) -> Result<BTreeSet<Address>, ServiceError> {
    let mut deadline = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(100);
    let mut known = expected.len();
    loop {
        let remaining = service.existing(expected).await?;
        if remaining.len() < known {
            known = remaining.len();
            deadline = Instant::now() + PATIENCE;
        }
        let is_last = Instant::now() + pause > deadline || *stop.borrow();
        if remaining.is_empty() || is_last {
            return Ok(remaining);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
