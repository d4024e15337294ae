//! `apicenter schema`.

use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use super::format::write_file;
use super::invocation::Invocation;
use super::project;
use crate::output::Data;
use crate::project::PlanFlags;
use crate::schema::{for_overlays, manifest_schema, project_schema};

/// Print the JSON Schema of manifests, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter schema --out apicenter.schema.json            every kind and field
  apicenter schema --project --out .apicenter/schema.json also this project's metadata and names
  # then, as the first line of a manifest, with the path relative to it:
  # yaml-language-server: $schema=./.apicenter/schema.json")]
pub(super) struct Args {
    /// Add the project's metadata keys and values, and the names for references
    #[arg(long)]
    project: bool,

    /// Print the schema of overlays, which contain only what they change
    #[arg(long)]
    overlay: bool,

    /// File to write, instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global, console, ..
    } = invocation;
    let mut schema = if args.project {
        let project = project::open(global, PlanFlags::default())?;
        project::report(&project, console);
        if !project.is_valid() {
            console
                .status("The schema is incomplete; run the command again after fixing the errors.");
        }
        project_schema(&project.settings, &project.desired)
    } else {
        manifest_schema()
    };
    if args.overlay {
        schema = for_overlays(schema);
    }
    let text = Data::json(&schema);
    match &args.out {
        Some(file) => write(file, &text)?,
        None => console.data(&text),
    }
    Ok(Exit::Done)
}

/// Writes the file, and creates its folder.
fn write(file: &Path, text: &Data) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::error(format!(
                "cannot create the folder {}: {error}",
                folder.display()
            ))
        })?;
    }
    write_file(file, text)
}
