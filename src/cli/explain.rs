//! `apicenter explain`.

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use crate::document;
use crate::output::Text;
use crate::project::PlanFlags;
use crate::schema::{explain, overview};

/// Explain a kind, a field, a diagnostic code or a rule of breaking changes
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter explain                  the kinds, the codes and the rules
  apicenter explain Api
  apicenter explain Api.versions.lifecycleStage
  apicenter explain lifecycleStage   where the field is
  apicenter explain custom-property-required")]
pub(super) struct Args {
    /// A kind (Api), a field (Api.license.identifier or identifier), a code (bad-name) or a rule (path-removed); without
    /// it, a list of all of them
    subject: Option<String>,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Some(subject) = &args.subject else {
        invocation.console.output(Text::lines(&overview()));
        invocation.console.output(Text::lines(&rules()));
        return Ok(Exit::Done);
    };
    if let Some(rule) = document::breaking_rule(subject) {
        let words = format!(
            "{}\n  {}\n  A rule of breaking changes; see docs/breaking-changes.md.\n",
            rule.id, rule.meaning
        );
        invocation.console.output(Text::lines(&words));
        return Ok(Exit::Done);
    }
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

/// The rules of breaking changes, each with one line.
fn rules() -> String {
    let width = document::BREAKING_RULES.iter().map(|rule| rule.id.len());
    let width = width.max().unwrap_or_default();
    let lines = document::BREAKING_RULES
        .iter()
        .map(|rule| format!("  {:width$}  {}\n", rule.id, rule.meaning));
    format!(
        "\nRules of breaking changes (docs/breaking-changes.md)\n{}\nMore: apicenter explain Api, apicenter explain \
         lifecycleStage, apicenter explain bad-name\n",
        lines.collect::<String>()
    )
}
