//! The tree of changes: what is below an API is below it.

use super::density::Density;
use super::document::impacts;
use super::fields::push_fields;
use super::heading::{context, heading, remarked};
use super::layout::{columns, cut_end, push_row};
use super::view::PlanView;
use crate::output::migration;
use crate::output::outline::{Branch, shown_fields};
use crate::output::renaming::Renaming;
use crate::output::styles::{changed, faint, removed};
use crate::output::text::{Line, Text, styled};
use crate::output::unmodelled::unmodelled;
use crate::output::{breaking, text};
use crate::plan::{Action, Change, Plan};

/// Adds branches, with an empty line around those that have several lines.
pub(super) fn push_branches(
    out: &mut Text,
    plan: &Plan,
    view: &PlanView<'_>,
    branches: &[Branch<'_>],
    density: Density<'_>,
) {
    let blocks = branches.iter().map(|branch| {
        let mut block = Text::default();
        push_branch(&mut block, plan, view, branch, 0, density);
        block
    });
    push_blocks(out, blocks);
}

/// Adds texts, with an empty line around those that have several lines.
pub(super) fn push_blocks(out: &mut Text, blocks: impl IntoIterator<Item = Text>) {
    let mut previous = None;
    for block in blocks {
        if previous.is_some_and(|lines| lines > 1 || block.len() > 1) {
            out.blank();
        }
        previous = Some(block.len());
        out.append(block);
    }
}

fn push_branch(
    out: &mut Text,
    plan: &Plan,
    view: &PlanView<'_>,
    branch: &Branch<'_>,
    indent: usize,
    density: Density<'_>,
) {
    match branch.change {
        None => out.push(context(view, &branch.address, &branch.label, indent)),
        Some(change) => push_change(out, plan, view, change, branch, indent, density),
    }
    for below in &branch.below {
        push_branch(out, plan, view, below, indent + 2, density);
    }
}

fn push_change(
    out: &mut Text,
    plan: &Plan,
    view: &PlanView<'_>,
    change: &Change,
    branch: &Branch<'_>,
    indent: usize,
    density: Density<'_>,
) {
    let mut row = heading(view, change, &branch.label, indent);
    if !branch.brings.is_empty() {
        row = styled![row, "  ", branch.brings.to_string()];
    }
    row = remarked(row, &remark(change, view));
    if !density.has_fields {
        row = with_field_names(row, change, view);
    }
    let place = change.place.map_or(String::new(), |span| view.place(span));
    let has_room = row.columns() + 2 + columns(&place) <= view.width;
    push_row(out, view, row, &place);
    let is_named = has_room || view.shows_all() || place.is_empty();
    if !is_named && density.has_fields && change.before().is_some() {
        // The places of its fields continue this one.
        out.push(faint(format!("{}{place}", " ".repeat(indent + 4))));
    }
    let is_folded = change.action() == Action::Create && !view.shows_all();
    if density.has_fields && !is_folded && change.after().is_some() {
        push_fields(out, view, change, indent + 4, density);
    }
    push_below(out, plan, change, indent + 4);
}

/// What is said of a change behind its title.
pub(super) fn remark(change: &Change, view: &PlanView<'_>) -> String {
    match &change.blocked {
        Some(block) if view.shows_all() => format!("{}; blocked: {block}", change.reason),
        Some(block) if change.after().is_none() => format!("delete blocked: {block}"),
        Some(block) => match change.remark() {
            "" => format!("blocked: {block}"),
            remark => format!("blocked: {block}; {remark}"),
        },
        None if view.shows_all() => change.reason.clone(),
        None => change.remark().to_owned(),
    }
}

/// Whether a metadata schema is changed in steps.
pub(super) fn has_steps(plan: &Plan, change: &Change) -> bool {
    let mut migrations = plan.migrations.iter();
    migrations.any(|migration| plan.changes[migration.change].address == change.address)
}

/// The steps of a metadata schema in use, and what becomes of fields that nobody knows.
pub(super) fn push_below(out: &mut Text, plan: &Plan, change: &Change, indent: usize) {
    let margin = " ".repeat(indent);
    let mut migrations = plan.migrations.iter();
    let own = migrations.find(|m| plan.changes[m.change].address == change.address);
    if let Some(own) = own {
        out.push(format!("{margin}{}", migration::title(own)));
        for (n, step) in migration::steps(change, own).iter().enumerate() {
            out.push(format!("{margin}  {}. {step}", n + 1));
        }
    }
    for words in Renaming::of(plan, change).words() {
        out.push(faint(format!("{margin}{words}")));
    }
    for words in unmodelled(change) {
        out.push(faint(format!("{margin}{words}")));
    }
}

/// The row with the names of the fields that change.
fn with_field_names(row: Line, change: &Change, view: &PlanView<'_>) -> Line {
    if change.before().is_none() || change.fields.is_empty() {
        return row;
    }
    let labels: Vec<String> = shown_fields(change).into_iter().map(|f| f.label).collect();
    let names = text::escape_control_chars(&labels.join(", ")).into_owned();
    let found = change.breaking();
    let breaks = breaking::count(found);
    let impact = impacts(breaks, found.len() - breaks);
    let room = view
        .width
        .saturating_sub(row.columns() + columns(&impact) + 4);
    let row = match room {
        0..8 => row,
        room => styled![row, "  ", cut_end(&names, room)],
    };
    match (impact.is_empty(), breaks) {
        (true, _) => row,
        (false, 0) => styled![row, "  ", changed(impact)],
        (false, _) => styled![row, "  ", removed(impact)],
    }
}
