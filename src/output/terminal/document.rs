//! What becomes of a document: how many lines, what breaks, and the lines themselves.

use super::layout::push_row;
use super::row::FieldRow;
use super::text_diff::{push_diff, spread};
use super::view::PlanView;
use crate::document::{Diff, DiffOptions, Impact, unified_diff};
use crate::model::counted;
use crate::output::breaking;
use crate::output::styles::{added, changed, removed};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Change, FieldChange, TextChange};

/// Adds a document's field: its row, what breaks, and the lines that differ.
pub(super) fn push_document(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    (field, text): (&FieldChange, &TextChange),
    row: FieldRow<'_>,
) {
    let diff = difference(text, field, row.max_lines);
    let summary = summary(view, change, field, text, diff.as_ref());
    push_row(out, view, styled![row.start(), summary], row.place);
    push_breaking(out, change, row.indent + 2);
    if let Some(diff) = diff.filter(|_| row.max_lines > 0) {
        push_diff(out, view, &diff, row.indent + 2);
    }
}

/// How a document that is replaced differs; `None` for a new one, and for one that was not read.
fn difference(text: &TextChange, field: &FieldChange, max_lines: usize) -> Option<Diff> {
    let before = text.before.as_deref().filter(|_| field.before.is_some())?;
    let options = DiffOptions {
        max_lines,
        ..DiffOptions::default()
    };
    Some(unified_diff(before, &text.after.text, options))
}

fn summary(
    view: &PlanView<'_>,
    change: &Change,
    field: &FieldChange,
    text: &TextChange,
    diff: Option<&Diff>,
) -> Line {
    let digests = match view.shows_all() {
        true => digests(field),
        false => Line::default(),
    };
    let lines = text.after.text.lines().count();
    let Some(diff) = diff else {
        let words = match field.before {
            None => counted(lines, "line"),
            Some(_) => format!("{} in place of others", counted(lines, "line")),
        };
        return styled![digests, added(words)];
    };
    let mut line = styled![
        digests,
        added(format!("+{}", diff.added)),
        " ",
        removed(format!("−{}", diff.removed)),
        " lines"
    ];
    let found = change.breaking();
    let cautions = found.len() - breaking::count(found);
    for (count, word) in [
        (breaking::count(found), Impact::Break),
        (cautions, Impact::Caution),
    ] {
        if count > 0 {
            line = line.with(styled![", ", removed(impact_count(word, count))]);
        }
    }
    line
}

/// Such as "2 breaking" or "1 caution".
fn impact_count(impact: Impact, count: usize) -> String {
    match impact {
        Impact::Break => format!("{count} {}", breaking::word(impact)),
        Impact::Caution => counted(count, breaking::word(impact)),
    }
}

fn digests(field: &FieldChange) -> Line {
    let short = |value: &Option<serde_json::Value>| {
        let text = value.as_ref().and_then(serde_json::Value::as_str);
        text.map(|text| format!("{}…", text.chars().take(19).collect::<String>()))
    };
    match (short(&field.before), short(&field.after)) {
        (Some(before), Some(after)) => {
            styled![removed(before), " → ", added(after), "  "]
        }
        (_, Some(after)) => styled![added(after), "  "],
        _ => Line::default(),
    }
}

fn push_breaking(out: &mut Text, change: &Change, indent: usize) {
    let found = change.breaking();
    let breaks = breaking::count(found);
    for (i, text) in breaking::lines(found).iter().enumerate() {
        let text = format!("{}{}", " ".repeat(indent), spread(text));
        out.push(if i < breaks {
            removed(text)
        } else {
            changed(text)
        });
    }
}
