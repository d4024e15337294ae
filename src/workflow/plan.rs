//! From a loaded project to a plan.

use std::collections::BTreeSet;

use super::connection::Connection;
use super::error::WorkflowError;
use super::event::{Observer, ReadPurpose, WorkflowEvent};
use super::linked_documents;
use super::offered;
use super::read::{read, read_for_plan, read_with_texts};
use crate::kinds;
use crate::model::view::{CustomProperties, IntegrationView};
use crate::model::{Address, LiveResource, LiveState, Patterns, Role};
use crate::plan::{Plan, PlanOptions, deletes_depend_on_unread};
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
    let (plan, _) = plan_and_live(project, connection, observer).await?;
    Ok(plan)
}

/// The same, with the live state that the plan is about.
///
/// # Errors
/// As [`plan`].
pub async fn plan_and_live(
    project: &mut LoadedProject,
    connection: &Connection,
    observer: &impl Observer,
) -> Result<(Plan, LiveState), WorkflowError> {
    let linked = linked_documents::fetch(project, connection.service.client(), observer).await?;
    linked_documents::store(project, &linked);
    let purpose = (ReadPurpose::Plan, observer);
    let mut live = read_for_plan(project, connection, purpose).await?;
    check_selection(project, &live)?;
    let mut is_whole = !project.options.is_read_in_part();
    if !is_whole
        && (loses_synchronised(project, &live) || renames(project, &live) || !project.is_valid())
    {
        // What vanishes with an integration, what refers to a resource that is renamed, or what the service holds
        // already, may be anywhere.
        live = read_everything(project, connection, purpose).await?;
        is_whole = true;
    }
    add_schema_users(project, &live);
    offered::check(project, &live)?;
    if adopt_schemas(project, &live)? {
        linked_documents::store(project, &linked);
    }
    let scopes = &live.context.unreadable;
    observer.on_event(WorkflowEvent::RolesUnreadable { scopes });
    project.downgrade_held(&live);
    let plan = project.plan(&live, &project.options);
    if is_whole || !depends_on_unread(&plan, project, &live) {
        return Ok((plan, live));
    }
    let live = read_everything(project, connection, purpose).await?;
    Ok((project.plan(&live, &project.options), live))
}

/// Adds the documents of these resources, and of those below them, to a live state that was read for a plan.
///
/// # Errors
/// If a request fails.
pub async fn add_documents(
    project: &LoadedProject,
    connection: &Connection,
    addresses: &[Address],
    live: &mut LiveState,
    observer: &impl Observer,
) -> Result<(), WorkflowError> {
    let mut only = Patterns::default();
    addresses.iter().for_each(|address| only.add(address));
    let purpose = (ReadPurpose::Plan, observer);
    let read = read_with_texts(project, connection, only, purpose).await?;
    for (address, current) in read.resources {
        if let Some(known) = live.resources.get_mut(&address) {
            let digest = kinds::of(&address).content.as_ref();
            let digest = digest.map(|content| content.field);
            if let Some((field, value)) =
                digest.and_then(|field| Some((field, current.resource.body.get(field)?)))
            {
                known.resource.body.insert(field.to_owned(), value.clone());
            }
            (known.text, known.files) = (current.text, current.files);
        }
    }
    Ok(())
}

async fn read_everything(
    project: &LoadedProject,
    connection: &Connection,
    purpose: (ReadPurpose, &impl Observer),
) -> Result<LiveState, WorkflowError> {
    read(project, connection, Patterns::default(), purpose).await
}

/// The plan of a branch that changes nothing, for which nothing has to be read; `None` if something has to.
///
/// # Errors
/// If a pattern of `--only` matches nothing.
pub fn plan_without_reading(project: &LoadedProject) -> Result<Option<Plan>, WorkflowError> {
    let changed = project.options.changed.as_deref();
    let is_nothing = changed.is_some_and(|changed| changed.addresses.is_empty());
    // Whether an error stops the plan may depend on what the service holds.
    if !is_nothing || !project.is_valid() {
        return Ok(None);
    }
    let live = LiveState::default();
    check_selection(project, &live)?;
    Ok(Some(project.plan(&live, &project.options)))
}

fn depends_on_unread(plan: &Plan, project: &LoadedProject, live: &LiveState) -> bool {
    deletes_depend_on_unread(plan, &project.desired, live, &project.options)
}

/// Adds the declared resources to what a branch changes that hold a value of a metadata schema that it changes, in the
/// service and not in a manifest: they are a part of how the schema changes.
fn add_schema_users(project: &mut LoadedProject, live: &LiveState) {
    let Some(changed) = project.options.changed.as_deref() else {
        return;
    };
    let schemas = changed
        .addresses
        .single()
        .chain(changed.addresses.families());
    let schemas: BTreeSet<String> = schemas
        .filter(|address| address.is(Role::MetadataSchema))
        .map(|address| address.name().to_ascii_lowercase())
        .collect();
    if schemas.is_empty() {
        return;
    }
    let is_user =
        |current: &LiveResource| CustomProperties::of(&current.resource.body).has_any_of(&schemas);
    let (options, desired) = (&project.options, &project.desired.resources);
    let mut more = changed.clone();
    for (address, current) in &live.resources {
        let is_selected = options.left_out_by(address).is_none();
        if is_selected && desired.contains_key(address) && is_user(current) {
            more.addresses.insert(address.clone());
        }
    }
    if more != *changed {
        project.limit_to(more);
    }
}

/// Plans against a live state that was saved.
///
/// # Errors
/// If a pattern of `--only` or `--exclude` matches nothing.
pub fn plan_against(project: &mut LoadedProject, live: &LiveState) -> Result<Plan, WorkflowError> {
    check_selection(project, live)?;
    add_schema_users(project, live);
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

/// Whether something that was read has a former name.
fn renames(project: &LoadedProject, live: &LiveState) -> bool {
    let renames = project.desired.renames();
    let mut read = live.resources.keys();
    !renames.is_empty() && read.any(|address| renames.present(address).is_some())
}

/// Whether the plan is of an integration that would be deleted or get another gateway.
fn loses_synchronised(project: &LoadedProject, live: &LiveState) -> bool {
    let (desired, options) = (&project.desired, &project.options);
    live.resources.values().any(|current| {
        let address = &current.resource.address;
        let link = IntegrationView::of(&current.resource.body);
        address.is(Role::Integration)
            && options.selects(address)
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
    let changed = project.options.changed.iter();
    let removed = changed.flat_map(|changed| changed.addresses.families());
    let formers = project.desired.former_names.values().flatten();
    let known: Vec<&Address> = project
        .desired
        .resources
        .keys()
        .chain(live.resources.keys())
        .chain(removed)
        .chain(formers.map(|former| &former.address))
        .collect();
    check_patterns(&project.options, &known)
}

/// Ends the command at a pattern that matches none of these resources.
pub(super) fn check_patterns(
    options: &PlanOptions,
    known: &[&Address],
) -> Result<(), WorkflowError> {
    for (flag, patterns) in [
        ("--only", &options.only),
        ("--exclude", &options.exclude),
        ("--ours", &options.ours),
        ("--theirs", &options.theirs),
    ] {
        // Of what a branch does not change, little is read.
        if flag == "--exclude" && options.changed.is_some() {
            continue;
        }
        if let [pattern, ..] = patterns.without_match(known).as_slice() {
            let message = format!("{flag} {pattern} matches no declared or live resource");
            return Err(WorkflowError::usage(message).help(
                "addresses look like api/orders, environment/prod or api/*/deployment/prod",
            ));
        }
    }
    Ok(())
}
