//! A plan as a comment on a pull request, in the Markdown that GitHub, GitLab and Azure DevOps share.
//!
//! Whatever a manifest or the service holds is shown as text and as nothing else: [`ink`] is the only
//! way for it into the comment. [`budget`] keeps the comment as short as the service wants it.

mod breaking;
mod budget;
mod changes;
mod details;
mod ink;
mod sections;

use super::breaking::Breaks;
use super::review::{Mask, Review};
use crate::plan::Plan;
use budget::{Part, Rank};
use ink::{Ink, count};

/// The least that a comment may be limited to, in characters.
pub const MIN_MARKDOWN_BUDGET: usize = 4000;

/// What every part of a comment is made from.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    plan: &'a Plan,
    review: &'a Review<'a>,
    ink: Ink<'a>,
    breaks: &'a Breaks<'a>,
}

/// Writes a plan as a comment of at most `budget` characters, which must be at least
/// [`MIN_MARKDOWN_BUDGET`].
///
/// The first line is an invisible mark, by which the comment of an earlier run is found again.
#[must_use]
pub fn render_markdown(plan: &Plan, review: &Review<'_>, budget: usize) -> String {
    let subscription = plan.target.subscription.as_str();
    let breaks = Breaks::of(plan);
    let context = Context {
        plan,
        review,
        breaks: &breaks,
        ink: Ink {
            mask: Mask { subscription },
        },
    };
    let mut parts = vec![sections::heading(context)];
    parts.extend(sections::refusals(context));
    parts.extend(sections::deletes(context));
    parts.extend(sections::blocked(context));
    parts.extend(breaking::part(context));
    parts.extend(sections::warnings(context));
    parts.extend(changes::part(context));
    parts.extend(details::fields(context));
    parts.extend(details::documents(context));
    parts.extend(sections::unmanaged(context));
    parts.extend(sections::unchanged(context));
    parts.extend(sections::next_steps(context));
    let note = budget::fit(&mut parts, budget, FIELDS_FRAME);
    assemble(&parts, note)
}

/// Writes what is wrong with manifests that cannot be planned, as a comment of at most `budget`
/// characters.
#[must_use]
pub fn render_markdown_failure(target: &str, review: &Review<'_>, budget: usize) -> String {
    let ink = Ink {
        mask: Mask { subscription: "" },
    };
    let mut parts = vec![
        sections::failure_heading(target, review, ink),
        sections::problems(review.diagnostics, review, ink),
    ];
    let note = budget::fit(&mut parts, budget, 0);
    assemble(&parts, note)
}

/// Characters that the frame around the fields takes.
const FIELDS_FRAME: usize = 120;

/// Puts the parts below one another, and those that show fields into one frame.
fn assemble(parts: &[Part], note: Option<String>) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let shown = |part: &&Part| part.rank == Rank::Fields && !part.text().is_empty();
    let of: usize = parts.iter().filter(shown).map(Part::weight).sum();
    let mut is_framed = false;
    let mut note = note;
    for part in parts.iter().filter(|part| !part.text().is_empty()) {
        let is_field = part.rank == Rank::Fields;
        if is_field && !is_framed {
            let words = count(of, "resource");
            blocks.push(format!("<details><summary>Fields of {words}</summary>\n"));
        }
        if !is_field && is_framed {
            blocks.push("</details>\n".to_owned());
        }
        is_framed = is_field;
        if part.rank == Rank::NextSteps {
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
