//! What to do after reading a plan.

use super::context::MarkdownContext;
use super::escaper::fence;
use super::part::{Part, Priority};
use crate::output::apply_command::apply_command;

/// How to apply the plan, or what stops it.
pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        plan,
        review,
        escaper,
        ..
    } = context;
    let command = apply_command(plan, review.options, escaper.redactor)?;
    if !plan.refusals.is_empty() {
        let text = "Next: fix what is refused above, and plan again.\n".to_owned();
        return Some(Part::new(Priority::NextSteps, 1, [text]));
    }
    let text = format!(
        "To apply exactly this plan, or nothing:\n\n{}",
        fence("sh", &[escaper.line(&command)])
    );
    let short = "Next: `apicenter apply`.\n".to_owned();
    Some(Part::new(Priority::NextSteps, 1, [text, short]))
}
