//! What follows an apply where integrations are concerned: waiting for them, and for what they bring in.

use std::time::Duration;

use tokio::time::Instant;

use super::apply::Context;
use super::connection::Connection;
use super::failure::Failure;
use super::planning;
use crate::apply::Report;
use crate::kinds;
use crate::model::{Address, LinkState, LinkStatus, Patterns, code};
use crate::output::apply_summary;
use crate::plan::{self, Plan, PlanOptions};
use crate::project::LoadedProject;

/// How long an error may be due to roles that were just assigned.
const ROLES_SETTLE: Duration = Duration::from_secs(5 * 60);

/// The longest wait between two looks.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Reads a duration such as `90s`, `10m`, `2h` or a number of seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, text.as_bytes()[text.len() - 1]),
        None => (text, b's'),
    };
    let seconds = match unit {
        b'h' => 3600,
        b'm' => 60,
        _ => 1,
    };
    let number: u64 = number
        .parse()
        .map_err(|_| "a duration is expected, such as 90s, 10m or 1h".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

/// Waits until every declared integration that the plan reaches is synchronising.
pub(super) async fn wait(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    patience: Duration,
) -> Result<(), Failure> {
    let start = Instant::now();
    let roles_are_new = plan.changes.iter().any(|change| {
        *change.address.kind() == kinds::ROLE_ASSIGNMENT.info && change.after().is_some()
    });
    let settle = if roles_are_new {
        ROLES_SETTLE.min(patience)
    } else {
        Duration::ZERO
    };
    let only = &project.options.only;
    for address in project.desired.resources.keys() {
        let wanted =
            *address.kind() == kinds::INTEGRATION.info && (only.is_empty() || only.covers(address));
        if wanted {
            wait_for(address, connection, start, patience, settle).await?;
        }
    }
    Ok(())
}

async fn wait_for(
    address: &Address,
    connection: &Connection,
    start: Instant,
    patience: Duration,
    settle: Duration,
) -> Result<(), Failure> {
    let mut pause = Duration::from_millis(200);
    loop {
        let link = connection.service.link_state(address).await?;
        let link = link.unwrap_or_default();
        let elapsed = start.elapsed();
        match &link.state {
            LinkStatus::Syncing => return Ok(()),
            LinkStatus::Error if elapsed >= settle => return Err(failed(address, &link)),
            _ if elapsed >= patience => return Err(too_slow(address, &link, patience)),
            state => tracing::info!(%address, %state, "waiting for the integration"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_WAIT);
    }
}

fn failed(address: &Address, link: &LinkState) -> Failure {
    let message = link
        .message
        .as_deref()
        .unwrap_or("the service gives no reason");
    Failure::error(format!("{address} does not synchronise: {message}")).help(
        "`apicenter plan` names the identity or the role that is missing; the service tries again by \
         itself once it is there",
    )
}

fn too_slow(address: &Address, link: &LinkState, patience: Duration) -> Failure {
    Failure::error(format!(
        "{address} is still `{}` after {} s",
        link.state,
        patience.as_secs()
    ))
    .help("the service goes on by itself; wait longer with --wait-sync=2h, or look at a plan later")
}

/// Carries out what the plan announced for APIs that were not synchronised yet, if they are now.
pub(super) async fn enrich(
    context: &Context<'_>,
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
) -> Result<Option<(Plan, Report)>, Failure> {
    let awaits = plan
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.code == code::NOT_SYNCHRONISED);
    if !awaits {
        return Ok(None);
    }
    let pending: Vec<String> = project
        .desired
        .resources
        .keys()
        .filter(|address| *address.kind() == kinds::SYNCED_API.info)
        .filter(|address| project.options.selects(address))
        .map(ToString::to_string)
        .collect();
    let live = planning::read(project, connection, project.options.only.clone()).await?;
    let options = PlanOptions {
        only: Patterns::new(&pending).unwrap_or_default(),
        ..project.options.clone()
    };
    let plan = plan::plan(&project.desired, &live, &options);
    if !plan.has_changes() || !plan.refusals.is_empty() {
        return Ok(None);
    }
    let report = super::apply::carry_out(&plan, connection, context.global, context.console).await;
    if context.is_text() {
        context.console.output(&format!(
            "\nAPIs that the integration has brought in meanwhile:\n{}",
            apply_summary(&plan, &report, context.console.styles())
        ));
    }
    Ok(Some((plan, report)))
}
