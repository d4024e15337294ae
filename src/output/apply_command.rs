//! The command that applies a plan.

use super::json::OptionsJson;
use super::redactor::Redactor;
use super::shell::shell_word;
use crate::plan::Plan;

/// The command that applies exactly this plan, or nothing; `None` if nothing would be applied.
pub(super) fn apply_command(
    plan: &Plan,
    options: &OptionsJson,
    redactor: Redactor<'_>,
) -> Option<String> {
    // What is compared with another service is not applied from here, and what undoes an apply needs its file.
    if !plan.has_changes() || plan.from.is_some() || plan.undoes {
        return None;
    }
    let mut command = format!("apicenter apply --expect-plan {}", plan.id);
    let mut push = |flag: &str, value: &str| {
        command.push_str(&format!(" {flag} {}", shell_word(&redactor.text(value))));
    };
    if !plan.target.name.is_empty() {
        push("-t", &plan.target.name);
    }
    for only in &options.only {
        push("--only", only);
    }
    for exclude in &options.exclude {
        push("--exclude", exclude);
    }
    if let Some(base) = &options.base {
        push("--base", base);
    }
    for ours in &options.ours {
        push("--ours", ours);
    }
    for theirs in &options.theirs {
        push("--theirs", theirs);
    }
    if let Some(scope) = &plan.scope {
        // Where the branch begins is not where its reference is by then.
        push("--changed-since", &scope.changed.base);
    }
    if options.prune {
        command.push_str(" --prune");
    }
    for cascade in plan.cascades() {
        let address = shell_word(&redactor.address(&cascade.address));
        command.push_str(&format!(" --allow-destroy {address}"));
    }
    if plan.openings().next().is_some() {
        command.push_str(" --allow-public");
    }
    Some(command)
}
