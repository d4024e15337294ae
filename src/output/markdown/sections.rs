//! What stands around the changes: the heading, what is lost, what is stopped, and what to do next.

use std::collections::BTreeMap;

use super::changes;
use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, grouped};
use super::grouping::by_root;
use super::problems::{as_sentence, collapsed};
use super::truncation::{Part, Priority};
use crate::model::{Address, Severity, unmodelled_paths};
use crate::output::review::Review;
use crate::output::text::cut;
use crate::plan::{Action, Change, Step};

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
    let verdict = if !plan.has_changes() && summary.blocked == 0 {
        "no changes".to_owned()
    } else {
        let mut words = vec![
            format!("{} to add", grouped(summary.create)),
            format!("{} to change", grouped(summary.update + summary.replace)),
            format!("{} to destroy", grouped(summary.delete + summary.replace)),
        ];
        if summary.blocked > 0 {
            words.push(format!("{} blocked", grouped(summary.blocked)));
        }
        match context.breaks.count() {
            0 => {}
            n => words.push(count(n, "breaking change")),
        }
        words.join(", ")
    };
    let refused = if plan.refusals.is_empty() {
        ""
    } else {
        ". Refused"
    };
    let mut text = format!(
        "{}\n## Plan for {}: {verdict}{refused}\n\nService {}",
        mark(&escaper.redactor.text(&target.name)),
        escaper.label(&target.name),
        escaper.label(&target.service)
    );
    if review.is_emulator {
        text.push_str(" in the embedded emulator");
    } else {
        text.push_str(&format!(
            " in resource group {}, subscription {}",
            escaper.label(&target.resource_group),
            escaper.label(&target.subscription)
        ));
    }
    text.push_str(&format!(" · Plan ID: {}\n", escaper.label(&plan.id)));
    if !plan.has_changes() && summary.blocked == 0 {
        let unchanged = count(summary.unchanged, "resource");
        text.push_str(&format!(
            "\n**No changes.** The service is as declared ({unchanged}).\n"
        ));
    }
    Part::new(Priority::Heading, 1, [text])
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
    let MarkdownContext {
        plan,
        review,
        escaper,
        ..
    } = context;
    if plan.refusals.is_empty() {
        return None;
    }
    let title = "### ⛔ Refused: `apicenter apply` stops before it writes anything\n\n";
    let (mut full, mut short) = (title.to_owned(), title.to_owned());
    for refusal in &plan.refusals {
        let place = refusal.place.map_or(String::new(), |span| {
            format!(" ({})", escaper.code(&review.place(span)))
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

pub(super) fn deletes(context: MarkdownContext<'_>) -> Option<Part> {
    let escaper = context.escaper;
    let gone: Vec<&Change> = with_action(context, Action::Delete);
    if gone.is_empty() {
        return None;
    }
    let verb = if gone.len() == 1 {
        "vanishes"
    } else {
        "vanish"
    };
    let title = format!("### ⚠️ Deletes: {} {verb}", count(gone.len(), "resource"));
    let mut full = format!("{title}\n\n");
    for change in &gone {
        let address = escaper.address(&change.address);
        let is_nested = matches!(&change.step, Step::Delete { with: Some(top), .. }
            if gone.iter().any(|other| other.address == *top));
        match is_nested {
            true => full.push_str(&format!("  - {address}")),
            false => full.push_str(&format!(
                "- **delete** {address}: {}",
                escaper.prose(&change.reason)
            )),
        }
        full.push_str(&lost_fields(escaper, change));
        full.push('\n');
        full.push_str(&changes::steps(context, change, "  "));
    }
    let by_root = by_root(&gone);
    let mut named = format!("{title} (names only, to fit)\n\n");
    for group in by_root.values() {
        let names: Vec<String> = group.iter().map(|c| escaper.address(&c.address)).collect();
        named.push_str(&format!("- {}\n", names.join(", ")));
    }
    let counted = format!("{title} (too many to name, so counted by their topmost resource)\n\n");
    let counted = counted + &counted_by_root(escaper, &by_root);
    Some(Part::new(
        Priority::Deletes,
        gone.len(),
        [full, named, counted],
    ))
}

fn lost_fields(escaper: MarkdownEscaper<'_>, change: &Change) -> String {
    let lost = unmodelled_paths(&change.unmodelled);
    if lost.is_empty() {
        return String::new();
    }
    let lost: Vec<String> = lost.iter().map(|path| escaper.code(path)).collect();
    format!(
        " (lost, though not known to this program: {})",
        lost.join(", ")
    )
}

pub(super) fn blocked(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        review, escaper, ..
    } = context;
    let stopped = with_action(context, Action::Blocked);
    if stopped.is_empty() {
        return None;
    }
    let title = format!(
        "### Blocked: a rule stops {}",
        count(stopped.len(), "change")
    );
    let (mut full, mut named) = (
        format!("{title}\n\n"),
        format!("{title} (names only, to fit)\n\n"),
    );
    for change in &stopped {
        let address = escaper.address(&change.address);
        let verb = match change.step {
            Step::Create { .. } => "create",
            Step::Update { .. } => "update",
            Step::Replace { .. } => "replace",
            Step::Delete { .. } => "delete",
        };
        let place = change.place.map_or(String::new(), |span| {
            format!(" ({})", escaper.code(&review.place(span)))
        });
        let rule = escaper.prose(change.blocked.as_ref().map_or("", |block| &block.reason));
        full.push_str(&format!(
            "- **blocked** {address}, no {verb}: {rule}{place}\n"
        ));
        named.push_str(&format!("- {address}\n"));
    }
    let counted = format!("{title} (too many to name, so counted by their topmost resource)\n\n");
    let counted = counted + &counted_by_root(escaper, &by_root(&stopped));
    Some(Part::new(
        Priority::Blocked,
        stopped.len(),
        [full, named, counted],
    ))
}

fn with_action<'a>(context: MarkdownContext<'a>, action: Action) -> Vec<&'a Change> {
    let changes = context.plan.changes.iter();
    changes.filter(|c| c.action() == action).collect()
}

fn counted_by_root(
    escaper: MarkdownEscaper<'_>,
    groups: &BTreeMap<Address, Vec<&Change>>,
) -> String {
    let line = |(root, group): (&Address, &Vec<&Change>)| {
        format!("- {}: {}\n", escaper.address(root), grouped(group.len()))
    };
    groups.iter().map(line).collect()
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
    let words = format!("{} as declared", count(addresses.len(), "resource"));
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
    let line = |address| format!("- {}\n", context.escaper.address(address));
    let lines: String = addresses.iter().map(line).collect();
    let variants = [collapsed(words, &lines), format!("{words}.\n")];
    Some(Part::new(priority, addresses.len(), variants))
}
