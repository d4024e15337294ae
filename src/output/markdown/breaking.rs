//! What changed descriptions break for those who call the APIs, by reason.

use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, grouped};
use super::part::{Part, Priority};
use super::problems::collapsed;
use crate::document::{Breaking, Impact};
use crate::output::breaking;
use crate::output::outline::{Reason, cautions, reasons};

/// Definitions that are named behind a reason.
const FEW_NAMES: usize = 3;

/// Reasons that are shown where room is short.
const FEW_REASONS: usize = 8;

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let breaks = context.breaks;
    let many = breaks.all().count();
    let unjudged = breaking::unjudged_words(context.plan);
    let unjudged = unjudged.map(|words| format!("{}\n", context.escaper.prose(&words)));
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
    let changes = || context.plan.changes.iter();
    let all = [reasons(changes()), cautions(changes())].concat();
    let lines: Vec<String> = all
        .iter()
        .map(|one| line(context, one, FEW_NAMES))
        .collect();
    let few = match lines.len().saturating_sub(FEW_REASONS) {
        0 => lines.concat(),
        more => {
            let more = count(more, "more reason");
            format!("{}- … and {more}\n", lines[..FEW_REASONS].concat())
        }
    };
    let counted = format!("- {}\n", count(lines.len(), "reason"));
    let visible = [lines.concat(), few, counted].map(|text| match &unjudged {
        Some(note) => format!("{title}\n\n{text}\n{note}"),
        None => format!("{title}\n\n{text}"),
    });
    let whole: String = all
        .iter()
        .map(|one| line(context, one, usize::MAX))
        .collect();
    let by_definition: String = breaks
        .all()
        .filter(|(_, found)| breaking::count(found) > 0)
        .map(|(address, found)| {
            let address = context.escaper.address(address);
            format!("- {address}: {}\n", grouped(breaking::count(found)))
        })
        .collect();
    let folded = [
        collapsed("What breaks where", &whole),
        collapsed("What breaks where (counted, to fit)", &by_definition),
        String::new(),
    ];
    let is_partial = all.iter().any(|one| one.addresses.len() > FEW_NAMES);
    Some(Part::new(Priority::Breaking, many, visible).folding(folded, is_partial))
}

/// A reason, and the definitions that it concerns.
fn line(context: MarkdownContext<'_>, reason: &Reason<'_>, most: usize) -> String {
    let names = reason.addresses.iter().take(most);
    let names: Vec<String> = names.map(|address| context.below(address)).collect();
    let more = match reason.addresses.len() - names.len() {
        0 => String::new(),
        n => format!(" and {} more", grouped(n)),
    };
    let many = match reason.addresses.len() {
        1 => String::new(),
        n => format!(" {}:", count(n, "API description")),
    };
    format!(
        "- {}, in{many} {}{more}\n",
        entry(context.escaper, &reason.breaking),
        names.join(", ")
    )
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
