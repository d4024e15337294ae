//! `apicenter import arm`.

use super::output::{self, OutputArgs};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::import;
use crate::model::Sources;
use crate::output::render_diagnostics;
use crate::workflow;

/// Import what Bicep, ARM templates or Terraform declare
///
/// Reads ARM templates in JSON (`bicep build`, `az group export`, `az deployment group export`) and the output of
/// `terraform show -json` with resources of the provider azapi. Parameters without a value become variables of the
/// project; what is known only when it is deployed is reported at its place and left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  bicep build main.bicep && apicenter import arm main.json --parameters main.parameters.json
  terraform show -json > state.json && apicenter import arm state.json
  apicenter import arm main.json --print                   only show the manifests")]
pub(super) struct Args {
    /// ARM templates, or output of `terraform show -json`; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// A file with values of the templates' parameters; can be repeated, later files count for more
    #[arg(long, value_name = "FILE")]
    parameters: Vec<String>,

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
    let root = project.files.root();
    let inputs = workflow::read_inputs(root, &args.files, environment).await;
    let parameters = workflow::read_inputs(root, &args.parameters, environment).await;
    let mut sources = Sources::default();
    let (imported, diagnostics) = import::arm(&inputs.files, &parameters.files, &mut sources);
    let mut problems = inputs.problems;
    problems.extend(parameters.problems);
    problems.extend(diagnostics);
    if problems.has_errors() {
        output::require_none(problems, &sources, console)?;
    } else if !problems.is_empty() {
        problems.sort(&sources);
        console.status(render_diagnostics(
            &problems,
            &sources,
            console.is_interactive(),
        ));
    }
    if imported.files.is_empty() {
        return Err(Failure::new(
            Exit::Invalid,
            "no file declares a resource of API Center; nothing was imported",
        )
        .help("resources of types that begin with Microsoft.ApiCenter/ can be imported"));
    }
    output::finish(&project, &imported, args.output, console)
}
