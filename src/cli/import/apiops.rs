//! `apicenter import apiops`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output::{self, OutputArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::import::{self, Artifact};
use crate::manifest::source::read_regular;
use crate::model::{Diagnostic, Diagnostics, Sources, code};
use crate::project::PlanFlags;

/// Largest file, in bytes (chosen here).
const MOST_BYTES: u64 = 16 * 1024 * 1024;

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
    let Invocation {
        global, console, ..
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let mut artifacts = Vec::new();
    read(&args.folder, "", &mut artifacts, &mut problems)?;
    artifacts.sort_by(|a: &Artifact, b| a.path.cmp(&b.path));
    if !artifacts
        .iter()
        .any(|artifact| artifact.path.ends_with("Information.json"))
    {
        let folder = args.folder.display();
        return Err(Failure::error(format!("`{folder}` does not contain artifacts of apiops")).help(
            "use the output folder of `apiops apic extract`, which contains metadataSchemas/ and \
             workspaces/",
        ));
    }
    let ownership = project.settings.spec.ownership.as_ref();
    let marker = ownership.map(|ownership| ownership.property.clone());
    let (imported, diagnostics) = import::apiops(&artifacts, marker, &mut sources);
    problems.extend(diagnostics);
    output::require_none(problems, &sources, console)?;
    output::finish(&project, &imported, args.output, console)
}

/// Collects the files of a tree; links are not followed, so that the tree has an end.
fn read(
    folder: &Path,
    below: &str,
    artifacts: &mut Vec<Artifact>,
    problems: &mut Diagnostics,
) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::error(format!("cannot read `{}`: {error}", path.display()))
    };
    let entries = std::fs::read_dir(folder).map_err(|error| failed(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| failed(folder, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        let kind = entry.file_type().map_err(|error| failed(folder, error))?;
        if kind.is_dir() {
            read(&entry.path(), &path, artifacts, problems)?;
        } else if path.ends_with(".json") || path.contains("/specification/") {
            let bytes = match kind.is_symlink() {
                true => Err("it is a link, which is not followed".to_owned()),
                false => read_regular(&entry.path(), MOST_BYTES).map_err(|p| p.to_string()),
            };
            let mut report = |code, message| problems.push(Diagnostic::error(code, message));
            match bytes.map(String::from_utf8) {
                Ok(Ok(text)) => artifacts.push(Artifact {
                    path,
                    text: Arc::from(text),
                }),
                Ok(Err(_)) => report(code::FILE_ENCODING, format!("`{path}` is not UTF-8 text")),
                Err(problem) => report(
                    code::FILE_UNREADABLE,
                    format!("cannot read `{path}`: {problem}"),
                ),
            }
        }
    }
    Ok(())
}
