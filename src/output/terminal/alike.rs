//! Groups of changes that are alike.

use super::document::impacts;
use super::fields::{push_update, value_in};
use super::heading::{short_caption, style};
use super::layout::{columns, names};
use super::row::{FieldRow, label_width};
use super::tree::remark;
use super::view::PlanView;
use crate::document::Impact;
use crate::model::counted;
use crate::output::breaking;
use crate::output::outline::{
    Alike, AlikeField, Brings, Shown, Values, caption_for_name, shown_value,
};
use crate::output::spelling::spelled;
use crate::output::styles::{added, changed, faint, removed};
use crate::output::text::{Line, Text, styled};
use crate::output::unmodelled::unmodelled;
use crate::plan::{Action, Change};

/// Lines of names below a group.
const NAME_LINES: usize = 3;

/// Fields of a group that have rows.
const MOST_FIELDS: usize = 8;

/// A group as a block of lines, and below new resources what they bring.
pub(super) fn group_block(
    view: &PlanView<'_>,
    group: &Alike<'_>,
    brings: &Brings,
    max_lines: usize,
) -> Text {
    let mut out = Text::default();
    out.push(title(view, group, brings));
    let first = group.changes[0];
    if group.action != Action::Create && first.after().is_some() {
        push_group_fields(&mut out, view, group, max_lines);
    }
    if group.changes.iter().any(|one| !unmodelled(one).is_empty()) {
        out.mark_cut();
    }
    push_names(&mut out, view, group);
    out
}

fn title(view: &PlanView<'_>, group: &Alike<'_>, brings: &Brings) -> Line {
    let (action, first) = (group.action, group.changes[0]);
    let count = counted(group.changes.len(), first.address.kind().noun);
    let mut row = styled![style(action)(format!("{} {count}", action.symbol())).strong()];
    if !brings.is_empty() {
        row = styled![row, "  with ", brings.to_string()];
    }
    let is_alike = action != Action::Create && first.blocked.is_none() && !first.fields.is_empty();
    let remark = remark(first, view);
    let why = match (is_alike, remark.as_str()) {
        (true, "") => "alike".to_owned(),
        (true, remark) => format!("alike; {remark}"),
        (false, remark) => remark.to_owned(),
    };
    if !why.is_empty() {
        row = styled![row, " ", faint(why)];
    }
    let (breaks, cautions) = (broken(group), cautions(group));
    match impacts(breaks, cautions) {
        words if words.is_empty() => row,
        words if breaks > 0 => styled![row, "  ", removed(words)],
        words => styled![row, "  ", changed(words)],
    }
}

/// How many changes of a group surely break callers.
fn broken(group: &Alike<'_>) -> usize {
    let changes = group.changes.iter();
    changes
        .map(|change| breaking::count(change.breaking()))
        .sum()
}

fn cautions(group: &Alike<'_>) -> usize {
    let found = group.changes.iter().flat_map(|change| change.breaking());
    found.filter(|one| one.impact == Impact::Caution).count()
}

fn push_group_fields(out: &mut Text, view: &PlanView<'_>, group: &Alike<'_>, max_lines: usize) {
    let labels = group.fields.iter().map(|field| field.path);
    let label_width = label_width(labels.take(MOST_FIELDS));
    for field in group.fields.iter().take(MOST_FIELDS) {
        let row = FieldRow {
            label: field.path,
            label_width,
            indent: 4,
            place: "",
            max_lines,
        };
        push_group_field(out, view, group, field, row);
    }
    if group.fields.len() > MOST_FIELDS {
        let more = group.fields.len() - MOST_FIELDS;
        out.mark_cut();
        out.push(format!("    and {}", counted(more, "more field")));
    }
}

fn push_group_field(
    out: &mut Text,
    view: &PlanView<'_>,
    group: &Alike<'_>,
    field: &AlikeField<'_>,
    row: FieldRow<'_>,
) {
    let of = match field.count == group.changes.len() {
        true => String::new(),
        false => format!("  (in {} of {})", field.count, group.changes.len()),
    };
    let is_document = group.changes.iter().any(|change| {
        let mut fields = change.fields.iter();
        fields.any(|one| one.path == field.path && change.is_document(one))
    });
    if is_document {
        let words = match &field.values {
            Values::Same => "the same document for all",
            _ => "another document for each",
        };
        out.push(styled![row.start(), words, faint(of)]);
        return;
    }
    let shown = shown_value(field.first);
    let label = shown.label;
    let row = FieldRow {
        label: &label,
        ..row
    };
    let Shown::Value {
        before,
        after,
        note,
    } = shown.shown
    else {
        return;
    };
    let room = view
        .width
        .saturating_sub(columns(&row.start()) + columns(&of) + 6);
    let fit = |text: &str| added(value_in(text, room));
    out.push(match &field.values {
        Values::Same => {
            push_update(out, view, before.as_deref(), after.as_deref(), row, note);
            return;
        }
        Values::SameAfter(_) => {
            styled![
                row.start(),
                "… → ",
                fit(&spelled(after.as_deref())),
                faint(of)
            ]
        }
        Values::Suffixed(text) => styled![row.start(), "… → …", fit(text), faint(of)],
        Values::Prefixed(text) => styled![row.start(), "… → ", fit(text), "…", faint(of)],
        Values::Various => {
            styled![row.start(), faint("another value for each"), faint(of)]
        }
    });
}

/// The names of the resources, as many as have room: all of them where people must know which.
fn push_names(out: &mut Text, view: &PlanView<'_>, group: &Alike<'_>) {
    let is_grave = group.action.is_grave() || broken(group) > 0;
    let most = (!is_grave).then_some(NAME_LINES);
    let all: Vec<String> = group.changes.iter().map(|change| name(change)).collect();
    let lines = names(&all, view.width.saturating_sub(4), most);
    if most.is_some() && lines.last().is_some_and(|last| last.ends_with(" more")) {
        out.mark_cut();
    }
    for line in lines {
        out.push(faint(format!("    {line}")));
    }
}

/// A topmost resource by its name, any other by its address; what has a generated name by its title too.
fn name(change: &Change) -> String {
    let name = match change.address.segments() {
        [only] => only.name.to_string(),
        _ => change.address.to_string(),
    };
    match caption_for_name(change) {
        Some(caption) => format!("{name} {}", short_caption(&caption)),
        None => name,
    }
}
