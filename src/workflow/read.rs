//! Reading the live service, as far as a plan needs it.

use std::collections::BTreeMap;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::meter::RequestMeter;
use crate::azure::{ArmService, EarlyReads};
use crate::kinds;
use crate::live::{ErrorKind, ReadScope, SingleRead};
use crate::model::view::{IntegrationView, RoleAssignmentView};
use crate::model::{Address, AddressSet, LinkStatus, LiveState, Patterns, Resource, Role, Scope};
use crate::project::LoadedProject;

/// Reads the live service as far as `only` selects.
/// It is an error if the service neither exists nor is declared.
pub(super) async fn read(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let scope = read_scope(project, &connection.service, only);
    read_scoped(project, connection, &scope, purpose).await
}

/// Reads it as [`read`] does, without a wait; what is being read `early` is not read again.
pub(super) async fn read_rest(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
    early: EarlyReads,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let scope = read_scope(project, &connection.service, only);
    read_service(project, connection, (&scope, early), purpose).await
}

/// Reads it as [`read`] does, with the text of every document.
pub(super) async fn read_with_texts(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let scope = ReadScope {
        all_texts: true,
        ..read_scope(project, &connection.service, only)
    };
    read_scoped(project, connection, &scope, purpose).await
}

/// Reads the live service to compare it with another one: with the text of every document, or only of those that
/// differ from `digests`. Roles are not compared.
pub(super) async fn read_to_compare(
    project: &LoadedProject,
    connection: &Connection,
    digests: Option<BTreeMap<Address, String>>,
    observer: &impl Observer,
) -> Result<LiveState, WorkflowError> {
    let scope = ReadScope {
        all_texts: digests.is_none(),
        digests: digests.unwrap_or_default(),
        singles: singles(project),
        ..ReadScope::default()
    };
    let purpose = (ReadPurpose::Plan, observer);
    read_scoped(project, connection, &scope, purpose).await
}

/// Reads what a plan is about to change, with the text of every document: what is there right before the first write.
pub(super) async fn read_touched(
    project: &LoadedProject,
    connection: &Connection,
    touched: AddressSet,
    observer: &impl Observer,
) -> Result<LiveState, WorkflowError> {
    let scope = ReadScope {
        changed: Some(touched),
        all_texts: true,
        singles: singles(project),
        ..ReadScope::default()
    };
    let purpose = (ReadPurpose::Undo, observer);
    read_scoped(project, connection, &scope, purpose).await
}

/// Reads what is in a scope when the deletion of integrations has ended.
async fn read_scoped(
    project: &LoadedProject,
    connection: &Connection,
    scope: &ReadScope,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let read = || read_service(project, connection, (scope, EarlyReads::default()), purpose);
    let live = read().await?;
    match await_deletions(&live, &connection.service, purpose.1).await? {
        true => read().await,
        false => Ok(live),
    }
}

/// Reads the live service as far as a plan of the project needs it.
pub(super) async fn read_for_plan(
    project: &LoadedProject,
    connection: &Connection,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let (options, service) = (&project.options, &connection.service);
    let mut scope = read_scope(project, service, options.only.clone());
    if !scope.only.is_empty() {
        let formers = project.desired.former_names.values().flatten();
        formers.for_each(|former| scope.only.add(&former.address));
    }
    if let Some(changed) = options.changed.as_deref() {
        limit(&mut scope, project, &changed.addresses);
    }
    read_scoped(project, connection, &scope, purpose).await
}

/// Waits for integrations that are being deleted, as after an apply that was interrupted then: they and what they brought
/// in are still there, and soon no longer. One whose deletion does not end is taken as it is. Whether one was waited for.
async fn await_deletions(
    live: &LiveState,
    service: &ArmService,
    observer: &impl Observer,
) -> Result<bool, WorkflowError> {
    let links = live
        .resources
        .keys()
        .filter(|one| one.is(Role::Integration));
    let mut has_waited = false;
    for address in links {
        let link = live.context.links.get(&address.name().to_ascii_lowercase());
        let Some(link) = link.filter(|link| link.state == LinkStatus::Deleting) else {
            continue;
        };
        let state = &link.state;
        observer.on_event(WorkflowEvent::WaitingForIntegration { address, state });
        match service.await_unlinked(address).await {
            Err(error) if error.kind() == ErrorKind::Timeout => {}
            waited => {
                waited?;
                has_waited = true;
            }
        }
    }
    Ok(has_waited)
}

