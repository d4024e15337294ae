//! The plan as a whole: what comes first, and how much of it has room.

use std::collections::{BTreeMap, BTreeSet};

use super::alike::group_block;
use super::counts::push_counts;
use super::creates::creates;
use super::deletes::push_deletes;
use super::density::Density;
use super::document::Diffs;
use super::notes::{push_not_listed, push_notes, push_reasons, push_unchanged, push_unmanaged};
use super::tree::{has_steps, push_blocks, push_branches};
use super::verdict::push_verdict;
use super::view::{Extent, PlanView};
use crate::model::Address;
use crate::output::outline::{Alike, Branch, Brings, Likeness, branches, group, reasons};
use crate::output::styles::strong;
use crate::output::text::{Text, styled};
use crate::plan::{Action, Change, Plan};

/// Lines for everything that is created or changes; deletes have as many as they need (chosen here).
const ROOM: usize = 75;

/// How the changes are shown, the first of these that fits: how alike the changes of groups are, whether fields have
/// rows, and the most lines of a difference between texts.
const ATTEMPTS: [(Likeness, bool, usize); 7] = [
    (Likeness::Same, true, MOST_LINES),
    (Likeness::Same, true, 20),
    (Likeness::Same, true, 8),
    (Likeness::Same, true, 0),
    (Likeness::SameFields, true, 0),
    (Likeness::SameFields, false, 0),
    (Likeness::SameKind, false, 0),
];

/// Most lines of a difference between texts that are shown without being asked for.
const MOST_LINES: usize = 60;

/// Writes a plan for people.
#[must_use]
pub fn render_plan(plan: &Plan, view: &PlanView<'_>) -> Text {
    let mut out = Text::default();
    if let Some(from) = view.from {
        out.push(styled![strong("From"), "   ", from]);
        out.push(styled![strong("To"), "     ", view.target]);
    } else {
        out.push(styled![strong("Target"), " ", view.target]);
    }
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
    let new: Vec<Branch<'_>> = branches(written(plan), true)
        .into_iter()
        .filter(|branch| branch.is_new() && branch.address == branch.address.root())
        .filter(|branch| branch.below.is_empty())
        .collect();
    let roots: BTreeSet<&Address> = new.iter().map(|branch| &branch.address).collect();
    let others = written(plan).filter(|change| !roots.contains(&change.address.root()));
    let others = Others::of(others);
    let new = creates(plan, view, &new);
    let room = ROOM.saturating_sub(new.len());
    let (changes, is_whole) = changes(plan, view, &others, room);
    push_section(out, changes);
    push_section(out, new);
    is_whole && plan.summary().create == 0
}

/// The changes besides those of new topmost resources.
struct Others<'a> {
    /// The changes that have lines or are in groups.
    own: Vec<&'a Change>,
    /// What new resources bring, by the topmost of these.
    brought: BTreeMap<Address, Vec<&'a Change>>,
}

impl<'a> Others<'a> {
    fn of(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let all: Vec<&Change> = changes.into_iter().collect();
        let is_new = |change: &Change| change.action() == Action::Create;
        let new = all.iter().filter(|change| is_new(change));
        let new: BTreeSet<&Address> = new.map(|change| &change.address).collect();
        let (mut own, mut brought) = (Vec::new(), BTreeMap::<_, Vec<&Change>>::new());
        for change in all {
            let above = change.address.ancestors().filter(|one| new.contains(one));
            match above.last().filter(|_| is_new(change)) {
                Some(topmost) => brought.entry(topmost).or_default().push(change),
                None => own.push(change),
            }
        }
        Self { own, brought }
    }

    /// What a resource brings, if it is new.
    fn brought_by(&self, change: &Change) -> impl Iterator<Item = &'a Change> {
        let brought = self.brought.get(&change.address);
        brought.into_iter().flatten().copied()
    }
}

/// Everything that changes, in the most telling form that has room, and whether it is the whole of it.
fn changes(plan: &Plan, view: &PlanView<'_>, others: &Others<'_>, room: usize) -> (Text, bool) {
    let most_lines = view.diff_lines.unwrap_or(MOST_LINES);
    let diffs = Diffs::of(others.own.iter().copied(), most_lines);
    let draw = |(likeness, has_fields, max_lines): (Likeness, bool, usize)| {
        let density = Density {
            has_fields,
            max_lines,
            diffs: &diffs,
        };
        attempt(plan, view, others, likeness, density)
    };
    let (last, earlier) = (
        ATTEMPTS[ATTEMPTS.len() - 1],
        &ATTEMPTS[..ATTEMPTS.len() - 1],
    );
    let drawn = earlier
        .iter()
        .find_map(|&(likeness, has_fields, max_lines)| {
            // The lines that were asked for are shown whether or not there is room.
            let measured = view.diff_lines.map_or(max_lines, |_| 0);
            let text = draw((likeness, has_fields, measured));
            (text.len() <= room).then_some((likeness, has_fields, text))
        });
    let (likeness, has_fields, text) = drawn.unwrap_or_else(|| (last.0, last.1, draw(last)));
    let text = match view.diff_lines {
        Some(lines) => draw((likeness, has_fields, lines)),
        None => text,
    };
    let is_whole = likeness == Likeness::Same && has_fields && !text.is_cut();
    (text, is_whole)
}

/// The changes in one form.
fn attempt(
    plan: &Plan,
    view: &PlanView<'_>,
    others: &Others<'_>,
    likeness: Likeness,
    density: Density<'_>,
) -> Text {
    let (mut alone, candidates): (Vec<&Change>, Vec<&Change>) = others
        .own
        .iter()
        .partition(|change| has_steps(plan, change));
    let (groups, rest) = group(&candidates, likeness);
    alone.extend(rest);
    let brought = alone.iter().flat_map(|change| others.brought_by(change));
    let mut trees = branches(alone.iter().copied().chain(brought), true);
    trees.sort_by_key(|tree| (!tree.is_grave(), tree.breaks() == 0));
    let (grave, others_alike): (Vec<&Alike<'_>>, Vec<&Alike<'_>>) =
        groups.iter().partition(|group| group.action.is_grave());
    let block = |group: &&Alike<'_>| {
        let brought = group.changes.iter().flat_map(|one| others.brought_by(one));
        let brings = Brings::of(brought.map(|change| &change.address));
        group_block(view, group, &brings, density.max_lines)
    };
    let mut changed = Text::default();
    push_branches(&mut changed, plan, view, &trees, density);
    let changed = Some(changed).filter(|changed| changed.len() > 0);
    let blocks = grave.iter().map(block).chain(changed);
    let mut out = Text::default();
    push_blocks(&mut out, blocks.chain(others_alike.iter().map(block)));
    if !density.has_fields {
        push_reasons(&mut out, view, &reasons(others.own.iter().copied()));
    }
    out
}

/// Every resource with every field.
fn push_details(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    let max_lines = view.diff_lines.unwrap_or(usize::MAX);
    let density = Density {
        has_fields: true,
        max_lines,
        diffs: &Diffs::of(written(plan), max_lines),
    };
    let mut deletes = Text::default();
    push_deletes(&mut deletes, plan, view);
    push_section(out, deletes);
    let mut trees = branches(written(plan), false);
    trees.sort_by_key(|tree| (!tree.is_grave(), tree.is_new()));
    let mut section = Text::default();
    push_branches(&mut section, plan, view, &trees, density);
    push_section(out, section);
}
