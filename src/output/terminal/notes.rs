//! What is below the changes: resources that nobody declares, warnings and refusals.

use super::layout::{cut_end, names};
use super::text_diff::spread;
use super::view::{Extent, PlanView};
use crate::model::{Diagnostic, NotListed, Severity, Span, wrapped};
use crate::output::grave::is_grave;
use crate::output::help::help_text;
use crate::output::outline::Reason;
use crate::output::shown::{MOST_PRINTED, Shown};
use crate::output::styles::{Piece, changed, faint, removed};
use crate::output::text::{Text, styled};
use crate::plan::Plan;

/// How many unmanaged resources are named without being asked for.
const FEW_UNMANAGED: usize = 5;

/// How many warnings are printed without being asked for.
const FEW_WARNINGS: usize = 10;

pub(super) fn push_unchanged(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    if !view.show_unchanged || plan.unchanged.is_empty() {
        return;
    }
    out.blank();
    for address in &plan.unchanged {
        out.push(faint(format!("= {address}")));
    }
}

/// The types that were not listed. That a service does not have one is only said where all is wanted.
pub(super) fn push_not_listed(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    for why in [NotListed::Forbidden, NotListed::NotOffered] {
        let types = plan.not_listed.iter().filter(|(_, one)| **one == why);
        let types: Vec<&str> = types.map(|(path, _)| path.as_str()).collect();
        if types.is_empty() || why == NotListed::NotOffered && !view.show_unmanaged {
            continue;
        }
        let text = format!("Not looked at: {} ({})", types.join(", "), why.words());
        out.blank();
        out.push(faint(text));
    }
}

pub(super) fn push_unmanaged(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    if plan.unmanaged.is_empty() {
        return;
    }
    out.blank();
    let shown = match view.show_unmanaged || view.shows_all() {
        true => plan.unmanaged.len(),
        false => plan.unmanaged.len().min(FEW_UNMANAGED),
    };
    out.push(faint(
        "Unmanaged (in the service, not in the manifests; not changed):",
    ));
    for address in plan.unmanaged.iter().take(shown) {
        out.push(faint(format!("    {address}")));
        let below = plan
            .unmanaged_below
            .get(address)
            .filter(|_| view.show_unmanaged);
        for address in below.into_iter().flatten() {
            out.push(faint(format!("      {address}")));
        }
    }
    if shown < plan.unmanaged.len() {
        let more = plan.unmanaged.len() - shown;
        out.push(faint(format!(
            "    and {more} more: --show-unmanaged lists them"
        )));
    }
}

pub(super) fn push_notes(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    let most = match view.extent {
        Extent::Summary => 0,
        Extent::Usual => FEW_WARNINGS,
        Extent::Details => MOST_PRINTED,
    };
    let is_always_shown =
        |diagnostic: &&Diagnostic| view.extent != Extent::Summary && is_grave(diagnostic);
    let all = plan.diagnostics.iter();
    let shown = Shown::of(all.clone().filter(|one| !is_always_shown(one)), most);
    for diagnostic in &shown.diagnostics {
        push_diagnostic(out, diagnostic, view);
    }
    if let Some(omission) = shown.omission() {
        out.blank();
        out.push(match view.extent {
            Extent::Details => omission,
            _ => format!("{omission}; --details lists them"),
        });
    }
    for diagnostic in all.filter(is_always_shown) {
        push_diagnostic(out, diagnostic, view);
    }
    for refusal in &plan.refusals {
        let (word, message) = (removed("refused"), &refusal.message);
        push_note(out, word, message, refusal.place, view);
        push_help(out, &refusal.help, view);
    }
}

fn push_diagnostic(out: &mut Text, diagnostic: &Diagnostic, view: &PlanView<'_>) {
    let span = diagnostic.primary.as_ref().map(|label| label.span);
    let word = match diagnostic.severity {
        Severity::Error => removed("error"),
        Severity::Warning => changed("warning"),
    };
    push_note(out, word, &diagnostic.message, span, view);
    if let Some(help) = help_text(diagnostic) {
        push_help(out, &help, view);
    }
}

fn push_note(out: &mut Text, word: Piece, message: &str, span: Option<Span>, view: &PlanView<'_>) {
    out.blank();
    let before = word.text.len() + ": ".len();
    let mut lines = sentence(message, before, view).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut last = styled![word, ": ", first];
    for line in lines {
        out.push(std::mem::replace(&mut last, styled![INDENT, line]));
    }
    if let Some(span) = span {
        let place = view.place(span);
        let width = last.columns() + GAP.len() + place.len();
        if view.wraps && width > view.width {
            out.push(std::mem::replace(&mut last, styled![INDENT, faint(place)]));
        } else {
            last = styled![last, GAP, faint(place)];
        }
    }
    out.push(last);
}

/// What is between a message and its place.
const GAP: &str = "  ";

/// What is before the lines that belong to another one.
const INDENT: &str = "    ";

/// A help, whose lines keep their places to each other.
fn push_help(out: &mut Text, help: &str, view: &PlanView<'_>) {
    for text in help.lines() {
        // What is indented is to be copied.
        let lines = match text.starts_with(' ') {
            true => vec![text.to_owned()],
            false => sentence(text, INDENT.len(), view),
        };
        for line in lines {
            out.push(format!("{INDENT}{line}").trim_end());
        }
    }
}

/// A sentence in lines that fit into the terminal, the first of them behind so many columns.
fn sentence(text: &str, before: usize, view: &PlanView<'_>) -> Vec<String> {
    match view.wraps {
        true => wrapped(text, view.width, before, INDENT.len()),
        false => vec![text.to_owned()],
    }
}

/// The reasons for which definitions break callers, each with where.
pub(super) fn push_reasons(out: &mut Text, view: &PlanView<'_>, reasons: &[Reason<'_>]) {
    if reasons.is_empty() {
        return;
    }
    out.blank();
    out.push(removed("Breaking changes:").strong());
    for reason in reasons {
        let text = format!("    {}: {}", reason.breaking.place, reason.breaking.message);
        let text = cut_end(&spread(&text), view.width);
        out.push(removed(text));
        let all: Vec<String> = reason.addresses.iter().map(ToString::to_string).collect();
        for line in names(&all, view.width.saturating_sub(8), Some(1)) {
            out.push(faint(format!("        {line}")));
        }
    }
}
