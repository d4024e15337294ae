//! What changed descriptions break for those who call the APIs.

use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, grouped};
use super::truncation::{Part, Priority};
use crate::document::{Breaking, Impact};
use crate::output::breaking::{self, FEW_SHOWN};
use crate::output::spec_diff::sums_words;

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        breaks, escaper, ..
    } = context;
    let many = breaks.all().count();
    let unjudged = breaking::unjudged_words(context.plan);
    let unjudged = unjudged.map(|words| format!("{}\n", escaper.prose(&words)));
    if many == 0 {
        return Some(Part::new(Priority::Breaking, 1, [unjudged?]));
    }
    let broken = breaks.all().filter(|(_, found)| breaking::count(found) > 0);
    let title = match (breaks.count(), broken.count()) {
        (0, _) => format!("### Cautions: {} changed", count(many, "API description")),
        (n, broken) => format!(
            "### ⚠️ Breaking: {} in {}",
            count(n, "change"),
            count(broken, "API description")
        ),
    };
    let mut counted = format!("{title} (counted, to fit)\n\n");
    for (address, found) in breaks.all() {
        match breaking::count(found) {
            0 => {}
            n => counted.push_str(&format!("- {}: {}\n", escaper.address(address), grouped(n))),
        }
    }
    let listed = |most: usize| format!("{title}\n\n{}", list(context, most));
    let variants = [
        listed(usize::MAX),
        listed(FEW_SHOWN),
        counted,
        format!("{title}\n"),
    ];
    let with_note = variants.map(|variant| match &unjudged {
        Some(note) => format!("{variant}\n{note}"),
        None => variant,
    });
    Some(Part::new(Priority::Breaking, many, with_note))
}

/// The descriptions, each with at most so many findings.
fn list(context: MarkdownContext<'_>, most: usize) -> String {
    let escaper = context.escaper;
    let mut list = String::new();
    for (address, found) in context.breaks.all() {
        let mut changes = context.plan.changes.iter();
        let change = changes.find(|change| change.address == *address);
        let sums = change.and_then(|change| sums_words(change.sums()));
        let sums = sums.map_or(String::new(), |words| format!(": {words}"));
        list.push_str(&format!("- {}{sums}\n", escaper.address(address)));
        for found in found.iter().take(most) {
            list.push_str(&format!("  - {}\n", entry(escaper, found)));
        }
        if found.len() > most {
            list.push_str(&format!("  - {}\n", breaking::more(found, most)));
        }
    }
    list
}

/// One finding, on one line.
pub(super) fn entry(escaper: MarkdownEscaper<'_>, found: &Breaking) -> String {
    let word = match found.impact {
        Impact::Break => "",
        Impact::Caution => "caution: ",
    };
    format!(
        "{word}{}: {}",
        escaper.code(&found.place),
        escaper.prose(&found.message)
    )
}
