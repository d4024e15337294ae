//! `--summary`: only the counts, by kind and action.

use super::layout::columns;
use crate::output::outline::tally;
use crate::output::styles::{Piece, faint};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Action, Plan};

/// The columns: their headings, and the action that each counts.
const COLUMNS: [(&str, Action); 6] = [
    ("add", Action::Create),
    ("change", Action::Update),
    ("replace", Action::Replace),
    ("rename", Action::Rename),
    ("destroy", Action::Delete),
    ("blocked", Action::Blocked),
];

/// Adds a table with a row for each kind that has changes.
pub(super) fn push_counts(out: &mut Text, plan: &Plan) {
    let rows = tally(plan);
    if rows.is_empty() {
        return;
    }
    let has = |action: Action| rows.iter().any(|row| row.count(action) > 0);
    let shown: Vec<(&str, Action)> = COLUMNS
        .into_iter()
        .filter(|(_, action)| {
            let is_usual = !action.is_grave() && *action != Action::Rename;
            is_usual || has(*action)
        })
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
        for (_, action) in &shown {
            let count = row.count(*action);
            let text = format!("  {count:>7}");
            let style = super::heading::style(*action);
            let cell: Piece = if count == 0 { faint(text) } else { style(text) };
            line = styled![line, cell];
        }
        out.push(line);
    }
}
