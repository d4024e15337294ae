//! Findings that exemptions accept: counted, and listed behind a click.

use super::context::MarkdownContext;
use super::part::{Part, Priority};
use super::problems::collapsed;
use crate::output::exempted::exempted_words;

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext { plan, escaper, .. } = context;
    let words = exempted_words(&plan.exempted)?;
    let lines: String = plan
        .exempted
        .iter()
        .map(|one| {
            let acceptance = &one.acceptance;
            let addresses: Vec<String> = one
                .finding
                .addresses
                .iter()
                .map(|address| context.address(address))
                .collect();
            let by = acceptance
                .by
                .as_ref()
                .map_or(String::new(), |by| format!(", by {}", escaper.prose(by)));
            let until = acceptance
                .until
                .map_or(String::new(), |until| format!(", until {until}"));
            format!(
                "- {} {}: {}{by}{until}\n",
                escaper.code(&one.finding.code.id),
                addresses.join(", "),
                escaper.prose(&acceptance.reason)
            )
        })
        .collect();
    let variants = [collapsed(&words, &lines), format!("{words}.\n")];
    Some(Part::new(Priority::Exempted, plan.exempted.len(), variants))
}
