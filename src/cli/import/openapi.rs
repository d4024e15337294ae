//! `apicenter import openapi`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::output::{self, OutputArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::import::{self, DescriptionFile, DescriptionOptions};
use crate::kinds::ENVIRONMENT;
use crate::manifest::did_you_mean;
use crate::manifest::source::{ReadProblem, read_regular};
use crate::model::{Address, Diagnostic, Diagnostics, Role, Sources, code};
use crate::project::LoadedProject;
use crate::project::PlanFlags;

/// Largest file, in bytes; the service takes smaller ones (chosen here).
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Import description files: OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML, proto
///
/// Files with the same title are versions of one API. Names, texts, contacts, licence and links are
/// read from the files; texts that exceed the service's limits are cut, with a note. Manifests refer to
/// files within the project; other files are copied into it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter import openapi specs/orders.yaml
  apicenter import openapi specs/*.json --environment production --lifecycle-stage production
  apicenter import openapi specs/orders.yaml --print      only show the manifests")]
pub(super) struct Args {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Environment of the servers in the files: each becomes a deployment there
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,

    /// Lifecycle stage of the versions
    #[arg(long, value_name = "STAGE", default_value = "design", value_parser = super::stages::stages())]
    lifecycle_stage: String,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global, console, ..
    } = invocation;
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    if let Some(environment) = &args.environment {
        require_environment(environment, &project)?;
    }
    let mut sources = Sources::default();
    let mut problems = Diagnostics::default();
    let files = read(&args.files, project.files.root(), &mut problems);
    let options = DescriptionOptions {
        environment: args.environment.clone(),
        stage: args.lifecycle_stage.clone(),
    };
    let (imported, diagnostics) = import::descriptions(&files, &options, &mut sources);
    problems.extend(diagnostics);
    output::require_none(problems, &sources, console)?;
    output::finish(&project, &imported, args.output, console)
}

/// Whether the project declares an environment, or knows that others do.
pub(super) fn declares(environment: &str, project: &LoadedProject) -> bool {
    let address = Address::top(&ENVIRONMENT.info, environment);
    project.desired.resources.contains_key(&address) || project.external.matches(&address)
}

fn require_environment(environment: &str, project: &LoadedProject) -> Result<(), Failure> {
    if declares(environment, project) {
        return Ok(());
    }
    let declared = project.desired.resources.keys();
    let declared: Vec<&str> = declared
        .filter(|address| address.kind().role == Role::Environment)
        .map(Address::name)
        .collect();
    let help = did_you_mean(environment, &declared)
        .unwrap_or_else(|| "declare it first, in a manifest of kind Environment".to_owned());
    let message = format!("the project declares no environment `{environment}`");
    Err(Failure::usage(message).help(help))
}

/// Reads the files, each once, and reports those that cannot be read.
fn read(paths: &[PathBuf], root: &Path, problems: &mut Diagnostics) -> Vec<DescriptionFile> {
    let mut files: Vec<(PathBuf, DescriptionFile)> = Vec::new();
    for path in paths {
        let name = path.to_string_lossy().replace('\\', "/");
        let mut report = |code, message: String| problems.push(Diagnostic::error(code, message));
        let (real, bytes) = match read_file(path, root) {
            Ok(found) => found,
            Err(problem) => {
                let code = match problem {
                    ReadProblem::TooLarge { .. } => code::DOCUMENT_TOO_LARGE,
                    _ => code::FILE_UNREADABLE,
                };
                report(code, format!("cannot read `{name}`: {problem}"));
                continue;
            }
        };
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let message = format!("`{name}` is not UTF-8 text (byte {at})");
                report(code::FILE_ENCODING, message);
                continue;
            }
        };
        if text.trim().is_empty() {
            report(code::DOCUMENT_INVALID, format!("`{name}` is empty"));
            continue;
        }
        if files.iter().any(|(other, _)| *other == real) {
            continue;
        }
        let inside = real.strip_prefix(root).ok();
        let inside = inside.map(|path| path.to_string_lossy().replace('\\', "/"));
        let text = Arc::from(text);
        files.push((real, DescriptionFile { name, inside, text }));
    }
    files.into_iter().map(|(_, file)| file).collect()
}

/// Where a file really is, and its bytes. A path in the project may not lead out of it.
fn read_file(path: &Path, root: &Path) -> Result<(PathBuf, Vec<u8>), ReadProblem> {
    let real = path.canonicalize().map_err(ReadProblem::Unreadable)?;
    if !real.starts_with(root) && is_named_inside(path, root) {
        return Err(ReadProblem::Outside);
    }
    let bytes = read_regular(&real, MOST_BYTES)?;
    Ok((real, bytes))
}

/// Whether a path is that of something in the project, wherever its links lead.
fn is_named_inside(path: &Path, root: &Path) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_default();
    let mut named = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => drop(named.pop()),
            component => named.push(component),
        }
    }
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    named.starts_with(root) || folder.is_some_and(|folder| folder.starts_with(root))
}
