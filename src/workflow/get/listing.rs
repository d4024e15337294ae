//! Lists of a live service, of one that was saved, and of services.

use std::sync::Arc;

use super::declarations::Declarations;
use super::reading::ListReader;
use super::request::{GetRequest, Got, ListEvent};
use super::rows::{RowMaker, families};
use super::{fields, missing};
use crate::kinds::KINDS;
use crate::model::{Address, ListedResource, ListedService, LiveState, Role};
use crate::project::LoadedProject;
use crate::workflow::connection::Connection;
use crate::workflow::error::WorkflowError;

/// Lists the live resources of the project's service. Each row is given away as soon as it is complete, in the order of
/// the service; a page that is not there yet holds up nothing before it. What the manifests declare is waited for with
/// the first rows, so that it is read while the service responds.
///
/// # Errors
/// If a request fails, or the service does not exist.
pub async fn get(
    project: &LoadedProject,
    declarations: Declarations,
    connection: &Connection,
    request: &GetRequest,
    sink: &mut impl FnMut(ListEvent<'_>),
) -> Result<Got, WorkflowError> {
    let reader = ListReader::open(project, declarations, connection, request).await?;
    reader.read(sink).await
}

/// The services of a subscription, sorted by name.
///
/// # Errors
/// If the request fails.
pub async fn services(
    connection: &Connection,
    subscription: &str,
) -> Result<Vec<ListedService>, WorkflowError> {
    let mut services = connection.service.services_of(subscription).await?;
    services.sort_by(|a, b| {
        let key = |one: &ListedService| (one.id.name.clone(), one.id.resource_group.clone());
        key(a).cmp(&key(b))
    });
    Ok(services)
}

/// Lists the resources of a live state that was saved.
///
/// # Errors
/// If a condition names a field that cannot be there.
pub fn get_from(
    project: &LoadedProject,
    live: &LiveState,
    request: &GetRequest,
    sink: &mut impl FnMut(ListEvent<'_>),
) -> Result<Got, WorkflowError> {
    let schemas = live.resources.keys();
    let schemas = schemas.filter(|address| address.is(Role::MetadataSchema));
    let metadata: Vec<String> = schemas.map(|one| one.name().to_owned()).collect();
    fields::check(request, &metadata)?;
    let maker = RowMaker { project, request };
    let declared = match request.details.keeper {
        true => project.declared().0,
        false => Arc::default(),
    };
    for kind in KINDS.iter().filter(|kind| kind.location.parent().is_none()) {
        let Some(columns) = maker.columns(kind) else {
            continue;
        };
        sink(ListEvent::Group(&columns));
        let rows: Vec<ListedResource> = families(live, kind)
            .flat_map(|family| maker.rows(&family, live, &declared))
            .collect();
        sink(ListEvent::Known(&rows));
        sink(ListEvent::Rows(rows));
    }
    let is_live = |address: &&Address| live.resources.contains_key(*address);
    let missing = request.wanted.addresses().filter(|one| !is_live(one));
    let known: Vec<&Address> = live.resources.keys().collect();
    Ok(Got {
        missing: missing
            .map(|one| (one.clone(), missing::near(one, known.iter().copied())))
            .collect(),
        unmatched: request.wanted.unmatched(known.into_iter()),
        not_listed: live.context.not_listed.clone(),
    })
}
