//! What happens to a field, in a cell of a table.

use serde_json::Value;

use super::context::MarkdownContext;
use super::escaper::{count, grouped};
use super::links::link;
use super::table::BREAK;
use crate::document::{Diff, DiffOptions, Impact, unified_diff};
use crate::output::breaking;
use crate::output::outline::{
    Alike, AlikeField, Shown, ShownField, Values, shown_fields, shown_value,
};
use crate::output::spelling::{ABSENT, ARROW, spelled};
use crate::output::terminal::cut_around_difference;
use crate::output::text::cut;
use crate::output::value::is_digest;
use crate::output::web_address::is_web_address;
use crate::plan::{Change, FieldChange};

/// Fields of a change that have a line.
const FEW_FIELDS: usize = 4;

/// Longest value in a cell, in characters.
const LONGEST: usize = 50;

/// The fields of a change, each on a line.
pub(super) fn lines(context: MarkdownContext<'_>, change: &Change) -> Vec<String> {
    let fields = shown_fields(change);
    let mut lines: Vec<String> = fields
        .iter()
        .take(FEW_FIELDS)
        .map(|field| line(context, change, field))
        .collect();
    if fields.len() > FEW_FIELDS {
        lines.push(count(fields.len() - FEW_FIELDS, "more field"));
    }
    lines
}

/// Only the names of the fields, and what breaks.
pub(super) fn names(context: MarkdownContext<'_>, change: &Change) -> String {
    let fields = shown_fields(change);
    let name = |field: &ShownField<'_>| match &field.shown {
        Shown::Document { .. } => match context.breaks.count_of(&change.address) {
            0 => label(context, field),
            n => format!("{} (**{} breaking**)", label(context, field), grouped(n)),
        },
        _ => label(context, field),
    };
    let mut names: Vec<String> = fields.iter().take(FEW_FIELDS).map(name).collect();
    if fields.len() > FEW_FIELDS {
        names.push(count(fields.len() - FEW_FIELDS, "more field"));
    }
    names.join(", ")
}

fn label(context: MarkdownContext<'_>, field: &ShownField<'_>) -> String {
    context.at(context.escaper.code(&field.label), field.place)
}

fn line(context: MarkdownContext<'_>, change: &Change, field: &ShownField<'_>) -> String {
    let label = label(context, field);
    match &field.shown {
        Shown::Document { field, .. } => {
            format!("{label} {}", document(context, change, field))
        }
        Shown::Choices { removed, added } => {
            let side = |sign: &str, values: &[Value]| {
                let values = values
                    .iter()
                    .map(|value| format!("{sign} {}", code(context, &spelled(Some(value)))));
                values.collect::<Vec<_>>()
            };
            let all = [side("−", removed), side("+", added)].concat();
            format!("{label} {}", all.join(", "))
        }
        Shown::Value {
            before,
            after,
            note,
        } => {
            let words = value(context, before.as_deref(), after.as_deref());
            let note = note.map_or(String::new(), |note| format!(" ({note})"));
            format!("{label} {words}{note}")
        }
    }
}

/// How a document changes, such as "+3 −1 lines, **2 breaking**".
pub(super) fn document(
    context: MarkdownContext<'_>,
    change: &Change,
    field: &FieldChange,
) -> String {
    let Some(diff) = context.diffs.get(&change.address) else {
        return match (&change.text, field.before.is_some()) {
            (Some(text), false) => count(text.after.text.lines().count(), "line"),
            _ => "another document".to_owned(),
        };
    };
    format!("{}{}", line_counts(diff), impacts(change))
}

/// Such as "+3 −1 lines".
pub(super) fn line_counts(diff: &Diff) -> String {
    format!("+{} −{} lines", grouped(diff.added), grouped(diff.removed))
}

/// What breaks, what may, and how much was added, behind the counts of lines.
pub(super) fn impacts(change: &Change) -> String {
    let found = change.breaking();
    let breaks = breaking::count(found);
    let mut words = String::new();
    if breaks > 0 {
        words.push_str(&format!(", **{} breaking**", grouped(breaks)));
    }
    let cautions = found.iter().filter(|one| one.impact == Impact::Caution);
    match cautions.count() {
        0 => {}
        n => words.push_str(&format!(", {}", count(n, "caution"))),
    }
    if let Some(additions) = breaking::additions(change) {
        words.push_str(&format!(", {additions}"));
    }
    words
}

fn code(context: MarkdownContext<'_>, text: &str) -> String {
    context.escaper.code(&cut(text, LONGEST))
}

