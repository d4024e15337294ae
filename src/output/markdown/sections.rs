//! What stands around the changes: the heading, refusals, and what is not changed.

use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, grouped};
use super::part::{Part, Priority};
use super::problems::{as_sentence, collapsed};
use crate::model::{Address, Severity};
use crate::output::authors::author_words;
use crate::output::review::Review;
use crate::output::scope::{ScopeWords, command_for_all, unchanged_words};
use crate::output::text::cut;
use crate::plan::Plan;

/// Refusals whose message and help are cut when room is short, in characters.
const SHORT_REFUSAL: usize = 200;

pub(super) fn heading(context: MarkdownContext<'_>) -> Part {
    let MarkdownContext {
        plan,
        review,
        escaper,
        ..
    } = context;
    let target = &plan.target;
    let summary = plan.summary();
    let verdict = verdict(context);
    let refused = match plan.refusals.is_empty() || !plan.is_made() {
        true => "",
        false => ". Refused",
    };
    let (key, title) = key_and_title(plan, escaper);
    let mut text = format!(
        "{}\n## {title}: {verdict}{refused}\n\nService {}",
        mark(&escaper.redactor.text(&key)),
        escaper.label(&target.service.name)
    );
    if review.is_emulator {
        text.push_str(" in the embedded emulator");
    } else {
        text.push_str(&format!(
            " in resource group {}, subscription {}",
            escaper.label(&target.service.resource_group),
            escaper.label(&target.service.subscription)
        ));
    }
    if plan.is_made() {
        text.push_str(&format!(" · Plan ID: {}", escaper.label(&plan.id)));
    }
    text.push('\n');
    if plan.is_made() && !plan.has_changes() && summary.blocked == 0 {
        text.push_str(&format!("\n**No changes.** {}\n", unchanged_words(plan)));
    }
    if let Some(words) = author_words(plan) {
        text.push_str(&format!("\n{}\n", escaper.prose(&words)));
    }
    if let Some(scope) = &plan.scope {
        let words = ScopeWords::of(scope, plan);
        let command = escaper.line(&command_for_all(scope, plan));
        text.push_str(&format!(
            "\n{}. **The rest of the service was not compared**; to compare all of it: `{command}`\n",
            escaper.prose(&words.compared)
        ));
    }
    Part::new(Priority::Heading, 1, [text])
}

/// What the plan does, in numbers.
fn verdict(MarkdownContext { plan, breaks, .. }: MarkdownContext<'_>) -> String {
    let summary = plan.summary();
    if !plan.is_made() {
        "refused".to_owned()
    } else if !plan.has_changes() && summary.blocked == 0 {
        "no changes".to_owned()
    } else {
        let mut words = vec![
            format!("{} to add", grouped(summary.create)),
            format!("{} to change", grouped(summary.update + summary.replace)),
            format!("{} to destroy", grouped(summary.delete + summary.replace)),
        ];
        for (n, word) in [(summary.rename, "to rename"), (summary.blocked, "blocked")] {
            if n > 0 {
                words.push(format!("{} {word}", grouped(n)));
            }
        }
        match breaks.count() {
            0 => {}
            n => words.push(count(n, "breaking change")),
        }
        words.join(", ")
    }
}

/// What distinguishes the comment from others, and its title.
fn key_and_title(plan: &Plan, escaper: MarkdownEscaper<'_>) -> (String, String) {
    let target = &plan.target.name;
    let name = escaper.label(target);
    match &plan.from {
        Some(from) => (
            format!("{} {target}", from.name),
            format!("From {} to {name}", escaper.label(&from.name)),
        ),
        None => (target.clone(), format!("Plan for {name}")),
    }
}

pub(super) fn failure_heading(
    target: &str,
    review: &Review<'_>,
    escaper: MarkdownEscaper<'_>,
) -> Part {
    let errors = review
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .count();
    // A project file that is wrong names no target.
    let whose = match target {
        "" => String::new(),
        target => format!(" for {}", escaper.label(target)),
    };
    let text = format!(
        "{}\n## No plan{whose}: {} in the manifests\n\nNothing was compared and nothing can be applied.\n",
        mark(&escaper.redactor.text(target)),
        count(errors, "error")
    );
    Part::new(Priority::Heading, 1, [text])
}

/// The invisible first line. Other signs than those of ordinary names are spelt in hexadecimal, so
/// that the comment cannot end early.
fn mark(target: &str) -> String {
    let mut name = String::new();
    for byte in target.bytes().take(100) {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'_' | b'-' => {
                name.push(char::from(byte));
            }
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    format!("<!-- apicenter-plan:{name} -->")
}

pub(super) fn refusals(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext { plan, escaper, .. } = context;
    if plan.refusals.is_empty() {
        return None;
    }
    let title = "### ⛔ Refused: `apicenter apply` stops before it writes anything\n\n";
    let (mut full, mut short) = (title.to_owned(), title.to_owned());
    for refusal in &plan.refusals {
        let place = refusal.place.map_or(String::new(), |place| {
            format!(" ({})", context.place(place))
        });
        let message = escaper.prose(&refusal.message);
        full.push_str(&format!(
            "- {message}{place}\n  - {}\n",
            as_sentence(escaper, &refusal.help)
        ));
        let message = cut(&refusal.message, SHORT_REFUSAL);
        short.push_str(&format!("- {}\n", escaper.prose(&message)));
    }
    Some(Part::new(
        Priority::Refusals,
        plan.refusals.len(),
        [full, short],
    ))
}

/// What stays as it is live although both sides edited it.
pub(super) fn left_alone(context: MarkdownContext<'_>) -> Option<Part> {
    let addresses = &context.plan.left_alone;
    let words = format!(
        "{} left as live (--theirs)",
        count(addresses.len(), "resource")
    );
    listed(context, Priority::Unmanaged, addresses, &words)
}

pub(super) fn unmanaged(context: MarkdownContext<'_>) -> Option<Part> {
    let addresses = &context.plan.unmanaged;
    let words = format!(
        "{} unmanaged (in the service, not in the manifests; not changed)",
        count(addresses.len(), "resource")
    );
    listed(context, Priority::Unmanaged, addresses, &words)
}

pub(super) fn unchanged(context: MarkdownContext<'_>) -> Option<Part> {
    if !context.review.show_unchanged {
        return None;
    }
    let addresses = &context.plan.unchanged;
    let how = match &context.plan.from {
        Some(_) => "the same",
        None if context.plan.undoes => "as before the apply",
        None => "as declared",
    };
    let words = format!("{} {how}", count(addresses.len(), "resource"));
    listed(context, Priority::Unchanged, addresses, &words)
}

fn listed(
    context: MarkdownContext<'_>,
    priority: Priority,
    addresses: &[Address],
    words: &str,
) -> Option<Part> {
    if addresses.is_empty() {
        return None;
    }
    let line = |address| format!("- {}\n", context.address(address));
    let lines: String = addresses.iter().map(line).collect();
    let variants = [collapsed(words, &lines), format!("{words}.\n")];
    Some(Part::new(priority, addresses.len(), variants))
}
