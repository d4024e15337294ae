//! What to do after reading a plan.

use super::context::MarkdownContext;
use super::escaper::fence;
use super::part::{Part, Priority};
use crate::output::shell::shell_word;

/// How to apply the plan, or what stops it.
pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        plan,
        review,
        escaper,
        ..
    } = context;
    // What is compared with another service is not applied from here, and what undoes an apply needs its file.
    if !plan.has_changes() || plan.from.is_some() || plan.undoes {
        return None;
    }
    if !plan.refusals.is_empty() {
        let text = "Next: fix what is refused above, and plan again.\n".to_owned();
        return Some(Part::new(Priority::NextSteps, 1, [text]));
    }
    let mut command = format!("apicenter apply --expect-plan {}", plan.id);
    if !plan.target.name.is_empty() {
        command.push_str(&format!(" -t {}", shell_word(&plan.target.name)));
    }
    for only in &review.options.only {
        command.push_str(&format!(" --only {}", shell_word(only)));
    }
    for exclude in &review.options.exclude {
        command.push_str(&format!(" --exclude {}", shell_word(exclude)));
    }
    if review.options.prune {
        command.push_str(" --prune");
    }
    if let Some(base) = &review.options.base {
        command.push_str(&format!(" --base {}", shell_word(base)));
    }
    for ours in &review.options.ours {
        command.push_str(&format!(" --ours {}", shell_word(ours)));
    }
    for theirs in &review.options.theirs {
        command.push_str(&format!(" --theirs {}", shell_word(theirs)));
    }
    if let Some(scope) = &plan.scope {
        // Where the branch begins is not where its reference is by then.
        command.push_str(&format!(" --changed-since {}", scope.changed.base));
    }
    for cascade in plan.cascades() {
        let address = shell_word(&cascade.address.to_string());
        command.push_str(&format!(" --allow-destroy {address}"));
    }
    if plan.openings().next().is_some() {
        command.push_str(" --allow-public");
    }
    let text = format!(
        "To apply exactly this plan, or nothing:\n\n{}",
        fence("sh", &[escaper.line(&command)])
    );
    let short = "Next: `apicenter apply`.\n".to_owned();
    Some(Part::new(Priority::NextSteps, 1, [text, short]))
}
