//! `apicenter export`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};

use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::project;
use super::signals;
use super::unreadable;
use crate::export::{self, Export, ExportFile, ExportOptions, ProjectFile};
use crate::kinds::{self, Kind};
use crate::live::{ReadScope, Reader as _};
use crate::manifest::source::PROJECT_FILE;
use crate::manifest::{EmulatorSpec, ProjectSpec};
use crate::model::{Address, LiveResource, LiveState};
use crate::project::LoadedProject;
use crate::project::{PlanFlags, ServiceLocation};

/// Write the live service as manifests and description files; a plan straight after it is empty
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter export -t prod               into the project's folder
  apicenter export -t prod --out adopted into another folder, with an apicenter.yaml of its own

In a project with spec.ownership, what does not carry its marker is left out, unless --adopt is
given. A second run writes the same bytes. A file that was changed since, or a resource that another
file declares, stops the export before anything is written, unless --force is given.")]
pub(super) struct Args {
    /// Write to this folder instead of the project's, with an apicenter.yaml for the same target
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Export what nobody owns too: the next plan shows the ownership marker being set on it
    #[arg(long, conflicts_with = "out")]
    adopt: bool,

    /// Overwrite files that differ, and write into a folder that is not empty
    #[arg(long)]
    force: bool,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    let options = options(args, &project);
    let connection = Connection::open(&project, global, environment).await?;
    let live = signals::or_interrupt(read(&project, &connection, options.roles)).await;
    connection.close().await;
    let mut live = live?;
    unreadable::note(&live.context, unreadable::NOT_EXPORTED, console);
    if args.out.is_none() {
        leave_to_others(args, &project, &mut live, console);
    }
    let folder = args
        .out
        .clone()
        .unwrap_or_else(|| project.files.root().to_owned());
    let exported = export::export(&live, &options);
    if !args.force {
        refuse_to_overwrite(&folder, &exported)?;
        match &args.out {
            Some(_) => refuse_strangers(&folder, &exported)?,
            None => refuse_duplicates(&project, &live, &exported)?,
        }
    }
    let written = write_all(&folder, &exported.files)?;
    for note in &exported.notes {
        console.hint(&format!("note: {note}"));
    }
    let files = exported.files.len();
    console.output(&format!(
        "Exported {} resources to {files} files in {} ({written} written, {} unchanged).\n",
        live.resources.len(),
        folder.display(),
        files - written
    ));
    Ok(Exit::Done)
}

/// Exports the target `prod` into the project in `folder`, for `init`.
pub(super) async fn into_project(
    folder: &Path,
    force: bool,
    invocation: Invocation<'_>,
) -> Result<Exit, Failure> {
    let args = Args {
        out: None,
        adopt: false,
        force,
    };
    let global = GlobalArgs {
        directory: Some(folder.to_owned()),
        target: Some("prod".to_owned()),
        ..*invocation.global
    };
    let invocation = Invocation {
        global: &global,
        ..invocation
    };
    run(&args, invocation).await
}

async fn read(
    project: &LoadedProject,
    connection: &Connection,
    roles: bool,
) -> Result<LiveState, Failure> {
    let own = connection.service.arm_id();
    let scope = ReadScope {
        all_texts: true,
        role_scopes: roles.then_some((own, false)).into_iter().collect(),
        ..ReadScope::default()
    };
    let live = connection.service.read(&scope).await?;
    if live.resources.is_empty() {
        let name = &project.options.target.service;
        return Err(Failure::error(format!(
            "the service `{name}` does not exist"
        )));
    }
    Ok(live)
}

fn options(args: &Args, project: &LoadedProject) -> ExportOptions {
    // Another folder gets the service as it is, the marker included.
    let ownership = project
        .settings
        .spec
        .ownership
        .as_ref()
        .filter(|_| args.out.is_none());
    // Those that are declared already may have any file, and any name.
    let declares = |kind: &Kind| {
        let mut declared = project.desired.resources.keys();
        declared.any(|address| *address.kind() == kind.info)
    };
    ExportOptions {
        service_name: project.options.target.service.clone(),
        ownership_property: ownership.map(|ownership| ownership.property.clone()),
        owner: ownership.map(|ownership| ownership.owner.clone()),
        adopt: args.adopt,
        synced: args.out.is_some() || !declares(&kinds::SYNCED_API),
        roles: args.out.is_some() || !declares(&kinds::ROLE_ASSIGNMENT),
        project: args.out.is_some().then(|| ProjectFile {
            name: project.settings.name.clone(),
            spec: project_spec(project),
        }),
    }
}

