//! `apicenter export`.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::invocation::Invocation;
use super::out_file::write_atomically;
use super::project;
use super::refusal::{self, refuse_to_overwrite};
use super::signals;
use super::unreadable;
use crate::export::{Export, ExportFile, Stale, StaleRemedy};
use crate::manifest::PROJECT_FILE;
use crate::manifest::source::{destination, has_content, project_file_in};
use crate::model::{Role, counted};
use crate::project::{LoadedProject, ServiceLocation};
use crate::workflow::{self, Connection, ExportRequest, Exported, NewProject};

/// Write the live service as manifests and description files; the next plan has no changes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter export -t prod               into the project's folder
  apicenter export -t prod --out adopted into another folder, with its own apicenter.yaml
  apicenter export --remove-stale        after deletes in the portal

In a project with spec.ownership, resources without its marker are left out, unless --adopt is given.
A second run writes the same bytes. If an existing file differs, or another file declares an exported
resource, nothing is written, unless --force is given.
What the project declares and the service does not hold is named: the next apply would create it.")]
pub(super) struct Args {
    /// Write to this folder instead of the project's, with an apicenter.yaml for the same target
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Also export resources without an owner; the next plan sets the ownership marker on them
    #[arg(long, conflicts_with = "out")]
    adopt: bool,

    /// Overwrite files that differ, and write to a folder that is not empty
    #[arg(long)]
    force: bool,

    /// Remove files that an export wrote and whose resources the service does not hold
    #[arg(long, conflicts_with = "out")]
    remove_stale: bool,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let project = project::open_settings(invocation)?;
    if args.remove_stale && !project.is_plannable() {
        // With errors, it is not known what all files declare.
        project::report(&project, console);
        return Err(Failure::already_reported(Exit::Invalid));
    }
    let new_project = match &args.out {
        Some(folder) => {
            refuse_own_folder(&project, folder)?;
            let existing = project_file_in(folder);
            Some(NewProject {
                folder: folder.clone(),
                file: existing.unwrap_or_else(|| PROJECT_FILE.to_owned()),
            })
        }
        None => None,
    };
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let request = ExportRequest {
        adopt: args.adopt,
        new_project,
    };
    let exporting = async { Ok(workflow::export(&project, &connection, &request).await?) };
    let result = signals::or_interrupt(exporting).await;
    connection.close().await;
    let exported = result?;
    unreadable::note(&exported.unreadable, unreadable::NOT_EXPORTED, console);
    note_left_out(&project, &exported, console);
    note_stale(&project, &exported.stale, args, console);
    let folder = args.out.as_deref().unwrap_or(project.files.root());
    if !args.force {
        refuse(args, folder, &exported)?;
    }
    let written = write_all(folder, &exported.export.files)?;
    for note in &exported.export.notes {
        console.hint(format!("note: {note}"));
    }
    let files = exported.export.files.len();
    console.output(format!(
        "Exported {} to {} in {} ({written} written, {} unchanged).",
        counted(exported.export.resources, "resource"),
        counted(files, "file"),
        folder.display(),
        files - written
    ));
    if args.out.is_some() {
        note_emulator(&project, console);
    }
    if args.remove_stale {
        remove_stale(folder, &exported.stale, console)?;
    }
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
        remove_stale: false,
    };
    let global = GlobalArgs {
        directory: Some(folder.to_owned()),
        target: Some("prod".to_owned()),
        ..invocation.global.clone()
    };
    let invocation = Invocation {
        global: &global,
        ..invocation
    };
    run(&args, invocation).await
}

fn note_left_out(project: &LoadedProject, exported: &Exported, console: &Console) {
    let Some(ownership) = &project.settings.spec.ownership else {
        return;
    };
    for address in &exported.left_out {
        console.hint(format!(
            "note: {address}: not marked as {}'s, left out",
            ownership.owner
        ));
    }
}

/// Says how the new project reaches the same service: its own embedded emulator is another one, without data.
fn note_emulator(project: &LoadedProject, console: &Console) {
    if let ServiceLocation::Emulator { data } = &project.target.location {
        let data = std::path::absolute(data).unwrap_or_else(|_| data.clone());
        console.hint(format!(
            "note: the new project has an embedded emulator of its own; --emulator-data {} selects this one",
            data.display()
        ));
    }
}

