//! The plan as a whole: what comes first, and how much of it has room.

use super::alike::{group_block, names_all};
use super::counts::push_counts;
use super::creates::creates;
use super::deletes::push_deletes;
use super::notes::{push_not_listed, push_notes, push_reasons, push_unchanged, push_unmanaged};
use super::tree::{Density, push_blocks, push_branches};
use super::verdict::push_verdict;
use super::view::{Extent, PlanView};
use crate::output::outline::{Branch, Likeness, branches, group, reasons};
use crate::output::styles::strong;
use crate::output::text::{Text, styled};
use crate::plan::{Change, Plan};

/// Lines for everything that is created or changes; deletes have as many as they need (chosen here).
const ROOM: usize = 75;

/// How the changes are shown: the first of these that fits.
const ATTEMPTS: [(Likeness, Density); 7] = {
    const fn with(has_fields: bool, max_lines: usize) -> Density {
        Density {
            has_fields,
            max_lines,
        }
    }
    [
        (Likeness::Same, with(true, 60)),
        (Likeness::Same, with(true, 20)),
        (Likeness::Same, with(true, 8)),
        (Likeness::Same, with(true, 0)),
        (Likeness::SameFields, with(true, 0)),
        (Likeness::SameFields, with(false, 0)),
        (Likeness::SameKind, with(false, 0)),
    ]
};

/// Reasons of breaking changes that are named where changes have no room for their own.
const MOST_REASONS: usize = 5;

/// Writes a plan for people.
#[must_use]
pub fn render_plan(plan: &Plan, view: &PlanView<'_>) -> Text {
    let mut out = Text::default();
    out.push(styled![strong("Target"), " ", view.target]);
    let is_whole = match view.extent {
        Extent::Summary => {
            push_counts(&mut out, plan);
            false
        }
        Extent::Usual => push_usual(&mut out, plan, view),
        Extent::Details => {
            push_details(&mut out, plan, view);
            true
        }
    };
    push_unchanged(&mut out, plan, view);
    if view.extent != Extent::Summary {
        push_unmanaged(&mut out, plan, view);
        push_not_listed(&mut out, plan, view);
    }
    push_notes(&mut out, plan, view);
    out.blank();
    push_verdict(&mut out, plan, is_whole);
    out
}

/// What is written, without the deletes, which come first.
fn written(plan: &Plan) -> impl Iterator<Item = &Change> {
    let changes = plan.changes.iter();
    changes.filter(|change| change.after().is_some() || change.blocked.is_some())
}

fn push_section(out: &mut Text, section: Text) {
    if section.len() > 0 {
        out.blank();
        out.append(section);
    }
}

/// The plan in the form that has room. False if something is left out.
fn push_usual(out: &mut Text, plan: &Plan, view: &PlanView<'_>) -> bool {
    let mut deletes = Text::default();
    push_deletes(&mut deletes, plan, view);
    push_section(out, deletes);
    let (new, others): (Vec<Branch<'_>>, Vec<Branch<'_>>) = branches(written(plan), true)
        .into_iter()
        .partition(|branch| branch.is_new() && branch.address == branch.address.root());
    let new = creates(plan, view, &new);
    let room = ROOM.saturating_sub(new.len());
    let (changes, is_whole) = changes(plan, view, &others, room);
    push_section(out, changes);
    push_section(out, new);
    is_whole && plan.summary().create == 0
}

/// Everything that changes, in the most telling form that has room, and whether it is the whole of it.
fn changes(plan: &Plan, view: &PlanView<'_>, branches: &[Branch<'_>], room: usize) -> (Text, bool) {
    let mut all = Vec::new();
    collect(branches, &mut all);
    let fits = |(likeness, density): &(Likeness, Density)| {
        let measured = Density {
            // The lines that were asked for are shown whether or not there is room.
            max_lines: view.diff_lines.map_or(density.max_lines, |_| 0),
            ..*density
        };
        attempt(plan, view, &all, *likeness, measured).0.len() <= room
    };
    let found = ATTEMPTS.iter().position(fits);
    let (likeness, density) = ATTEMPTS[found.unwrap_or(ATTEMPTS.len() - 1)];
    let density = Density {
        max_lines: view.diff_lines.unwrap_or(density.max_lines),
        ..density
    };
    let (text, names_all) = attempt(plan, view, &all, likeness, density);
    (text, names_all && found == Some(0))
}

/// The changes of branches that are not folded into what is new.
fn collect<'a>(branches: &[Branch<'a>], into: &mut Vec<&'a Change>) {
    for branch in branches {
        into.extend(branch.change);
        collect(&branch.below, into);
    }
}

/// The changes in one form, and whether every resource is named.
fn attempt(
    plan: &Plan,
    view: &PlanView<'_>,
    all: &[&Change],
    likeness: Likeness,
    density: Density,
) -> (Text, bool) {
    let has_steps = |change: &Change| {
        let mut migrations = plan.migrations.iter();
        migrations.any(|migration| plan.changes[migration.change].address == change.address)
    };
    let (alone, candidates): (Vec<&Change>, Vec<&Change>) =
        all.iter().copied().partition(|change| has_steps(change));
    let (groups, rest) = group(&candidates, likeness);
    let mut trees = branches(alone.into_iter().chain(rest), true);
    trees.sort_by_key(|tree| tree.breaks() == 0);
    let mut out = Text::default();
    push_branches(&mut out, plan, view, &trees, density);
    let mut blocks: Vec<Text> = groups
        .iter()
        .map(|group| group_block(view, group, density.max_lines))
        .collect();
    if !blocks.is_empty() && out.len() > 0 {
        blocks.insert(0, std::mem::take(&mut out));
    }
    push_blocks(&mut out, blocks);
    if !density.has_fields {
        let reasons = reasons(all.iter().copied());
        push_reasons(&mut out, view, &reasons, MOST_REASONS);
    }
    (out, groups.iter().all(|group| names_all(view, group)))
}

/// Every resource with every field.
fn push_details(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    let density = Density {
        has_fields: true,
        max_lines: view.diff_lines.unwrap_or(usize::MAX),
    };
    let mut deletes = Text::default();
    push_deletes(&mut deletes, plan, view);
    push_section(out, deletes);
    let mut trees = branches(written(plan), false);
    trees.sort_by_key(Branch::is_new);
    let mut section = Text::default();
    push_branches(&mut section, plan, view, &trees, density);
    push_section(out, section);
}
