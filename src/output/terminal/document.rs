//! What becomes of a document: how many lines, what breaks, and the lines themselves.

use std::collections::BTreeMap;

use super::layout::push_row;
use super::row::FieldRow;
use super::text_diff::{push_diff, spread};
use super::view::PlanView;
use crate::document::{Diff, DiffOptions, Impact, document_diff};
use crate::model::{Address, counted};
use crate::output::breaking;
use crate::output::joined::joined;
use crate::output::spec_diff::sums_words;
use crate::output::styles::{added, changed, removed};
use crate::output::text::{Line, Text, styled};
use crate::plan::{Change, FieldChange, TextChange};

/// How the documents of changes differ. This is found only once, however often a change is drawn.
#[derive(Debug)]
pub(super) struct Diffs<'a>(BTreeMap<&'a Address, Diff>);

impl<'a> Diffs<'a> {
    /// The differences with at most so many lines; none for a new document, and for one that was not read.
    pub(super) fn of(changes: impl IntoIterator<Item = &'a Change>, max_lines: usize) -> Self {
        let options = DiffOptions {
            max_lines,
            ..DiffOptions::default()
        };
        let diff = |change: &'a Change| {
            let text = change.text.as_ref()?;
            let mut fields = change.fields.iter();
            let field = fields.find(|field| change.is_document(field))?;
            let before = text.before.as_deref().filter(|_| field.before.is_some())?;
            let diff = document_diff(before, &text.after.text, options).diff;
            Some((&change.address, diff))
        };
        Self(changes.into_iter().filter_map(diff).collect())
    }

    /// The difference of one change.
    pub(super) fn get(&self, change: &Change) -> Option<&Diff> {
        self.0.get(&change.address)
    }
}

/// Adds a document's field: its row, what breaks, and the lines that differ.
pub(super) fn push_document(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    (field, text): (&FieldChange, &TextChange),
    diff: Option<&Diff>,
    row: FieldRow<'_>,
) {
    let summary = summary(view, change, field, text, diff);
    push_row(out, view, styled![row.start(), summary], row.place);
    let most = match view.shows_all() {
        true => usize::MAX,
        false => row.max_lines.max(breaking::FEW_SHOWN),
    };
    push_breaking(out, change, row.indent + 2, most);
    if let Some(diff) = diff.filter(|_| row.max_lines > 0) {
        push_diff(out, view, &diff.shortened(row.max_lines), row.indent + 2);
    }
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
            Some(_) if change.is_unjudged() => format!(
                "{} in place of others, breaking changes not judged",
                counted(lines, "line")
            ),
            Some(_) => format!("{} in place of others", counted(lines, "line")),
        };
        return styled![digests, added(words)];
    };
    let line = styled![
        digests,
        added(format!("+{}", diff.added)),
        " ",
        removed(format!("−{}", diff.removed)),
        " lines"
    ];
    let found = change.breaking();
    let cautions = found.len() - breaking::count(found);
    let line = match impacts(breaking::count(found), cautions) {
        words if words.is_empty() => line,
        words => line.with(styled![", ", removed(words)]),
    };
    match breaking::additions(change) {
        Some(words) => line.with(styled![", ", added(words)]),
        None => line,
    }
}

/// Such as "2 breaking, 1 caution"; nothing if there is neither.
pub(super) fn impacts(breaks: usize, cautions: usize) -> String {
    let parts = [(breaks, Impact::Break), (cautions, Impact::Caution)];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, word)| impact_count(word, count))
        .collect();
    parts.join(", ")
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

fn push_breaking(out: &mut Text, change: &Change, indent: usize, most: usize) {
    if let Some(words) = sums_words(change.sums()) {
        out.push(format!("{}{words}", " ".repeat(indent)));
    }
    let found = joined(change.breaking());
    let breaks = breaking::count(&found);
    for (i, text) in breaking::lines(&found, most).iter().enumerate() {
        let text = format!("{}{}", " ".repeat(indent), spread(text));
        out.push(if i < breaks {
            removed(text)
        } else {
            changed(text)
        });
    }
}