/// Names what the next apply would create again, and how to prevent it.
fn note_stale(project: &LoadedProject, stale: &Stale, args: &Args, console: &Console) {
    for resource in &stale.resources {
        let place = project.sources.display(resource.place);
        // Nothing creates an API that only its gateway has.
        let (what, consequence) = if resource.address.is(Role::SyncedApi) {
            ("its API is not in the service", "plans keep looking for it")
        } else {
            ("not in the service", "the next apply creates it")
        };
        let remedy = match resource.remedy {
            StaleRemedy::Rewritten if args.force => "the file is written without it".to_owned(),
            StaleRemedy::Rewritten => "--force writes the file without it".to_owned(),
            StaleRemedy::Removable if args.remove_stale => "the file is removed".to_owned(),
            StaleRemedy::Removable => {
                format!("{consequence}; --remove-stale removes the file")
            }
            StaleRemedy::Edit(reason) => {
                format!("{consequence}; remove it there by hand: {reason}")
            }
        };
        console.hint(format!(
            "note: {}: declared in {place}, {what}; {remedy}",
            resource.address
        ));
    }
    if args.remove_stale {
        return;
    }
    for file in &stale.removable {
        console.hint(format!("note: --remove-stale removes {file}"));
    }
}

/// Removes the files.
fn remove_stale(folder: &Path, stale: &Stale, console: &Console) -> Result<(), Failure> {
    for file in &stale.removable {
        remove_with_folders(folder, file)?;
        console.output(format!("Removed {file}."));
    }
    Ok(())
}

/// Removes a file of a project, and folders that are empty then.
pub(super) fn remove_with_folders(folder: &Path, file: &str) -> Result<(), Failure> {
    let path = folder.join(file);
    std::fs::remove_file(&path)
        .map_err(|error| Failure::error(format!("cannot remove {}: {error}", path.display())))?;
    for above in Path::new(file).ancestors().skip(1) {
        // Only an empty folder can be removed; the project's own has its project file.
        if above.as_os_str().is_empty() || std::fs::remove_dir(folder.join(above)).is_err() {
            break;
        }
    }
    Ok(())
}

/// Ends the command if the project's own folder is to become another project.
fn refuse_own_folder(project: &LoadedProject, folder: &Path) -> Result<(), Failure> {
    let real = folder.canonicalize().ok();
    if real.is_none() || real != project.files.root().canonicalize().ok() {
        return Ok(());
    }
    let message = format!(
        "--out {} is the folder of this project; nothing was written",
        folder.display()
    );
    Err(Failure::new(Exit::Refused, message)
        .help("leave out --out to export into this project, or choose a folder below it"))
}

/// Ends the command if files would be overwritten, or resources declared twice. Nothing was written.
fn refuse(args: &Args, folder: &Path, exported: &Exported) -> Result<(), Failure> {
    let help = |force: &str| format!("--force {force}; --out DIR exports to another folder");
    refuse_to_overwrite(folder, &exported.export.files, help("overwrites them"))?;
    if args.out.is_some() {
        let what = format!(
            "these files are in the output folder {}, which must be empty",
            folder.display()
        );
        let others = other_files(folder, &exported.export);
        return refusal::refuse(&others, &what, help("writes next to them"));
    }
    refusal::refuse(
        &exported.declared_in,
        "these files declare resources that would be declared twice",
        help("writes anyway"),
    )
}

/// What is in another folder than the project's, except for the files of an earlier export.
fn other_files(folder: &Path, exported: &Export) -> Vec<String> {
    let ours = |name: &str| {
        exported
            .files
            .iter()
            .any(|file| file.path.split('/').next() == Some(name))
    };
    let mut others: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') && !ours(name))
        .collect();
    others.sort();
    others
}

/// Writes the files that differ, each whole or not at all, and counts them. If a link leads out of the folder,
/// nothing is written.
pub(super) fn write_all(folder: &Path, files: &[ExportFile]) -> Result<usize, Failure> {
    let mut places = Vec::with_capacity(files.len());
    let mut problems = Vec::new();
    for file in files {
        match destination(folder, Path::new(&file.path)) {
            Ok(place) => places.push(place),
            Err(problem) => problems.push(format!("{}: {problem}", file.path)),
        }
    }
    refusal::refuse(
        &problems,
        "these files cannot be written in this folder",
        "remove the links, or what is in the place of the files",
    )?;
    let mut written = 0;
    for (path, file) in places.iter().zip(files) {
        if has_content(path, &file.bytes) {
            continue;
        }
        std::fs::create_dir_all(path.parent().unwrap_or(folder))
            .and_then(|()| write_atomically(path, &file.bytes))
            .map_err(|error| Failure::error(format!("cannot write {}: {error}", path.display())))?;
        written += 1;
    }
    Ok(written)
}
