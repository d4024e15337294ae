//! An import in which the service copies APIs from API Management by itself.

use std::collections::BTreeMap;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, WorkflowEvent};
use crate::azure::InstanceId;
use crate::kinds::SERVICE;
use crate::live::{ErrorKind, ReadScope, Reader as _};
use crate::model::view::{ApiView, EnvironmentView, ServiceView};
use crate::model::{Address, Patterns, Role};
use crate::project::LoadedProject;

/// Top-level resources of a service, with their titles.
pub type Titles = BTreeMap<Address, String>;

/// Has the service copy these APIs, or all if none are named. Returns the new APIs and environments.
/// `interrupt` ends the workflow before the service starts to copy.
///
/// # Errors
/// If a request fails, the service does not exist or has no managed identity, or the copy fails.
pub async fn import_server_side(
    project: &LoadedProject,
    connection: &Connection,
    id: &InstanceId,
    apis: &[String],
    interrupt: impl Future<Output = ()>,
    observer: &impl Observer,
) -> Result<Titles, WorkflowError> {
    let before = tokio::select! {
        result = read(connection, project) => result?,
        () = interrupt => return Err(WorkflowError::Interrupted { applied: false }),
    };
    let ids: Vec<String> = if apis.is_empty() {
        vec![format!("{id}/apis/*")]
    } else {
        apis.iter().map(|api| format!("{id}/apis/{api}")).collect()
    };
    observer.on_event(WorkflowEvent::ServiceImporting {
        service: &project.options.target.service.name,
        instance: id.name(),
    });
    connection
        .service
        .import_from_api_management(&ids)
        .await
        .map_err(|error| {
            let is_rejected = error.kind() == ErrorKind::OperationFailed;
            WorkflowError::Service {
                error,
                help: None,
                fallback_help: is_rejected.then_some(
                    "check the names, and that the service's identity has the role API Management \
                     Service Reader Role on the instance",
                ),
                place: None,
            }
        })?;
    let mut after = read(connection, project).await?;
    after.retain(|address, _| !before.contains_key(address));
    Ok(after)
}

/// Reads the APIs and environments of the service, and checks that the service can read elsewhere.
async fn read(connection: &Connection, project: &LoadedProject) -> Result<Titles, WorkflowError> {
    let name = &project.options.target.service.name;
    let only = Patterns::new([SERVICE.info.slug])
        .map_err(|error| WorkflowError::failed(error.to_string()))?;
    let scope = ReadScope {
        only,
        ..ReadScope::default()
    };
    let live = connection.service.read(&scope).await?;
    let Some(service) = live.resources.get(&Address::top(&SERVICE.info, "")) else {
        return Err(WorkflowError::failed(format!(
            "the service `{name}` does not exist"
        )));
    };
    let identity = ServiceView::of(&service.resource.body).identity_type();
    if identity.is_none_or(|identity| identity.eq_ignore_ascii_case("None")) {
        return Err(WorkflowError::failed(format!(
            "the service `{name}` has no managed identity with which to read API Management"
        ))
        .help(format!(
            "declare it and apply: a document of kind Service, metadata: {{name: {name}}}, with \
             identity: {{type: SystemAssigned}} in its spec; then give that identity the role API \
             Management Service Reader Role on the instance"
        )));
    }
    let titled = live.resources.into_values().filter_map(|current| {
        let resource = current.resource;
        let title = match resource.address.kind().role {
            Role::Api => ApiView::of(&resource.body).title(),
            Role::Environment => EnvironmentView::of(&resource.body).title(),
            _ => return None,
        };
        let title = title.unwrap_or_default().to_owned();
        Some((resource.address, title))
    });
    Ok(titled.collect())
}
