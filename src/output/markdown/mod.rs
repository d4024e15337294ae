//! A plan as a comment on a pull request, in the Markdown that GitHub, GitLab and Azure DevOps share.
//!
//! Whatever a manifest or the service holds is shown as text and as nothing else: [`escaper`] is the only
//! way for it into the comment. [`truncation`] keeps the comment as short as the service wants it.

mod breaking;
mod changes;
mod context;
mod details;
mod escaper;
mod exempted;
mod grouping;
mod next_steps;
mod problems;
mod sections;
mod spec_diff;
mod truncation;

pub use spec_diff::render_spec_diff_markdown;

use super::breaking::Breaks;
use super::redactor::Redactor;
use super::review::Review;
use crate::plan::Plan;
use context::MarkdownContext;
use escaper::{MarkdownEscaper, count};
use truncation::{Part, Priority};

/// The least that a comment may be limited to, in characters.
pub const MIN_MARKDOWN_BUDGET: usize = 4000;

/// Writes a plan as a comment of at most `budget` characters, which must be at least
/// [`MIN_MARKDOWN_BUDGET`].
///
/// The first line is an invisible mark, by which the comment of an earlier run is found again.
#[must_use]
pub fn render_markdown(plan: &Plan, review: &Review<'_>, budget: usize) -> String {
    let subscription = plan.target.service.subscription.as_str();
    let breaks = Breaks::of(plan);
    let context = MarkdownContext {
        plan,
        review,
        breaks: &breaks,
        escaper: MarkdownEscaper {
            redactor: Redactor { subscription },
        },
    };
    let mut parts = vec![sections::heading(context)];
    parts.extend(sections::refusals(context));
    parts.extend(sections::deletes(context));
    parts.extend(sections::blocked(context));
    parts.extend(breaking::part(context));
    parts.extend(problems::warnings(context));
    parts.extend(exempted::part(context));
    parts.extend(changes::part(context));
    parts.extend(details::fields(context));
    parts.extend(details::documents(context));
    parts.extend(sections::unmanaged(context));
    parts.extend(sections::unchanged(context));
    parts.extend(next_steps::part(context));
    let note = truncation::truncate(&mut parts, budget, FIELDS_FRAME);
    assemble(&parts, note)
}

/// Writes what is wrong with manifests that cannot be planned, as a comment of at most `budget`
/// characters.
#[must_use]
pub fn render_markdown_failure(target: &str, review: &Review<'_>, budget: usize) -> String {
    let escaper = MarkdownEscaper {
        redactor: Redactor { subscription: "" },
    };
    let mut parts = vec![
        sections::failure_heading(target, review, escaper),
        problems::problems(review.diagnostics, review, escaper),
    ];
    let note = truncation::truncate(&mut parts, budget, 0);
    assemble(&parts, note)
}

/// Characters that the frame around the fields takes.
const FIELDS_FRAME: usize = 120;

/// Puts the parts below one another, and those that show fields into one frame.
fn assemble(parts: &[Part], note: Option<String>) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let shown = |part: &&Part| part.priority == Priority::Fields && !part.text().is_empty();
    let of: usize = parts.iter().filter(shown).map(Part::weight).sum();
    let mut is_framed = false;
    let mut note = note;
    for part in parts.iter().filter(|part| !part.text().is_empty()) {
        let is_field = part.priority == Priority::Fields;
        if is_field && !is_framed {
            let words = count(of, "resource");
            blocks.push(format!("<details><summary>Fields of {words}</summary>\n"));
        }
        if !is_field && is_framed {
            blocks.push("</details>\n".to_owned());
        }
        is_framed = is_field;
        if part.priority == Priority::NextSteps {
            blocks.extend(note.take());
        }
        blocks.push(part.text().to_owned());
    }
    if is_framed {
        blocks.push("</details>\n".to_owned());
    }
    blocks.extend(note);
    blocks.join("\n")
}
