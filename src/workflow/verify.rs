//! The look back after an apply.

use std::collections::BTreeSet;

use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::planning;
use crate::model::{Address, Patterns};
use crate::plan::{self, Change, Plan};
use crate::project::LoadedProject;

/// More topmost resources than this are verified by reading everything.
const MOST_PATTERNS: usize = 50;

/// Plans again what was changed: it must be quiet now.
pub(super) async fn verify(
    plan: &Plan,
    project: &LoadedProject,
    connection: &Connection,
    console: &Console,
) -> Result<Exit, Failure> {
    let touched: BTreeSet<&Address> = plan.changes.iter().map(|change| &change.address).collect();
    let roots: BTreeSet<String> = touched
        .iter()
        .map(|address| address.root().to_string())
        .collect();
    let only = if roots.len() <= MOST_PATTERNS {
        Patterns::new(&roots)
    } else {
        Patterns::new([""; 0])
    };
    let live = planning::read(project, connection, only.unwrap_or_default()).await?;
    let again = plan::plan(&project.desired, &live, &project.options);
    let loud: Vec<&Change> = again
        .changes
        .iter()
        .filter(|change| change.blocked.is_none() && touched.contains(&change.address))
        .collect();
    if loud.is_empty() {
        return Ok(Exit::Done);
    }
    console.status("The service accepted everything, yet these differ from what was written:");
    for change in loud {
        let fields: Vec<&str> = change
            .fields
            .iter()
            .map(|field| field.path.as_str())
            .collect();
        console.status(&format!("  {}: {}", change.address, fields.join(", ")));
    }
    Err(Failure::error("verification failed").help(
        "either somebody changed them at the same time, or the service does not keep these values",
    ))
}