/// The settings of the project with the one target that was exported.
fn project_spec(project: &LoadedProject) -> ProjectSpec {
    let mut target = project.target.spec.clone();
    target.variables = None;
    target.overlays = None;
    if let ServiceLocation::Emulator { data } = &project.target.location {
        let data = std::path::absolute(data).unwrap_or_else(|_| data.clone());
        target.emulator = Some(EmulatorSpec {
            data: Some(data.display().to_string()),
        });
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

/// Drops what carries no marker or another owner's, with all that lies below it.
fn leave_to_others(args: &Args, project: &LoadedProject, live: &mut LiveState, console: &Console) {
    let Some(ownership) = &project.settings.spec.ownership else {
        return;
    };
    let left: BTreeSet<Address> = live
        .resources
        .values()
        .filter(|current| current.resource.address.kind().entity.is_some())
        .filter(|current| match marker(current, &ownership.property) {
            Some(owner) => owner != ownership.owner,
            None => !args.adopt,
        })
        .map(|current| current.resource.address.clone())
        .collect();
    let below_left = |address: &Address| address.ancestors().any(|above| left.contains(&above));
    for address in left.iter().filter(|address| !below_left(address)) {
        console.hint(&format!(
            "note: {address}: not marked as {}'s, left out",
            ownership.owner
        ));
    }
    live.resources
        .retain(|address, _| !left.contains(address) && !below_left(address));
}

fn marker<'a>(current: &'a LiveResource, property: &str) -> Option<&'a str> {
    current
        .resource
        .body
        .get(kinds::CUSTOM_PROPERTIES)?
        .get(property)?
        .as_str()
}

fn refuse_to_overwrite(folder: &Path, exported: &Export) -> Result<(), Failure> {
    let changed: Vec<&str> = exported
        .files
        .iter()
        .filter(|file| {
            std::fs::read(folder.join(&file.path)).is_ok_and(|bytes| bytes != file.bytes)
        })
        .map(|file| file.path.as_str())
        .collect();
    refuse(
        &changed,
        "differ from what would be written",
        "overwrites them",
    )
}

/// Another folder must be empty but for what an earlier export wrote.
fn refuse_strangers(folder: &Path, exported: &Export) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    let ours = |name: &str| {
        exported
            .files
            .iter()
            .any(|file| file.path.split('/').next() == Some(name))
    };
    let mut strangers: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && !ours(name))
        .collect();
    strangers.sort();
    let strangers: Vec<&str> = strangers.iter().map(String::as_str).collect();
    let what = format!("are in {} already, which should be empty", folder.display());
    refuse(&strangers, &what, "writes beside them")
}

/// A resource that another file declares would be declared twice.
fn refuse_duplicates(
    project: &LoadedProject,
    live: &LiveState,
    exported: &Export,
) -> Result<(), Failure> {
    let mut files: Vec<&str> = live
        .resources
        .keys()
        .filter_map(|address| declared_in(project, address))
        .filter(|file| *file != PROJECT_FILE)
        .filter(|file| !exported.files.iter().any(|written| written.path == *file))
        .collect();
    files.sort_unstable();
    files.dedup();
    refuse(
        &files,
        "declare resources that would be declared twice",
        "writes all the same",
    )
}

fn declared_in<'a>(project: &'a LoadedProject, address: &Address) -> Option<&'a str> {
    let place = project.desired.resources.get(address)?.place?;
    // What the program declares by itself stands in the project file.
    let by_hand = *address.kind() != kinds::METADATA_SCHEMA.info
        || project.sources.get(place.source).name != PROJECT_FILE;
    by_hand.then(|| project.sources.get(place.source).name.as_str())
}

fn refuse(files: &[&str], what: &str, force: &str) -> Result<(), Failure> {
    const MOST: usize = 10;
    if files.is_empty() {
        return Ok(());
    }
    let mut list: String = files
        .iter()
        .take(MOST)
        .map(|file| format!("\n    {file}"))
        .collect();
    if files.len() > MOST {
        list.push_str(&format!("\n    and {} more", files.len() - MOST));
    }
    let message = format!("these files {what}; nothing was written:{list}");
    Err(Failure::new(Exit::Refused, message).help(format!(
        "--force {force}; --out DIR exports to another folder"
    )))
}

/// Writes the files that differ, each whole or not at all, and counts them.
pub(super) fn write_all(folder: &Path, files: &[ExportFile]) -> Result<usize, Failure> {
    let mut written = 0;
    for file in files {
        let path = folder.join(&file.path);
        let inside = Path::new(&file.path)
            .components()
            .all(|c| matches!(c, Component::Normal(_)));
        if !inside {
            return Err(Failure::error(format!(
                "`{}` would leave the folder",
                file.path
            )));
        }
        if std::fs::read(&path).is_ok_and(|bytes| bytes == file.bytes) {
            continue;
        }
        write(&path, &file.bytes)
            .map_err(|error| Failure::error(format!("cannot write {}: {error}", path.display())))?;
        written += 1;
    }
    Ok(written)
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut temporary = temporary_file(folder)?;
    temporary.write_all(bytes)?;
    temporary.persist(path)?;
    Ok(())
}

/// Temporary files are for the owner's eyes only; what is exported is an ordinary file.
fn temporary_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let ordinary = std::fs::Permissions::from_mode(0o644);
        tempfile::Builder::new()
            .permissions(ordinary)
            .tempfile_in(folder)
    }
    #[cfg(not(unix))]
    tempfile::NamedTempFile::new_in(folder)
}
