//! A plan as a comment on a pull request, in the Markdown that GitHub, GitLab and Azure DevOps share.
//!
//! Whatever a manifest or the service holds is shown as text and as nothing else: [`escaper`] is the only
//! way for it into the comment. [`truncation`] keeps what is seen of it to two screens, and all of it as short as the
//! service wants it.

mod blocked;
mod breaking;
mod changes;
mod context;
mod deletes;
mod details;
mod drift;
mod escaper;
mod exempted;
mod grouping;
mod height;
mod links;
mod next_steps;
mod part;
mod problems;
mod sections;
mod spec_diff;
mod table;
mod truncation;
mod values;

pub use drift::{DriftMarkdown, MIN_DRIFT_BUDGET, NotWrittenView};
pub use spec_diff::render_spec_diff_markdown;

use super::breaking::Breaks;
use super::outline::captions;
use super::redactor::Redactor;
use super::review::Review;
use crate::plan::Plan;
use context::{MarkdownContext, document_diffs};
use escaper::{MarkdownEscaper, count};
use part::{Part, Priority};

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
    let captions = captions(review.desired);
    let diffs = document_diffs(plan, review);
    let context = MarkdownContext {
        plan,
        review,
        breaks: &breaks,
        diffs: &diffs,
        captions: &captions,
        escaper: MarkdownEscaper {
            redactor: Redactor { subscription },
        },
    };
    let mut parts = vec![sections::heading(context)];
    parts.extend(sections::refusals(context));
    parts.extend(deletes::part(context));
    parts.extend(blocked::part(context));
    parts.extend(breaking::part(context));
    parts.extend(changes::part(context));
    parts.extend(problems::warnings(context));
    parts.extend(details::fields(context));
    parts.extend(details::documents(context));
    parts.extend(exempted::part(context));
    parts.extend(sections::left_alone(context));
    parts.extend(sections::unmanaged(context));
    parts.extend(sections::unchanged(context));
    parts.extend(next_steps::part(context));
    truncation::fold(&mut parts, budget.saturating_sub(FRAMES));
    let note = truncation::truncate(&mut parts, budget, FRAMES);
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

/// Characters that the frames around the fields and the documents take.
const FRAMES: usize = 240;

/// Puts the parts below one another, and those that show fields or documents into a frame of their own.
fn assemble(parts: &[Part], note: Option<String>) -> String {
    let mut blocks: Vec<String> = Vec::new();
    let mut note = note;
    let shown: Vec<(&Part, String)> = parts
        .iter()
        .map(|part| (part, part.text()))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    for alike in shown.chunk_by(|(a, _), (b, _)| a.priority == b.priority) {
        let priority = alike[0].0.priority;
        let weight: usize = alike.iter().map(|(part, _)| part.weight).sum();
        if priority == Priority::NextSteps {
            blocks.extend(note.take());
        }
        let frame = match priority {
            Priority::Fields => Some(format!("Fields of {}", count(weight, "resource"))),
            Priority::Document if weight > 1 => Some(count(weight, "document")),
            _ => None,
        };
        let start = frame.map(|words| format!("<details><summary>{words}</summary>\n"));
        let end = start.is_some().then(|| "</details>\n".to_owned());
        blocks.extend(start);
        blocks.extend(alike.iter().map(|(_, text)| text.clone()));
        blocks.extend(end);
    }
    blocks.extend(note);
    blocks.join("\n")
}
