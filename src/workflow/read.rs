//! Reading the live service, as far as a plan needs it.

use std::collections::BTreeMap;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::meter::RequestMeter;
use crate::azure::ArmService;
use crate::kinds;
use crate::live::{ReadScope, Reader as _, SingleRead};
use crate::model::view::{IntegrationView, RoleAssignmentView};
use crate::model::{Address, AddressSet, LiveState, Patterns, Role, Scope};
use crate::project::LoadedProject;

/// Reads the live service as far as `only` selects.
/// It is an error if the service neither exists nor is declared.
pub(super) async fn read(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let extent = Extent {
        only,
        ..Extent::default()
    };
    read_extent(project, connection, extent, purpose).await
}

/// The same as far as a plan of the project needs it.
pub(super) async fn read_for_plan(
    project: &LoadedProject,
    connection: &Connection,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let options = &project.options;
    let changed = options.changed.as_deref();
    let extent = Extent {
        only: options.only.clone(),
        changed: changed.map(|changed| changed.addresses.clone()),
        all_texts: false,
    };
    read_extent(project, connection, extent, purpose).await
}

/// The same of everything, with the text of every document.
pub(super) async fn read_with_texts(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let extent = Extent {
        only,
        all_texts: true,
        ..Extent::default()
    };
    read_extent(project, connection, extent, purpose).await
}

/// What is read.
#[derive(Default)]
struct Extent {
    only: Patterns,
    changed: Option<AddressSet>,
    all_texts: bool,
}

async fn read_extent(
    project: &LoadedProject,
    connection: &Connection,
    extent: Extent,
    (purpose, observer): (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let service = &connection.service;
    let digests: BTreeMap<Address, String> = project
        .desired
        .resources
        .iter()
        .filter_map(|(address, declared)| {
            Some((address.clone(), declared.document.as_ref()?.digest.clone()))
        })
        .collect();
    // Synchronised APIs are found among all APIs.
    let Extent {
        only,
        changed,
        all_texts,
    } = match selects_synced_apis(project, &extent) {
        true => Extent {
            all_texts: extent.all_texts,
            ..Extent::default()
        },
        false => extent,
    };
    let scope = ReadScope {
        needed: needed_by(project, changed.as_ref()),
        role_scopes: role_scopes(project, service, changed.as_ref()),
        only,
        changed,
        digests,
        all_texts,
        singles: singles(project),
    };
    let requests = RequestMeter::start(service.client());
    observer.on_event(WorkflowEvent::ReadingService {
        service: &project.options.target.service.name,
        purpose,
        requests: &requests,
    });
    let live = service.read(&scope).await?;
    observer.on_event(WorkflowEvent::ServiceRead {
        resources: live.resources.len(),
        reads: requests.sent(),
    });
    let root = Address::top(&kinds::SERVICE.info, "");
    if !live.resources.contains_key(&root) && !project.desired.resources.contains_key(&root) {
        let target = &project.options.target;
        return Err(WorkflowError::failed(format!(
            "the service `{}` does not exist in the resource group `{}`",
            target.service.name, target.service.resource_group
        ))
        .help("check the target in apicenter.yaml, or declare a document of kind Service"));
    }
    Ok(live)
}

/// The declared resources that are read one by one, because no list has them for sure.
fn singles(project: &LoadedProject) -> BTreeMap<Address, SingleRead> {
    let declared = project.desired.resources.values();
    declared
        .map(|declared| &declared.resource)
        .filter(|resource| *resource.address.kind() == kinds::RESOURCE.info)
        .map(|resource| {
            let single = SingleRead {
                path: kinds::resource_path(resource),
                api_version: kinds::api_version_of(&kinds::RESOURCE, resource).to_owned(),
            };
            (resource.address.clone(), single)
        })
        .collect()
}

fn selects_synced_apis(project: &LoadedProject, extent: &Extent) -> bool {
    let mut declared = project.desired.resources.keys();
    declared.any(|address| {
        address.is(Role::SyncedApi)
            && match &extent.changed {
                None => extent.only.covers(address),
                Some(changed) => changed.covers(address),
            }
    })
}

/// What the resources that a branch changes refer to: a plan says if it is missing.
fn needed_by(project: &LoadedProject, changed: Option<&AddressSet>) -> AddressSet {
    let mut needed = AddressSet::default();
    let Some(changed) = changed else {
        return needed;
    };
    for address in changed.single() {
        let declared = project.desired.resources.get(address);
        let references = declared.map(|declared| &declared.resource.references);
        let references = references.into_iter().flatten().cloned();
        references.for_each(|address| needed.insert(address));
    }
    needed
}

/// The scopes whose role assignments are read, each once, and whether they must be: those with a declared
/// assignment must, the sources of integrations are read to find the roles that are missing there. Where a branch changes
/// neither integrations nor assignments, none are.
fn role_scopes(
    project: &LoadedProject,
    service: &ArmService,
    changed: Option<&AddressSet>,
) -> BTreeMap<Scope, bool> {
    let mut scopes = BTreeMap::new();
    let is_concerned = |address: &Address| {
        matches!(
            address.kind().role,
            Role::Integration | Role::RoleAssignment | Role::Service
        )
    };
    let is_wanted = changed.is_none_or(|changed| {
        let mut all = changed.single().chain(changed.families());
        all.any(is_concerned)
    });
    if !is_wanted {
        return scopes;
    }
    for declared in project.desired.resources.values() {
        let body = &declared.resource.body;
        let (scope, required) = match declared.resource.address.kind().role {
            Role::Integration => {
                let Some(instance) = IntegrationView::of(body).instance() else {
                    continue;
                };
                (Scope::new(instance.to_string()), false)
            }
            Role::RoleAssignment => {
                let scope = RoleAssignmentView::of(body).scope();
                (scope.unwrap_or_else(|| Scope::new(service.arm_id())), true)
            }
            _ => continue,
        };
        *scopes.entry(scope).or_default() |= required;
    }
    scopes
}
