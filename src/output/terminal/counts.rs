//! `--summary`: only the counts, by kind and action.

use super::layout::columns;
use crate::output::outline::tally;
use crate::output::styles::{Piece, faint};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Action, Plan};

/// The columns: their headings, and the actions that they count.
const COLUMNS: [(&str, &[Action]); 4] = [
    ("add", &[Action::Create]),
    ("change", &[Action::Update]),
    ("replace", &[Action::Replace]),
    ("destroy", &[Action::Delete]),
];

/// The heading of the column of blocked changes.
const BLOCKED: (&str, &[Action]) = ("blocked", &[Action::Blocked]);

/// Adds a table with a row for each kind that has changes.
pub(super) fn push_counts(out: &mut Text, plan: &Plan) {
    let rows = tally(plan);
    if rows.is_empty() {
        return;
    }
    let has = |actions: &[Action]| {
        let mut counts = rows
            .iter()
            .flat_map(|row| actions.iter().map(|one| row.count(*one)));
        counts.any(|count| count > 0)
    };
    let shown: Vec<(&str, &[Action])> = COLUMNS
        .into_iter()
        .chain([BLOCKED])
        .filter(|(name, actions)| ["add", "change", "destroy"].contains(name) || has(actions))
        .collect();
    let width = rows.iter().map(|row| columns(row.noun)).max().unwrap_or(0);
    let mut heading: Line = faint(" ".repeat(width)).into();
    for (name, _) in &shown {
        heading = styled![heading, faint(format!("  {name:>7}"))];
    }
    out.blank();
    out.push(heading);
    for row in &rows {
        let mut line: Line = format!("{:width$}", row.noun).into();
        for (_, actions) in &shown {
            let count: usize = actions.iter().map(|action| row.count(*action)).sum();
            let text = format!("  {count:>7}");
            let style = super::heading::style(actions[0]);
            let cell: Piece = if count == 0 { faint(text) } else { style(text) };
            line = styled![line, cell];
        }
        out.push(line);
    }
}
