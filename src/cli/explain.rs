//! `apicenter explain`.

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use crate::output::Text;
use crate::project::PlanFlags;
use crate::schema::{explain, overview};

/// Explain a kind, a field or a diagnostic code
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter explain                  the kinds and the codes
  apicenter explain Api
  apicenter explain Api.versions.lifecycleStage
  apicenter explain lifecycleStage   where the field is
  apicenter explain custom-property-required")]
pub(super) struct Args {
    /// A kind (Api), a field (Api.license.identifier or identifier) or a code (bad-name); without it, a list of them
    subject: Option<String>,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Some(subject) = &args.subject else {
        invocation.console.output(Text::lines(&overview()));
        return Ok(Exit::Done);
    };
    let text = explain(subject, &[]).or_else(|error| {
        // Codes of the project's own rules. `explain` also works without a project.
        let codes = project::open(invocation.global, PlanFlags::default())
            .map(|project| project.rules().run_time_codes())
            .unwrap_or_default();
        if codes.is_empty() {
            Err(error)
        } else {
            explain(subject, &codes)
        }
    });
    let text = Text::lines(&text.map_err(Failure::usage)?);
    invocation.console.output(text);
    Ok(Exit::Done)
}
