//! From a loaded project to a plan.

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::linked_documents;
use super::offered;
use super::read::read;
use crate::model::view::IntegrationView;
use crate::model::{Address, LiveState, Patterns, Role};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// Fetches linked documents, reads the live service and plans.
///
/// # Errors
/// If a request fails, a linked document is invalid, or a pattern of `--only` or `--exclude` matches nothing.
pub async fn plan(
    project: &mut LoadedProject,
    connection: &Connection,
    observer: &impl Observer,
) -> Result<Plan, WorkflowError> {
    let linked = linked_documents::fetch(project, connection.service.client(), observer).await?;
    linked_documents::store(project, &linked);
    let only = project.options.only.clone();
    let purpose = (ReadPurpose::Plan, observer);
    let mut live = read(project, connection, only, purpose).await?;
    check_selection(project, &live)?;
    let is_partial = !project.options.only.is_empty();
    if is_partial && (loses_synchronised(project, &live) || !project.is_valid()) {
        // What vanishes with an integration, or what the service holds already, may be anywhere.
        live = read(project, connection, Patterns::default(), purpose).await?;
    }
    offered::check(project, &live)?;
    if adopt_schemas(project, &live)? {
        linked_documents::store(project, &linked);
    }
    let scopes = &live.context.unreadable;
    observer.on_event(WorkflowEvent::RolesUnreadable { scopes });
    project.downgrade_held(&live);
    Ok(project.plan(&live, &project.options))
}

/// Plans against a live state that was saved.
///
/// # Errors
/// If a pattern of `--only` or `--exclude` matches nothing.
pub fn plan_against(project: &mut LoadedProject, live: &LiveState) -> Result<Plan, WorkflowError> {
    check_selection(project, live)?;
    offered::check(project, live)?;
    adopt_schemas(project, live)?;
    project.downgrade_held(live);
    Ok(project.plan(live, &project.options))
}

/// Reads custom properties of other repositories' metadata schemas as the service has these.
fn adopt_schemas(project: &mut LoadedProject, live: &LiveState) -> Result<bool, WorkflowError> {
    project.adopt_schemas(live).map_err(|_| {
        WorkflowError::failed("the project changed while it was planned").help("plan again")
    })
}

/// Whether `--only` selects an integration that would be deleted or get another gateway.
fn loses_synchronised(project: &LoadedProject, live: &LiveState) -> bool {
    let (desired, options) = (&project.desired, &project.options);
    live.resources.values().any(|current| {
        let address = &current.resource.address;
        let link = IntegrationView::of(&current.resource.body);
        address.is(Role::Integration)
            && options.only.covers(address)
            && match desired.resources.get(address) {
                None => options.prune.enabled,
                Some(declared) => IntegrationView::of(&declared.resource.body)
                    .other_gateway_fields(link)
                    .next()
                    .is_some(),
            }
    })
}

fn check_selection(project: &LoadedProject, live: &LiveState) -> Result<(), WorkflowError> {
    let known: Vec<&Address> = project
        .desired
        .resources
        .keys()
        .chain(live.resources.keys())
        .collect();
    let options = &project.options;
    for (flag, patterns) in [("--only", &options.only), ("--exclude", &options.exclude)] {
        if let [pattern, ..] = patterns.without_match(&known).as_slice() {
            let message = format!("{flag} {pattern} matches no declared or live resource");
            return Err(WorkflowError::usage(message).help(
                "addresses look like api/orders, environment/prod or api/*/deployment/prod",
            ));
        }
    }
    Ok(())
}
