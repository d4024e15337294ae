//! `apicenter explain`.

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use crate::document;
use crate::output::Text;
use crate::project::PlanFlags;
use crate::schema::explain;

/// Explain a kind, a field, a diagnostic code or a rule of breaking changes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter explain Api
  apicenter explain Api.versions.lifecycleStage
  apicenter explain custom-property-required")]
pub(super) struct Args {
    /// A kind (Api), a field (Api.license.identifier), a code (bad-name) or a rule (path-removed)
    subject: String,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    if let Some(rule) = document::breaking_rule(&args.subject) {
        let words = format!(
            "{}\n  {}\n  A rule of breaking changes; see docs/breaking-changes.md.\n",
            rule.id, rule.meaning
        );
        invocation.console.output(Text::lines(&words));
        return Ok(Exit::Done);
    }
    let text = explain(&args.subject, &[]).or_else(|error| {
        // Codes of the project's own rules. `explain` also works without a project.
        let codes = project::open(invocation.global, PlanFlags::default())
            .map(|project| project.rules().run_time_codes())
            .unwrap_or_default();
        if codes.is_empty() {
            Err(error)
        } else {
            explain(&args.subject, &codes)
        }
    });
    let text = Text::lines(&text.map_err(Failure::usage)?);
    invocation.console.output(text);
    Ok(Exit::Done)
}