/// A value that changes. Of long ones, what is around the difference; of texts with several lines, how many differ.
fn value(context: MarkdownContext<'_>, before: Option<&Value>, after: Option<&Value>) -> String {
    let is_document = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(is_digest);
    if is_document(before) && is_document(after) {
        return "another document".to_owned();
    }
    let has_lines = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.is_some_and(|text| text.trim_end().contains('\n'))
    };
    if before.is_some() && after.is_some() && (has_lines(before) || has_lines(after)) {
        let (one, other) = (spelled_text(before), spelled_text(after));
        let diff = unified_diff(&one, &other, DiffOptions::default());
        return line_counts(&diff);
    }
    let (one, other) = (spelled(before), spelled(after));
    let (old, new) = (linked(context, before), linked(context, after));
    if old.is_some() || new.is_some() {
        let side = |link: Option<String>, value: Option<&Value>, text: &str| {
            let text = || value.map_or(ABSENT.to_owned(), |_| code(context, text));
            link.unwrap_or_else(text)
        };
        return format!(
            "{} {ARROW} {}",
            side(old, before, &one),
            side(new, after, &other)
        );
    }
    match (before, after) {
        (Some(_), Some(_)) => {
            let (one, other) = cut_around_difference(&one, &other, LONGEST);
            let code = |text: &str| context.escaper.code(text);
            format!("{} {ARROW} {}", code(&one), code(&other))
        }
        (None, _) => format!("{ABSENT} {ARROW} {}", code(context, &other)),
        (_, None) => format!("{} {ARROW} {ABSENT}", code(context, &one)),
    }
}

/// An address of the web as a link. It is shown whole, so that everybody sees where it leads.
fn linked(context: MarkdownContext<'_>, value: Option<&Value>) -> Option<String> {
    let text = value?.as_str().filter(|text| is_web_address(text))?;
    let is_whole = context.escaper.redactor.text(text) == text;
    is_whole.then(|| link(context.escaper.code(text), Some(text.to_owned())))
}

fn spelled_text(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str);
    text.map_or_else(|| spelled(value), str::to_owned)
}

/// The fields of changes that are alike, each on a line.
pub(super) fn of_group(context: MarkdownContext<'_>, group: &Alike<'_>) -> String {
    let mut lines: Vec<String> = group
        .fields
        .iter()
        .take(FEW_FIELDS)
        .map(|field| group_line(context, group, field))
        .collect();
    if group.fields.len() > FEW_FIELDS {
        lines.push(count(group.fields.len() - FEW_FIELDS, "more field"));
    }
    lines.join(BREAK)
}

/// The names of the fields of changes that are alike.
pub(super) fn names_of_group(context: MarkdownContext<'_>, group: &Alike<'_>) -> String {
    let names = group.fields.iter().take(FEW_FIELDS);
    let mut names: Vec<String> = names
        .map(|field| context.escaper.code(&shown_value(field.first).label))
        .collect();
    if group.fields.len() > FEW_FIELDS {
        names.push(count(group.fields.len() - FEW_FIELDS, "more field"));
    }
    names.join(", ")
}

fn group_line(context: MarkdownContext<'_>, group: &Alike<'_>, field: &AlikeField<'_>) -> String {
    let shown = shown_value(field.first);
    let label = context.escaper.code(&shown.label);
    let of = match field.count == group.changes.len() {
        true => String::new(),
        false => format!(
            " (in {} of {})",
            grouped(field.count),
            grouped(group.changes.len())
        ),
    };
    let is_document = group.changes.iter().any(|change| {
        let mut fields = change.fields.iter();
        fields.any(|one| one.path == field.path && change.is_document(one))
    });
    let Shown::Value {
        before,
        after,
        note,
    } = &shown.shown
    else {
        return label;
    };
    let words = match &field.values {
        Values::Same if is_document => "the same document for all".to_owned(),
        _ if is_document => "another document for each".to_owned(),
        Values::Same => {
            let words = value(context, before.as_deref(), after.as_deref());
            note.map_or(words.clone(), |note| format!("{words} ({note})"))
        }
        Values::SameAfter(None) => format!("… {ARROW} {ABSENT}"),
        Values::SameAfter(Some(_)) => {
            let text = || code(context, &spelled(after.as_deref()));
            let after = linked(context, after.as_deref()).unwrap_or_else(text);
            format!("… {ARROW} {after}")
        }
        Values::Suffixed(text) => format!("… {ARROW} … {}", code(context, text)),
        Values::Prefixed(text) => format!("… {ARROW} {} …", code(context, text)),
        Values::Various => "another value for each".to_owned(),
    };
    format!("{label} {words}{of}")
}
