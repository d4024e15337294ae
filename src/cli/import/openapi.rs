//! `apicenter import openapi`.

use super::output::{self, OutputArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::cli::refusal;
use crate::import::{self, DescriptionOptions, Imported};
use crate::kinds::{API, ENVIRONMENT};
use crate::manifest::did_you_mean;
use crate::model::{Address, Role, Sources};
use crate::project::LoadedProject;
use crate::workflow::{self, ImportInputs};

/// Import description files: OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML, proto
///
/// Files with the same title are versions of one API. Names, texts, contacts, licence and links are
/// read from the files; texts that exceed the service's limits are cut, with a note. Manifests refer to
/// files within the project; other texts are copied into it. What the project declares already gets what is
/// new, and keeps what was written by hand.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter import openapi specs/orders.yaml
  apicenter import openapi specs --environment production --lifecycle-stage production
  apicenter import openapi https://api.contoso.com/orders/openapi.json
  dotnet swagger tofile bin/Orders.dll v1 | apicenter import openapi -
  apicenter import openapi out/swagger.json --copy       keep a copy per version
  apicenter import openapi out/swagger.json --check      exit code 2 if a manifest would change
  apicenter import openapi specs/orders.yaml --print     only show the manifests

Import the same files again whenever they change. A version that is new is added; the title, the texts, contacts
and links of an API follow the newest document until somebody changes them in the manifest.")]
pub(super) struct Args {
    /// Files, folders with files, addresses, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// Environment of the servers in the files: each becomes a deployment there
    #[arg(long, value_name = "NAME")]
    environment: Option<String>,

    /// Lifecycle stage of new versions
    #[arg(long, value_name = "STAGE", default_value = "design", value_parser = super::stages::stages())]
    lifecycle_stage: String,

    /// Copy files of the project next to the manifests too, for a build that overwrites its output
    #[arg(long)]
    copy: bool,

    /// Write nothing; exit with code 2 if something would be written
    #[arg(long, conflicts_with_all = ["print", "force"])]
    check: bool,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        console,
        environment,
        ..
    } = invocation;
    let project = project::open_settings(invocation)?;
    if let Some(environment) = &args.environment {
        require_environment(environment, &project)?;
    }
    let root = project.files.root();
    let ImportInputs {
        mut files,
        not_text,
        mut problems,
    } = workflow::read_inputs(root, &args.files, environment).await;
    let (declared, unread) = workflow::declared_apis(&project);
    problems.extend(unread);
    workflow::find_earlier_texts(root, &mut files, &declared);
    let options = DescriptionOptions {
        environment: args.environment.clone(),
        stage: args.lifecycle_stage.clone(),
        copy: args.copy,
        force: args.output.force,
    };
    let mut sources = Sources::default();
    let (mut imported, diagnostics) =
        import::descriptions(&files, &options, &declared, &mut sources);
    problems.extend(diagnostics);
    output::require_none(problems, &sources, console)?;
    imported.skipped.extend(not_text);
    imported.skipped.sort();
    if imported.apis.is_empty() && imported.conflicts.is_empty() && imported.uneditable.is_empty() {
        return Err(Failure::new(
            Exit::Invalid,
            "no file describes an API; nothing was imported",
        )
        .help("OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML and proto files can be imported"));
    }
    refuse(&project, &imported)?;
    if args.check {
        return output::check(&project, &imported, console);
    }
    let exit = output::finish(&project, &imported, args.output, console)?;
    if !args.output.print {
        workflow::keep_texts(root, &files, &imported.files);
    }
    Ok(exit)
}

/// Ends the command where nobody can say what belongs together, or where.
fn refuse(project: &LoadedProject, imported: &Imported) -> Result<(), Failure> {
    refusal::refuse(
        &imported.conflicts,
        "these files have the names of APIs with which they share no kind, path or server",
        "give one of the two another title, or rename the API; --force adds the files to the APIs",
    )?;
    refusal::refuse(
        &imported.uneditable,
        "these manifests share values by anchors or merge keys where they would change",
        "write out what the API shares with others, or add the version by hand",
    )?;
    let broken = imported.apis.iter().filter(|api| api.changes.is_none());
    let broken = broken.map(|api| Address::top(&API.info, &api.name));
    let broken: Vec<String> = broken
        .filter(|address| project.desired.may_declare(address))
        .map(|address| address.to_string())
        .collect();
    refusal::refuse(
        &broken,
        "these APIs are declared in manifests with errors",
        "fix the errors that apicenter validate shows",
    )
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
