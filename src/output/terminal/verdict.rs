//! The end of a plan: its counts and its id.

use crate::model::counted;
use crate::output::authors::author_words;
use crate::output::breaking::{Breaks, unjudged_words};
use crate::output::exempted::exempted_words;
use crate::output::scope::{ScopeWords, unchanged_words};
use crate::output::styles::{added, changed, faint, removed, strong};
use crate::output::text::{Text, styled};
use crate::plan::Plan;

/// What a plan does, in numbers: `1 to add, 2 to change, 0 to destroy.` and what else decides.
#[must_use]
pub fn plan_counts(plan: &Plan) -> String {
    let summary = plan.summary();
    let mut counts = format!(
        "{} to add, {} to change, {} to destroy.",
        summary.create,
        summary.update + summary.replace,
        summary.delete + summary.replace
    );
    if summary.rename > 0 {
        counts.push_str(&format!(" {} to rename.", summary.rename));
    }
    if summary.blocked > 0 {
        counts.push_str(&format!(" {} blocked.", summary.blocked));
    }
    counts
}

/// How many changes break callers, if any.
fn breaking_words(plan: &Plan) -> Option<String> {
    match Breaks::of(plan).count() {
        0 => None,
        count => Some(format!("{}.", counted(count, "breaking change"))),
    }
}

fn push_scope(out: &mut Text, plan: &Plan) {
    if let Some(scope) = &plan.scope {
        let words = ScopeWords::of(scope, plan);
        out.push(faint(format!("{}.", words.compared)));
        out.push(faint(words.rest));
    }
}

/// Who made the differences, and what stays as it is live.
fn push_authors(out: &mut Text, plan: &Plan) {
    if let Some(words) = author_words(plan) {
        out.push(words);
    }
    if !plan.left_alone.is_empty() {
        let names: Vec<String> = plan.left_alone.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        out.push(changed(format!("Left as it is live (--theirs): {names}.")));
    }
}

pub(super) fn push_verdict(out: &mut Text, plan: &Plan, is_whole: bool) {
    push_authors(out, plan);
    if let Some(words) = exempted_words(&plan.exempted) {
        out.push(faint(format!("{words}.")));
    }
    let summary = plan.summary();
    if !plan.has_changes() && summary.blocked == 0 {
        let verdict = unchanged_words(plan);
        out.push(styled![
            added("No changes.").strong(),
            format!(" {verdict}")
        ]);
        push_scope(out, plan);
        return;
    }
    if let Some(words) = unjudged_words(plan) {
        out.push(changed(words));
    }
    if !is_whole {
        out.push(faint("Every resource with every field: --details"));
    }
    let mut counts = styled![strong("Plan:"), " ", plan_counts(plan)];
    if let Some(words) = breaking_words(plan) {
        counts = styled![counts, " ", removed(words)];
    }
    out.push(counts);
    push_scope(out, plan);
    out.push(faint(format!("Plan ID: {}", plan.id)));
}
