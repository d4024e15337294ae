//! Deletes: each by name, with all that vanishes with it.

use std::collections::BTreeMap;

use super::heading::{heading, remarked};
use super::layout::{columns, names};
use super::tree::push_below;
use super::view::PlanView;
use crate::model::Address;
use crate::output::outline::{Delete, caption_for_name, caption_of, condition, deletes};
use crate::output::styles::{faint, removed};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Change, Plan};

/// The deletes of a plan, and below them the ones that a rule blocks.
pub(super) fn push_deletes(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    let deletes = deletes(plan);
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for delete in deletes.iter().filter(|delete| !delete.is_change()) {
        *by_reason.entry(&delete.top.reason).or_default() += 1;
    }
    let mut previous = None;
    let mut sorted: Vec<&Delete<'_>> = deletes.iter().collect();
    // What has a reason in common is together, in the order of the first.
    let mut first_with: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, delete) in deletes.iter().enumerate() {
        first_with.entry(&delete.top.reason).or_insert(i);
    }
    sorted.sort_by_cached_key(|delete| first_with.get(delete.top.reason.as_str()));
    for delete in sorted {
        let reason = delete.top.reason.as_str();
        let is_shared = by_reason.get(reason).is_some_and(|count| *count > 1) && !view.shows_all();
        if is_shared && previous != Some(reason) {
            out.push(faint(format!("{}:", with_capital(reason))));
        }
        previous = Some(reason);
        if view.shows_all() {
            push_in_full(out, plan, view, delete);
        } else {
            push_delete(out, plan, view, delete, if is_shared { "" } else { reason });
        }
    }
}

fn with_capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn push_delete(
    out: &mut Text,
    plan: &Plan,
    view: &PlanView<'_>,
    delete: &Delete<'_>,
    reason: &str,
) {
    let (top, families) = (delete.top, delete.families());
    if delete.is_change() {
        let what = match top.after() {
            Some(_) => "the change",
            None => "the delete",
        };
        let title = format!("- with {what} of {}:", top.address);
        out.push(removed(title).strong());
    } else {
        let label = top.address.to_string();
        let mut row = heading(view, top, &label, 0);
        if row.columns() + 2 + columns(reason) <= view.width {
            row = remarked(row, reason);
        } else {
            out.push(row);
            row = faint(format!("{MARGIN}{reason}")).into();
        }
        match families.as_slice() {
            [(root, only)] if *root == top.address.root() => {
                push_taken(out, view, row, &top.address, only);
            }
            _ => out.push(row),
        }
        push_below(out, plan, top, 4);
    }
    let alone = families.len() == 1 && families[0].0 == top.address.root();
    for (root, all) in families.iter().filter(|_| !alone) {
        push_family(out, view, root, all);
    }
}

/// A delete, and each resource that vanishes with it, by its whole address.
fn push_in_full(out: &mut Text, plan: &Plan, view: &PlanView<'_>, delete: &Delete<'_>) {
    if !delete.is_change() {
        let label = delete.top.address.to_string();
        let row = remarked(heading(view, delete.top, &label, 0), &delete.top.reason);
        out.push(row);
        push_below(out, plan, delete.top, 4);
    }
    for change in &delete.taken {
        let label = change.address.to_string();
        let row = heading(view, change, &label, 2);
        out.push(remarked(row, &change.reason));
        push_below(out, plan, change, 6);
    }
}

/// The delete of a resource and, on the same line, what is below it.
fn push_taken(out: &mut Text, view: &PlanView<'_>, row: Line, above: &Address, taken: &[&Change]) {
    let labels: Vec<String> = taken.iter().map(|change| label(change, above)).collect();
    push_list(out, view, row, &labels);
}

/// A topmost resource that vanishes with an integration, and what is below it.
fn push_family(out: &mut Text, view: &PlanView<'_>, root: &Address, all: &[&Change]) {
    let (own, below): (Vec<&Change>, Vec<&Change>) = all
        .iter()
        .copied()
        .partition(|change| change.address == *root);
    let mut row = styled!["    ", removed(format!("- {root}"))];
    if let Some(own) = own.first() {
        if let Some(caption) = caption_of(own) {
            row = styled![row, "  ", caption];
        }
        if let Some(condition) = condition(own) {
            row = styled![row, "  ", faint(format!("unless {condition}"))];
        }
    }
    if below.is_empty() {
        out.push(row);
        return;
    }
    let labels: Vec<String> = below.iter().map(|change| label(change, root)).collect();
    push_list(out, view, row, &labels);
}

/// The address below another one; what has a generated name is called by its title.
fn label(change: &Change, above: &Address) -> String {
    let address = &change.address;
    if let Some(caption) = caption_for_name(change) {
        return format!("{} {caption}", address.kind().slug);
    }
    let whole = address.to_string();
    let below = whole.strip_prefix(&format!("{above}/"));
    below.map_or(whole.clone(), str::to_owned)
}

/// What vanishes too: behind the row, or below it where the terminal ends.
fn push_list(out: &mut Text, view: &PlanView<'_>, row: Line, labels: &[String]) {
    let whole = format!("  with {}", labels.join(", "));
    if row.columns() + columns(&whole) <= view.width {
        out.push(styled![row, whole]);
        return;
    }
    out.push(row);
    let room = view.width.saturating_sub(MARGIN.len() + WITH.len());
    for (i, line) in names(labels, room, None).into_iter().enumerate() {
        let lead = if i == 0 { WITH } else { "     " };
        out.push(format!("{MARGIN}{lead}{line}"));
    }
}

/// In front of what vanishes too.
const WITH: &str = "with ";
const MARGIN: &str = "      ";
