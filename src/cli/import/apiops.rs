//! `apicenter import apiops`.

use std::path::PathBuf;

use super::output::{self, OutputArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::import;
use crate::model::Sources;
use crate::workflow;

/// Import the artifact tree that `apiops apic extract` writes
///
/// Metadata schemas, environments, and APIs with their versions, definitions, documents and
/// deployments become manifests. Anything that manifests cannot declare or that an integration keeps is
/// left out, with a note.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter import apiops ./apic-artifacts
  apicenter import apiops ./apic-artifacts --print    only show the manifests")]
pub(super) struct Args {
    /// The output folder of `apiops apic extract`
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let project = project::open_settings(invocation)?;
    let mut sources = Sources::default();
    let (artifacts, mut problems) = workflow::read_artifacts(&args.folder, project.files.root());
    let mut paths = artifacts.iter().map(|artifact| &artifact.path);
    if problems.is_empty() && !paths.any(|path| path.ends_with("Information.json")) {
        let folder = args.folder.display();
        return Err(Failure::error(format!("`{folder}` does not contain artifacts of apiops")).help(
            "use the output folder of `apiops apic extract`, which contains metadataSchemas/ and \
             workspaces/",
        ));
    }
    let ownership = project.settings.spec.ownership.as_ref();
    let marker = ownership.map(|ownership| ownership.property.clone());
    let (mut imported, diagnostics) = import::apiops(&artifacts, marker, &mut sources);
    problems.extend(diagnostics);
    output::require_none(problems, &sources, console)?;
    workflow::accept_findings(&project, &mut imported).map_err(|_| {
        Failure::error("the project changed while the backup was read").help("import again")
    })?;
    output::finish(&project, &imported, args.output, console)
}
