//! The fields of a change.

use std::borrow::Cow;

use serde_json::Value;

use super::document::push_document;
use super::layout::{columns, cut_around_difference, cut_end, cut_middle, push_row};
use super::row::{FieldRow, label_width};
use super::text_diff::{push_text_diff, spread};
use super::view::PlanView;
use crate::document::look_alike;
use crate::output::outline::{Shown, ShownField, shown_fields};
use crate::output::spelling::{spelled, spelled_lines};
use crate::output::styles::{added, changed, removed};
use crate::output::text::{Line, Text, styled};
use crate::plan::Change;

/// Adds the fields of a change.
pub(super) fn push_fields(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    indent: usize,
    max_lines: usize,
) {
    let fields = shown_fields(change);
    let label_width = label_width(fields.iter().map(|field| field.label.as_str()));
    for field in &fields {
        let is_update = change.before().is_some();
        let place = field.place.filter(|_| is_update);
        let place = place.map_or(String::new(), |span| view.place_beside(span, change.place));
        let row = FieldRow {
            label: &field.label,
            label_width,
            indent,
            place: &place,
            max_lines,
        };
        push_field(out, view, change, field, row);
    }
}

fn push_field(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    field: &ShownField<'_>,
    row: FieldRow<'_>,
) {
    match &field.shown {
        Shown::Document { field, text } => push_document(out, view, change, (field, text), row),
        Shown::Choices { removed, added } => push_choices(out, view, removed, added, row),
        Shown::Value {
            before: None,
            after,
        } if change.before().is_none() => {
            push_new(out, view, after.as_deref(), row);
        }
        Shown::Value { before, after } => {
            push_update(out, view, before.as_deref(), after.as_deref(), row);
        }
    }
}

/// The value of a new resource's field.
fn push_new(out: &mut Text, view: &PlanView<'_>, value: Option<&Value>, row: FieldRow<'_>) {
    let text = spelled(value);
    let start = row.start();
    let has_lines = match value {
        Some(Value::String(text)) => text.contains('\n'),
        _ => columns(&start) + columns(&text) > view.width,
    };
    if has_lines {
        out.push(row.label_only());
        push_side(out, &spelled_lines(value), row.indent + 2, "", added);
        return;
    }
    out.push(styled![start, added(text)]);
}

fn push_side(
    out: &mut Text,
    text: &str,
    indent: usize,
    sign: &str,
    style: fn(String) -> crate::output::Piece,
) {
    for line in text.lines() {
        let line = format!("{}{sign}{}", " ".repeat(indent), spread(line));
        out.push(style(line.trim_end().to_owned()));
    }
}

/// Choices that come and go.
fn push_choices(
    out: &mut Text,
    view: &PlanView<'_>,
    gone: &[Value],
    new: &[Value],
    row: FieldRow<'_>,
) {
    let mut line: Line = row.start().into();
    let sides = gone
        .iter()
        .map(|value| (value, "−", removed as fn(String) -> _));
    let sides = sides.chain(
        new.iter()
            .map(|value| (value, "+", added as fn(String) -> _)),
    );
    for (i, (value, sign, style)) in sides.enumerate() {
        let text = format!("{sign}{}", spelled(Some(value)));
        let gap = if i == 0 { "" } else { " " };
        if i > 0 && line.columns() + 1 + columns(&text) > view.width {
            out.push(line);
            line = styled![" ".repeat(columns(&row.start())), style(text)];
        } else {
            line = styled![line, gap, style(text)];
        }
    }
    push_row(out, view, line, row.place);
}

/// A value and the one that replaces it: on one row if there is room, else in the form that shows best what
/// differs.
pub(super) fn push_update(
    out: &mut Text,
    view: &PlanView<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    row: FieldRow<'_>,
) {
    if let Some((one, other)) = as_lines(before, after) {
        push_row(out, view, row.label_only().into(), row.place);
        let lines = row.max_lines.max(FEWEST_LINES);
        push_text_diff(out, view, &one, &other, row.indent + 2, lines);
        return;
    }
    let (one, other) = (spelled(before), spelled(after));
    let start = row.start();
    let needed = columns(&start) + columns(&one) + columns(" → ") + columns(&other);
    if needed <= view.width {
        let line = styled![start, removed(one), " → ", added(other)];
        push_row(out, view, line, row.place);
        return;
    }
    push_row(out, view, row.label_only().into(), row.place);
    let is_structure = |value: Option<&Value>| value.is_some_and(|v| v.is_array() || v.is_object());
    if is_structure(before) || is_structure(after) {
        push_items(out, view, before, after, row);
        return;
    }
    push_two_rows(out, view, &one, &other, row.indent + 2);
}

/// Lines of a text that are always shown, however little room there is.
const FEWEST_LINES: usize = 6;

/// The texts of values whose difference is one of lines: texts of several lines, and values that look the same
/// although they differ.
fn as_lines(before: Option<&Value>, after: Option<&Value>) -> Option<(String, String)> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.unwrap_or_else(|| value.to_string())
    };
    let (before, after) = (before?, after?);
    let (one, other) = (text(before), text(after));
    let has_lines = |text: &str| text.contains(['\n', '\r']);
    let are_texts = before.is_string() && after.is_string();
    let is_better = are_texts && (has_lines(&one) || has_lines(&other)) || look_alike(&one, &other);
    is_better.then_some((one, other))
}

/// The items of lists, and the fields of mappings, that come and go.
fn push_items(
    out: &mut Text,
    view: &PlanView<'_>,
    before: Option<&Value>,
    after: Option<&Value>,
    row: FieldRow<'_>,
) {
    let (one, other) = (spelled_lines(before), spelled_lines(after));
    let (old, new): (Vec<&str>, Vec<&str>) = (one.lines().collect(), other.lines().collect());
    let gone: Vec<&str> = old
        .iter()
        .copied()
        .filter(|line| !new.contains(line))
        .collect();
    let come: Vec<&str> = new
        .iter()
        .copied()
        .filter(|line| !old.contains(line))
        .collect();
    if gone.is_empty() && come.is_empty() {
        let words = format!(
            "{}the same items in another order",
            " ".repeat(row.indent + 2)
        );
        out.push(changed(words));
    }
    let room = view.width.saturating_sub(row.indent + 4);
    let fit = |line: &str| match view.shows_all() {
        true => spread(line),
        false => cut_end(&spread(line), room),
    };
    for (lines, sign, style) in [
        (gone, "- ", removed as fn(String) -> _),
        (come, "+ ", added as fn(String) -> _),
    ] {
        for line in lines {
            let item = line.strip_prefix("- ").unwrap_or(line);
            push_side(out, &fit(item), row.indent + 2, sign, style);
        }
    }
}

/// Two values that do not fit on one row, with what differs in sight.
fn push_two_rows(out: &mut Text, view: &PlanView<'_>, one: &str, other: &str, indent: usize) {
    let room = view.width.saturating_sub(indent + 2);
    let is_address = |text: &str| {
        ["/subscriptions/", "https://", "http://"]
            .iter()
            .any(|start| text.starts_with(start))
    };
    let (one, other): (Cow<'_, str>, Cow<'_, str>) = if view.shows_all() {
        (one.into(), other.into())
    } else if is_address(one) || is_address(other) {
        (cut_middle(one, room).into(), cut_middle(other, room).into())
    } else {
        let (one, other) = cut_around_difference(one, other, room);
        (one.into(), other.into())
    };
    push_side(out, &one, indent, "- ", removed);
    push_side(out, &other, indent, "+ ", added);
}
