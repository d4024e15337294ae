//! What the difference of two descriptions breaks, as a comment on a pull request.

use super::breaking::entry;
use super::escaper::{MarkdownEscaper, count};
use crate::document::Sameness;
use crate::output::redactor::Redactor;
use crate::output::spec_diff::{SpecDiff, sums_words};

/// Writes what was found, in at most about `budget` characters.
#[must_use]
pub fn render_spec_diff_markdown(diff: &SpecDiff<'_>, budget: usize) -> String {
    let escaper = MarkdownEscaper {
        redactor: Redactor { subscription: "" },
    };
    let title = match diff.counts() {
        _ if diff.comparison.sameness == Sameness::Same => "### No changes".to_owned(),
        (0, 0) => "### No breaking changes".to_owned(),
        (0, cautions) => format!("### {}", count(cautions, "caution")),
        (breaks, 0) => format!("### ⚠️ {}", count(breaks, "breaking change")),
        (breaks, cautions) => format!(
            "### ⚠️ {}, {}",
            count(breaks, "breaking change"),
            count(cautions, "caution")
        ),
    };
    let names = format!(
        "{} → {}",
        escaper.code(diff.before.name),
        escaper.code(diff.after.name)
    );
    let sums = match diff.comparison.sameness {
        Sameness::ExceptDescriptions => Some("only descriptions differ".to_owned()),
        Sameness::Same | Sameness::Different => sums_words(&diff.comparison.sums),
    };
    let sums = sums.map_or(String::new(), |words| format!(": {words}"));
    let mut out = format!("{title}\n\n{names}{sums}\n");
    if let Some(omission) = diff.omission() {
        out.push_str(&format!("\n{omission}\n"));
    }
    if !diff.located.is_empty() {
        out.push('\n');
    }
    let mut left = budget.saturating_sub(out.chars().count());
    for (shown, located) in diff.located.iter().enumerate() {
        let mut line = format!("- {}", entry(escaper, located.found));
        if let Some(span) = located.after.or(located.before) {
            let side = match located.after {
                Some(_) => diff.after,
                None => diff.before,
            };
            line.push_str(&format!(" ({})", escaper.code(&side.sources.display(span))));
        }
        line.push('\n');
        let length = line.chars().count();
        if length + ROOM_FOR_REST > left {
            let rest = diff.located.len() - shown;
            out.push_str(&format!("- … and {rest} more\n"));
            break;
        }
        left -= length;
        out.push_str(&line);
    }
    out
}

/// Characters that the line about the rest may take.
const ROOM_FOR_REST: usize = 40;
