//! What changed descriptions break for those who call the APIs.

use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, grouped};
use super::truncation::{Part, Priority};
use crate::document::{Breaking, Impact};
use crate::output::breaking::{self, MOST_SHOWN};

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        breaks, escaper, ..
    } = context;
    let many = breaks.all().count();
    if many == 0 {
        return None;
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
    let mut full = format!("{title}\n\n");
    let mut counted = format!("{title} (counted, to fit)\n\n");
    for (address, found) in breaks.all() {
        let address = escaper.address(address);
        full.push_str(&format!("- {address}\n"));
        for found in found.iter().take(MOST_SHOWN) {
            full.push_str(&format!("  - {}\n", entry(context.escaper, found)));
        }
        if found.len() > MOST_SHOWN {
            full.push_str(&format!("  - {}\n", breaking::more(found)));
        }
        match breaking::count(found) {
            0 => {}
            n => counted.push_str(&format!("- {address}: {}\n", grouped(n))),
        }
    }
    let variants = [full, counted, format!("{title}\n")];
    Some(Part::new(Priority::Breaking, many, variants))
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
