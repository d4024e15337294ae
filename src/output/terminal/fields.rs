//! The fields of a change.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::density::Density;
use super::document::push_document;
use super::layout::{columns, cut_around_difference, cut_end, push_row};
use super::row::{FieldRow, label_width};
use super::text_diff::{push_diff, spread};
use super::view::PlanView;
use crate::document::{Diff, DiffOptions, unified_diff};
use crate::output::outline::{Shown, ShownField, shown_fields};
use crate::output::spelling::{spelled, spelled_lines};
use crate::output::styles::{added, changed, faint, removed};
use crate::output::text::{Line, Text, styled};
use crate::output::value::texts_by_line;
use crate::plan::Change;

/// Adds the fields of a change.
pub(super) fn push_fields(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    indent: usize,
    density: Density<'_>,
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
            max_lines: density.max_lines,
        };
        push_field(out, view, change, field, density.diffs.get(change), row);
    }
}

fn push_field(
    out: &mut Text,
    view: &PlanView<'_>,
    change: &Change,
    field: &ShownField<'_>,
    diff: Option<&Diff>,
    row: FieldRow<'_>,
) {
    match &field.shown {
        Shown::Document { field, text } => {
            push_document(out, view, change, (field, text), diff, row);
        }
        Shown::Choices { removed, added } => push_choices(out, view, removed, added, row),
        Shown::Value {
            before: None,
            after,
            ..
        } if change.before().is_none() => {
            push_new(out, view, after.as_deref(), row);
        }
        Shown::Value {
            before,
            after,
            note,
        } => {
            push_update(out, view, before.as_deref(), after.as_deref(), row, *note);
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
    note: Option<&str>,
) {
    if let Some((one, other)) = texts_by_line(before, after, usize::MAX) {
        push_text_diff(out, view, &one, &other, row);
        return;
    }
    let (one, other) = (spelled(before), spelled(after));
    let start = row.start();
    let note = note.map_or(String::new(), |note| format!("  ({note})"));
    let sides = columns(&start) + columns(&one) + columns(" → ") + columns(&other);
    if sides + columns(&note) <= view.width {
        let line = styled![start, removed(one), " → ", added(other), faint(note)];
        push_row(out, view, line, row.place);
        return;
    }
    push_row(out, view, styled![row.label_only(), faint(note)], row.place);
    let is_structure = |value: Option<&Value>| value.is_some_and(|v| v.is_array() || v.is_object());
    if is_structure(before) || is_structure(after) {
        push_items(out, view, before, after, row);
        return;
    }
    push_two_rows(out, view, &one, &other, row.indent + 2);
}

/// Lines of a text that are shown, however little room there is, unless a number is asked for.
const FEWEST_LINES: usize = 6;

/// The lines in which two texts differ, or how many, if none is asked for.
fn push_text_diff(out: &mut Text, view: &PlanView<'_>, one: &str, other: &str, row: FieldRow<'_>) {
    let max_lines = match view.diff_lines {
        Some(_) => row.max_lines,
        None => row.max_lines.max(FEWEST_LINES),
    };
    let options = DiffOptions {
        max_lines,
        ..DiffOptions::default()
    };
    let diff = unified_diff(one, other, options);
    if max_lines == 0 {
        let (come, gone) = (format!("+{}", diff.added), format!("−{}", diff.removed));
        let line = styled![row.start(), added(come), " ", removed(gone), " lines"];
        push_row(out, view, line, row.place);
        return;
    }
    push_row(out, view, row.label_only().into(), row.place);
    push_diff(out, view, &diff, row.indent + 2);
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
    let (gone, come) = (without(&old, &new), without(&new, &old));
    if gone.is_empty() && come.is_empty() {
        let words = format!(
            "{}the same items in another order",
            " ".repeat(row.indent + 2)
        );
        out.push(changed(words));
    }
    let room = view.width.saturating_sub(row.indent + 4);
    for (lines, others, sign, style) in [
        (&gone, &come, "- ", removed as fn(String) -> _),
        (&come, &gone, "+ ", added as fn(String) -> _),
    ] {
        let mut others: Vec<String> = others.iter().map(|other| spread(item(other))).collect();
        others.sort_unstable();
        for line in lines {
            let whole = spread(item(line));
            let fit = match view.shows_all() {
                true => whole.clone(),
                false => apart(&whole, &others, room),
            };
            if fit != whole {
                out.mark_cut();
            }
            push_side(out, &fit, row.indent + 2, sign, style);
        }
    }
}

/// An item of a list without its dash.
fn item(line: &str) -> &str {
    line.strip_prefix("- ").unwrap_or(line)
}

/// The lines that are in one list more often than in another.
fn without<'a>(lines: &[&'a str], others: &[&'a str]) -> Vec<&'a str> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for other in others {
        *left.entry(other).or_default() += 1;
    }
    let mut more = lines.to_vec();
    more.retain(|line| match left.get_mut(line) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    more
}

/// A line in so many columns, so that what distinguishes it from the most similar of the others, which are sorted,
/// stays in sight.
fn apart(line: &str, others: &[String], room: usize) -> String {
    if columns(line) <= room || is_address(line) {
        return line.to_owned();
    }
    let same = |other: &&String| {
        let pairs = line.chars().zip(other.chars());
        pairs.take_while(|(a, b)| a == b).count()
    };
    // The longest beginning in common is that of a neighbour.
    let at = others.partition_point(|other| other.as_str() < line);
    let neighbours = &others[at.saturating_sub(1)..(at + 1).min(others.len())];
    match neighbours.iter().max_by_key(same) {
        Some(other) => cut_around_difference(line, other, room).0,
        None => cut_end(line, room),
    }
}

/// Whether a value is the id of a resource or a URL: it is never cut, because its end says most and people copy it.
fn is_address(text: &str) -> bool {
    let starts = ["/subscriptions/", "https://", "http://"];
    starts.iter().any(|start| text.starts_with(start))
}

/// A value in so many columns.
pub(super) fn value_in(text: &str, room: usize) -> String {
    match is_address(text) {
        true => text.to_owned(),
        false => cut_end(text, room),
    }
}

/// Two values that do not fit on one row, with what differs in sight.
fn push_two_rows(out: &mut Text, view: &PlanView<'_>, one: &str, other: &str, indent: usize) {
    let room = view.width.saturating_sub(indent + 2);
    let is_whole = view.shows_all() || is_address(one) || is_address(other);
    let (before, after): (Cow<'_, str>, Cow<'_, str>) = match is_whole {
        true => (one.into(), other.into()),
        false => {
            let (one, other) = cut_around_difference(one, other, room);
            (one.into(), other.into())
        }
    };
    if before != one || after != other {
        out.mark_cut();
    }
    push_side(out, &before, indent, "- ", removed);
    push_side(out, &after, indent, "+ ", added);
}
