//! `apicenter schema`.

use std::path::PathBuf;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::out_file::write_file_and_folder;
use super::project;
use super::schema_files::SchemaFile;
use crate::output::Data;
use crate::project::{LoadedProject, PlanFlags};
use crate::schema::{for_overlays, manifest_schema, project_schema};

/// Print the JSON Schema of manifests, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter schema                every kind and field
  apicenter schema --write        this project's schema, in schemas/ where its editors look for it
  apicenter schema --check        whether that one is up to date, for a pipeline
  # The first line of a manifest names it too, with the path relative to the manifest:
  # yaml-language-server: $schema=./schemas/apicenter.schema.json")]
pub(super) struct Args {
    /// Add the project's metadata keys and values, and the names for references
    #[arg(long)]
    project: bool,

    /// Print the schema of overlays, which contain only what they change
    #[arg(long)]
    overlay: bool,

    /// Write the project's schema to schemas/apicenter.schema.json, and that of overlays, if there are some, to
    /// schemas/overlay.schema.json
    #[arg(long, conflicts_with_all = ["project", "overlay", "out"])]
    write: bool,

    /// Write nothing, and exit with 2 if --write would
    #[arg(long, conflicts_with_all = ["project", "overlay", "out", "write"])]
    check: bool,

    /// File to write, instead of stdout (which is `-`)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    if args.write || args.check {
        return keep(args, invocation);
    }
    let mut schema = if args.project {
        let project = open(invocation, true)?;
        project_schema(&project.settings, &project.desired)
    } else {
        manifest_schema()
    };
    if args.overlay {
        schema = for_overlays(schema);
    }
    let text = Data::json(&schema);
    match &args.out {
        Some(file) => write_file_and_folder(file, &text, console)?,
        None => console.data(&text),
    }
    Ok(Exit::Done)
}

/// Opens the project; with `reports`, its problems are shown.
fn open(invocation: Invocation<'_>, reports: bool) -> Result<LoadedProject, Failure> {
    let console = invocation.console;
    let project = project::open(invocation, PlanFlags::default())?;
    if reports {
        project::report(&project, console);
    }
    if !project.is_valid() {
        console.status("The schema is incomplete; run the command again after fixing the errors.");
    }
    Ok(project)
}

/// Keeps the schemas in the project's folder up to date, or says which are not.
fn keep(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let files = SchemaFile::all(&open(invocation, args.write)?);
    let old: Vec<&SchemaFile> = files.iter().filter(|file| !file.is_fresh()).collect();
    for file in &old {
        if args.write {
            file.write(console)?;
            console.output(format!("Wrote {}", file.path));
        } else {
            let what = if file.exists() {
                "out of date"
            } else {
                "missing"
            };
            console.output(format!(
                "{} is {what}; `apicenter schema --write` writes it",
                file.path
            ));
        }
    }
    if old.is_empty() {
        console.output("The schema is up to date.");
        return Ok(Exit::Done);
    }
    Ok(if args.check {
        Exit::Changes
    } else {
        Exit::Done
    })
}
