//! New resources, a line each, or a line for each kind where there are too many.

use std::collections::BTreeMap;

use super::heading::{remarked, short_caption, style};
use super::layout::{columns, names, push_row};
use super::tree::{has_steps, push_below};
use super::view::PlanView;
use crate::model::counted;
use crate::output::outline::{Branch, Brings, caption_for_name, caption_of};
use crate::output::styles::{added, faint};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Action, Change, Plan};

/// Lines for new resources, from which on the largest kinds are folded (chosen here).
const MOST_LINES: usize = 45;

/// Lines of names of a kind that is folded.
const NAME_LINES: usize = 3;

/// Columns to which addresses and titles are padded, at most.
const WIDEST_COLUMN: usize = 48;

/// New topmost resources of one kind.
type OfKind<'a, 'b> = Vec<(&'b Branch<'a>, &'a Change)>;

/// The new topmost resources.
pub(super) fn creates(plan: &Plan, view: &PlanView<'_>, branches: &[Branch<'_>]) -> Text {
    let mut kinds: BTreeMap<(u8, &str), OfKind<'_, '_>> = BTreeMap::new();
    for branch in branches {
        let Some(change) = branch.change else {
            continue;
        };
        let kind = branch.address.kind();
        kinds
            .entry((kind.rank, kind.slug))
            .or_default()
            .push((branch, change));
    }
    let mut blocks: Vec<(bool, OfKind<'_, '_>)> =
        kinds.into_values().map(|all| (false, all)).collect();
    fold(&mut blocks);
    let mut out = Text::default();
    for (is_folded, all) in &blocks {
        if *is_folded {
            push_kind(&mut out, plan, view, all);
        } else {
            push_block(&mut out, plan, view, all);
        }
    }
    out
}

/// Folds the largest kinds until the rest has room.
fn fold(blocks: &mut [(bool, OfKind<'_, '_>)]) {
    let lines = |(is_folded, all): &(bool, OfKind<'_, '_>)| match is_folded {
        true => NAME_LINES + 1,
        false => all.len(),
    };
    while blocks.iter().map(lines).sum::<usize>() > MOST_LINES {
        let open = blocks.iter_mut().filter(|(is_folded, _)| !is_folded);
        let Some(largest) = open.max_by_key(|(_, all)| all.len()) else {
            return;
        };
        if largest.1.len() <= NAME_LINES + 1 {
            return;
        }
        largest.0 = true;
    }
}

/// New resources of one kind, their titles and what they bring below each other.
fn push_block(out: &mut Text, plan: &Plan, view: &PlanView<'_>, all: &OfKind<'_, '_>) {
    let parts: Vec<[String; 3]> = all
        .iter()
        .map(|(branch, change)| {
            let caption = caption_of(change).map_or(String::new(), |one| short_caption(&one));
            let brings = branch.brings.to_string();
            let remark = change.remark();
            let gap = if brings.is_empty() || remark.is_empty() {
                ""
            } else {
                "  "
            };
            [
                branch.label.clone(),
                caption,
                format!("{brings}{gap}{remark}"),
            ]
        })
        .collect();
    let widest = |part: usize| {
        let widths = parts.iter().map(|parts| columns(&parts[part]));
        widths
            .filter(|width| *width <= WIDEST_COLUMN)
            .max()
            .unwrap_or(0)
    };
    let (label, caption) = (widest(0), widest(1));
    let row = |[address, title, words]: &[String; 3]| {
        let symbol = Action::Create.symbol();
        let name = added(format!("{symbol} {address}")).strong();
        let gap = |text: &str, width: usize| " ".repeat(width.saturating_sub(columns(text)) + 2);
        let row = styled![
            name,
            gap(address, label),
            title,
            gap(title, caption),
            faint(words)
        ];
        row.trim_end()
    };
    let place = |change: &Change| change.place.map_or(String::new(), |span| view.place(span));
    let rows = all
        .iter()
        .zip(&parts)
        .map(|((_, change), parts)| (change, row(parts)));
    let rows: Vec<(&&Change, Line)> = rows.collect();
    // Places beside some rows only would be distracting.
    let all_fit = rows
        .iter()
        .all(|(change, row)| row.columns() + 2 + columns(&place(change)) <= view.width);
    for (change, row) in rows {
        let place = if all_fit {
            place(change)
        } else {
            String::new()
        };
        push_row(out, view, row, &place);
        push_below(out, plan, change, 4);
    }
}

/// New resources of one kind, folded if they are many of which there is the same to say.
fn push_kind(out: &mut Text, plan: &Plan, view: &PlanView<'_>, all: &OfKind<'_, '_>) {
    let mut by_remark: BTreeMap<(bool, &str), OfKind<'_, '_>> = BTreeMap::new();
    for (branch, change) in all {
        let key = (has_steps(plan, change), change.remark());
        by_remark.entry(key).or_default().push((branch, change));
    }
    for ((has_steps, remark), all) in &by_remark {
        if *has_steps || all.len() <= NAME_LINES + 1 {
            push_block(out, plan, view, all);
        } else {
            push_folded(out, view, all, remark);
        }
    }
}

fn push_folded(out: &mut Text, view: &PlanView<'_>, all: &OfKind<'_, '_>, remark: &str) {
    let noun = all[0].0.address.kind().noun;
    let brings = all.iter().fold(Brings::default(), |sum, (branch, _)| {
        sum.and(&branch.brings)
    });
    let title = format!("{} {}", Action::Create.symbol(), counted(all.len(), noun));
    let heading = styled![style(Action::Create)(title).strong()];
    let heading = match brings.is_empty() {
        true => heading,
        false => styled![heading, "  with ", brings.to_string()],
    };
    out.push(remarked(heading, remark));
    let labels: Vec<String> = all
        .iter()
        .map(|(branch, change)| name(branch, change))
        .collect();
    for line in names(&labels, view.width.saturating_sub(4), Some(NAME_LINES)) {
        out.push(faint(format!("    {line}")));
    }
}

/// The name, or the title where the name is a number.
fn name(branch: &Branch<'_>, change: &Change) -> String {
    let name = branch.address.name();
    caption_for_name(change).map_or_else(|| name.to_owned(), |caption| short_caption(&caption))
}
