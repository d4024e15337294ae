//! `apicenter schema`.

use std::path::PathBuf;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::out_file::write_file_and_folder;
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

    /// File to write, instead of stdout (which is `-`)
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
        Some(file) => write_file_and_folder(file, &text, console)?,
        None => console.data(&text),
    }
    Ok(Exit::Done)
}
