//! `apicenter explain`.

use super::complete;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::project;
use crate::document;
use crate::output::Text;
use crate::project::PlanFlags;
use crate::schema::{OtherSubjects, explain, overview};

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
    #[arg(add = complete::topic())]
    subject: Option<String>,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let rules: Vec<(&str, &str)> = document::BREAKING_RULES
        .iter()
        .map(|rule| (rule.id, rule.meaning))
        .collect();
    let others = OtherSubjects {
        codes: &[],
        breaking_rules: &rules,
    };
    let Some(subject) = &args.subject else {
        invocation.console.output(Text::lines(&overview(&rules)));
        return Ok(Exit::Done);
    };
    let text = explain(subject, others).or_else(|error| {
        // Codes of the project's own rules. `explain` also works without a project.
        let codes = project::open(invocation, PlanFlags::default())
            .map(|project| project.rules().run_time_codes())
            .unwrap_or_default();
        if codes.is_empty() {
            return Err(error);
        }
        let codes = &codes;
        explain(subject, OtherSubjects { codes, ..others })
    });
    let text = Text::lines(&text.map_err(Failure::usage)?);
    invocation.console.output(text);
    Ok(Exit::Done)
}
