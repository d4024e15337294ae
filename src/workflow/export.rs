//! From the live service to the files of an export.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::connection::Connection;
use super::error::WorkflowError;
use super::export_exemptions::{self, Written};
use crate::export::{self, Export, ExportOptions, ProjectFile, SplitDocument, Stale};
use crate::kinds;
use crate::live::{ReadScope, Reader as _};
use crate::manifest::source::{DiskFiles, ProjectFiles as _};
use crate::manifest::{EmulatorSpec, ProjectSpec};
use crate::model::view::{CustomProperties, RoleAssignmentView};
use crate::model::{Address, DocumentPart, LiveState, Role, Scope, Unreadable};
use crate::plan::unmatched;
use crate::project::{FilesWithUnsaved, LoadedProject};

/// What is exported.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// Whether resources without an ownership marker are exported too.
    pub adopt: bool,
    /// Where the files are a project of their own, with the whole service; `None` for the project itself.
    pub new_project: Option<NewProject>,
}

/// A project that an export makes.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// Its folder, which need not exist.
    pub folder: PathBuf,
    /// The name of its project file.
    pub file: String,
}

/// The files of an export, not written yet.
#[derive(Debug)]
pub struct Exported {
    /// The files.
    pub export: Export,
    /// The highest resources that were left out because of their ownership marker.
    pub left_out: Vec<Address>,
    /// Scopes whose role assignments cannot be read, and why.
    pub unreadable: BTreeMap<Scope, Unreadable>,
    /// Files of the project that already declare some of the resources under another path, sorted.
    pub declared_in: Vec<String>,
    /// What the project declares although the service does not hold it.
    pub stale: Stale,
}

/// Reads the whole service and turns it into files.
///
/// # Errors
/// If a request fails, or the service does not exist.
pub async fn export(
    project: &LoadedProject,
    connection: &Connection,
    request: &ExportRequest,
) -> Result<Exported, WorkflowError> {
    let options = options(project, request);
    let is_new_project = request.new_project.is_some();
    let mut live = read(
        project,
        connection,
        role_scopes(project, connection, &options),
    )
    .await?;
    let mut held: BTreeSet<Address> = live.resources.keys().cloned().collect();
    if let Some(ownership) = &project.settings.spec.ownership {
        // The program declares the schema of its marker by itself.
        held.insert(Address::top(
            &kinds::METADATA_SCHEMA.info,
            &ownership.property,
        ));
    }
    let unmatched = unmatched(&project.desired, &live, &project.options);
    let left_out = if is_new_project {
        Vec::new()
    } else {
        leave_to_others(project, &mut live, request.adopt)
    };
    let mut export = export::export(&live, &options);
    let files = match &request.new_project {
        Some(new) => FilesWithUnsaved::new(DiskFiles::new(new.folder.clone(), new.file.clone())),
        None => project.files.clone(),
    };
    let written = Written {
        files: &mut export.files,
        notes: &mut export.notes,
    };
    export_exemptions::add(project, files, Some(&live), written).map_err(|_| {
        WorkflowError::failed("the project changed while it was exported").help("export again")
    })?;
    let (declared_in, stale) = if is_new_project {
        (Vec::new(), Stale::default())
    } else {
        let declared = &project.desired.resources;
        let is_live = |address: &Address| match kinds::of(address).location.root() {
            Some(_) => held.contains(address),
            None => !unmatched.contains(address),
        };
        (
            declared_elsewhere(project, &live, &export),
            export::stale(declared, &project.sources, is_live, &export),
        )
    };
    Ok(Exported {
        export,
        left_out,
        unreadable: live.context.unreadable,
        declared_in,
        stale,
    })
}

async fn read(
    project: &LoadedProject,
    connection: &Connection,
    role_scopes: BTreeMap<Scope, bool>,
) -> Result<LiveState, WorkflowError> {
    let scope = ReadScope {
        all_texts: true,
        role_scopes,
        ..ReadScope::default()
    };
    let mut live = connection.service.read(&scope).await?;
    if let Some(marker) = &project.options.ownership {
        live.believe_markers(marker);
    }
    if live.resources.is_empty() {
        let name = &project.options.target.service.name;
        return Err(WorkflowError::failed(format!(
            "the service `{name}` does not exist"
        )));
    }
    Ok(live)
}

