//! `apicenter validate`.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::plan::Format;
use super::session::Session;
use crate::config::PlanFlags;
use crate::output::ValidateJson;

/// Check the manifests offline: syntax, fields, references, custom metadata, limits, description files
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter validate                 every problem of every file, at its place
  apicenter validate -t prod         with the variables and overlays of prod
  apicenter validate --format json   for other programs")]
pub(super) struct Args {
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &Args, global: &GlobalArgs, console: &Console) -> Result<Exit, Failure> {
    let session = Session::open(global, &PlanFlags::default())?;
    session.report(console);
    let count = session.desired.resources.len();
    match args.format {
        Format::Json => {
            let json = ValidateJson::new(count, &session.diagnostics, &session.sources);
            console.data(&super::plan::to_json(&json));
        }
        Format::Text if session.is_valid() => {
            let valid = console.paint().added("Valid.");
            console.data(&format!("{valid} {count} resources are declared.\n"));
        }
        Format::Text => {}
    }
    Ok(if session.is_valid() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}