/// Limits what is read to what a branch changes, and what that refers to: a plan says if it is missing.
fn limit(scope: &mut ReadScope, project: &LoadedProject, changed: &AddressSet) {
    let is_changed = |role: Role| {
        let mut all = changed.single().chain(changed.families());
        all.any(|address| address.is(role))
    };
    // Synchronised APIs are found among all APIs.
    if is_changed(Role::SyncedApi) {
        scope.only = Patterns::default();
        return;
    }
    for address in changed.single() {
        let declared = project.desired.resources.get(address);
        let references = declared.map(|declared| &declared.resource.references);
        for needed in references.into_iter().flatten() {
            scope.needed.insert(needed.clone());
        }
    }
    let needs_roles = [Role::Integration, Role::RoleAssignment, Role::Service];
    if !needs_roles.into_iter().any(is_changed) {
        scope.role_scopes.clear();
    }
    let mut changed = changed.clone();
    for (present, formers) in &project.desired.former_names {
        if changed.reaches(present) {
            let formers = formers.iter();
            formers.for_each(|former| changed.insert_family(former.address.clone()));
        }
    }
    scope.changed = Some(changed);
}

/// What is read for a project, as far as `only` selects.
pub(super) fn read_scope(
    project: &LoadedProject,
    service: &ArmService,
    only: Patterns,
) -> ReadScope {
    // Content that was not there before an apply that is undone has to go.
    let is_undone = project.options.undone.is_some();
    let resources = project.desired.resources.iter();
    let digests = resources.filter_map(|(address, declared)| {
        let digest = match &declared.document {
            Some(document) => document.digest.clone(),
            None if is_undone && address.kind().digest_field().is_some() => String::new(),
            None => return None,
        };
        Some((address.clone(), digest))
    });
    let digests = digests.collect();
    ReadScope {
        // Synchronised APIs are found among all APIs.
        only: if selects_synced_apis(project, &only) {
            Patterns::default()
        } else {
            only
        },
        digests,
        all_texts: false,
        renames: project.desired.renames(),
        role_scopes: role_scopes(project, service),
        singles: singles(project),
        ..ReadScope::default()
    }
}

async fn read_service(
    project: &LoadedProject,
    connection: &Connection,
    (scope, early): (&ReadScope, EarlyReads),
    (purpose, observer): (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    let service = &connection.service;
    let requests = RequestMeter::start(service.client());
    observer.on_event(WorkflowEvent::ReadingService {
        service: &project.options.target.service.name,
        purpose,
        requests: &requests,
    });
    let live = service.read_rest(scope, early).await?;
    observer.on_event(WorkflowEvent::ServiceRead {
        resources: live.resources.len(),
        reads: requests.sent(),
    });
    let root = Address::top(&kinds::SERVICE.info, "");
    if !live.resources.contains_key(&root) && !project.desired.resources.contains_key(&root) {
        return Err(WorkflowError::no_service(&project.options.target.service)
            .help("check the target in apicenter.yaml, or declare a document of kind Service"));
    }
    Ok(live)
}

/// The declared resources that are read one by one, because no list has them for sure. Where no list has their type,
/// also by their former names.
fn singles(project: &LoadedProject) -> BTreeMap<Address, SingleRead> {
    let desired = &project.desired;
    let declared = desired.resources.values();
    let declared = declared.map(|declared| &*declared.resource);
    let declared = declared.filter(|resource| *resource.address.kind() == kinds::RESOURCE.info);
    let mut singles = BTreeMap::new();
    for resource in declared {
        singles.insert(resource.address.clone(), single(resource));
        let type_path = kinds::type_path_of(&resource.address).unwrap_or_default();
        if kinds::ResourceType::at(&type_path).is_some() {
            continue;
        }
        for address in kinds::former_paths(&desired.former_names, &resource.address) {
            let former = Resource {
                address: address.clone(),
                ..resource.clone()
            };
            singles.entry(address).or_insert_with(|| single(&former));
        }
    }
    singles
}

fn single(resource: &Resource) -> SingleRead {
    SingleRead {
        path: kinds::resource_path(resource),
        api_version: kinds::api_version_of(&kinds::RESOURCE, resource).to_owned(),
    }
}

fn selects_synced_apis(project: &LoadedProject, only: &Patterns) -> bool {
    project
        .desired
        .resources
        .keys()
        .any(|address| address.kind().role == Role::SyncedApi && only.covers(address))
}

/// The scopes whose role assignments are read, each once, and whether they must be: those with a declared
/// assignment must, the sources of integrations are read to find the roles that are missing there.
fn role_scopes(project: &LoadedProject, service: &ArmService) -> BTreeMap<Scope, bool> {
    let mut scopes = BTreeMap::new();
    let declared = project.desired.resources.values();
    let declared = declared.map(|declared| &*declared.resource);
    let undone = project.options.undone.iter();
    let assigned = undone.flat_map(|undone| undone.assigned.values());
    for resource in declared.chain(assigned) {
        let body = &resource.body;
        let (scope, required) = match resource.address.kind().role {
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