/// The scopes whose role assignments are exported, or compared with declared ones. None must be readable.
fn role_scopes(
    project: &LoadedProject,
    connection: &Connection,
    options: &ExportOptions,
) -> BTreeMap<Scope, bool> {
    let own = options
        .roles
        .then(|| Scope::new(connection.service.arm_id()));
    let declared = project.desired.resources.values().filter(|declared| {
        options.project.is_none() && declared.resource.address.is(Role::RoleAssignment)
    });
    declared
        .map(|declared| {
            let scope = RoleAssignmentView::of(&declared.resource.body).scope();
            scope.unwrap_or_else(|| Scope::new(connection.service.arm_id()))
        })
        .chain(own)
        .map(|scope| (scope, false))
        .collect()
}

pub(super) fn options(project: &LoadedProject, request: &ExportRequest) -> ExportOptions {
    let is_new_project = request.new_project.is_some();
    // A new project gets the service as it is, the marker included.
    let ownership = project
        .settings
        .spec
        .ownership
        .as_ref()
        .filter(|_| !is_new_project);
    // The files and names of declared resources of these kinds need not be those of an export.
    let declares = |role: Role| {
        let mut declared = project.desired.resources.keys();
        declared.any(|address| address.kind().role == role)
    };
    ExportOptions {
        service_name: project.options.target.service.name.clone(),
        ownership_property: ownership.map(|ownership| ownership.property.clone()),
        owner: ownership.map(|ownership| ownership.owner.clone()),
        adopt: request.adopt,
        synced: is_new_project || !declares(Role::SyncedApi),
        roles: is_new_project || !declares(Role::RoleAssignment),
        project: request.new_project.as_ref().map(|new| ProjectFile {
            path: new.file.clone(),
            name: project.settings.name.clone(),
            spec: project_spec(project),
        }),
        split: match is_new_project {
            true => BTreeMap::new(),
            false => split_documents(project),
        },
    }
}

/// The documents of the project that are split into several files.
fn split_documents(project: &LoadedProject) -> BTreeMap<Address, SplitDocument> {
    let declared = project.desired.resources.iter();
    declared
        .filter_map(|(address, resource)| {
            let document = resource.document.as_ref()?;
            let name = |part: &DocumentPart| project.sources.get(part.source).name.clone();
            let main = document.parts.iter().find(|part| part.at.is_empty())?;
            let split = SplitDocument {
                main: name(main),
                files: document.parts.iter().map(name).collect(),
                digest: document.digest.clone(),
            };
            Some((address.clone(), split))
        })
        .collect()
}

/// The settings of the project with the one target that was exported.
fn project_spec(project: &LoadedProject) -> ProjectSpec {
    let mut target = project.target.spec.clone();
    target.variables = None;
    target.overlays = None;
    if target.emulator.is_some() {
        // A project keeps its state inside itself.
        target.emulator = Some(EmulatorSpec::default());
    }
    let name = project.options.target.name.clone();
    ProjectSpec {
        default_target: Some(name.clone()),
        targets: Some([(name, target)].into()),
        manifests: None,
        external: None,
        ownership: None,
        ..project.settings.spec.clone()
    }
}

/// Drops resources without the project's ownership marker, and everything below them. Returns the
/// highest ones.
fn leave_to_others(project: &LoadedProject, live: &mut LiveState, adopt: bool) -> Vec<Address> {
    let Some(ownership) = &project.settings.spec.ownership else {
        return Vec::new();
    };
    let left: BTreeSet<Address> = live
        .resources
        .values()
        .filter(|current| current.resource.address.kind().entity.is_some())
        .filter(|current| {
            match CustomProperties::of(&current.resource.body).text(&ownership.property) {
                Some(owner) => owner != ownership.owner,
                None => !adopt,
            }
        })
        .map(|current| current.resource.address.clone())
        .collect();
    let below_left = |address: &Address| address.ancestors().any(|above| left.contains(&above));
    live.resources
        .retain(|address, _| !left.contains(address) && !below_left(address));
    left.iter()
        .filter(|address| !below_left(address))
        .cloned()
        .collect()
}

/// Files that declare exported resources and are not part of the export: with it, the resources would be
/// declared twice.
fn declared_elsewhere(project: &LoadedProject, live: &LiveState, export: &Export) -> Vec<String> {
    let written: BTreeSet<&str> = export.files.iter().map(|file| file.path.as_str()).collect();
    let files: BTreeSet<&str> = live
        .resources
        .keys()
        .filter_map(|address| declared_in(project, address))
        .filter(|file| *file != project.files.project_file())
        .filter(|file| !written.contains(file))
        .collect();
    files.into_iter().map(str::to_owned).collect()
}

fn declared_in<'a>(project: &'a LoadedProject, address: &Address) -> Option<&'a str> {
    let place = project.desired.resources.get(address)?.place?;
    Some(project.sources.get(place.source).name.as_str())
}
