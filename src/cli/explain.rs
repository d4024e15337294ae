//! `apicenter explain`.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::schema::explain;

/// Explain a kind, a field or a diagnostic code
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter explain Api
  apicenter explain Api.versions.lifecycleStage
  apicenter explain custom-property-required")]
pub(super) struct Args {
    /// A kind (Api), a field (Api.license.identifier) or a code (bad-name)
    subject: String,
}

pub(super) fn run(args: &Args, console: &Console) -> Result<Exit, Failure> {
    let text = explain(&args.subject, &[]).map_err(Failure::usage)?;
    console.output(&text);
    Ok(Exit::Done)
}
