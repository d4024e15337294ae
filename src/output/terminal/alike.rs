//! Groups of changes that are alike.

use serde_json::Value;

use super::fields::push_update;
use super::heading::style;
use super::layout::names;
use super::row::{FieldRow, label_width};
use super::view::PlanView;
use crate::model::counted;
use crate::output::outline::{Alike, AlikeField, Shown, Values, shown_value};
use crate::output::spelling::spelled;
use crate::output::styles::{added, faint};
use crate::output::text::{Text, styled};
use crate::plan::{Action, Change};

/// Lines of names below a group.
const NAME_LINES: usize = 3;

/// Fields of a group that have rows.
const MOST_FIELDS: usize = 8;

/// A group as a block of lines.
pub(super) fn group_block(view: &PlanView<'_>, group: &Alike<'_>, max_lines: usize) -> Text {
    let mut out = Text::default();
    let action = group.action;
    let noun = group.changes[0].address.kind().noun;
    let title = format!("{} {}", action.symbol(), counted(group.changes.len(), noun));
    let heading = style(action)(title).strong();
    let first = group.changes[0];
    let why = match &first.blocked {
        Some(block) => format!("blocked: {block}"),
        None if first.fields.is_empty() => first.remark().to_owned(),
        None => "alike".to_owned(),
    };
    let why = if action == Action::Create { "" } else { &why };
    out.push(match why {
        "" => heading.into(),
        why => styled![heading, " ", faint(why)],
    });
    if action != Action::Create {
        push_group_fields(&mut out, view, group, max_lines);
    }
    push_names(&mut out, view, &group.changes);
    out
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
            Values::Same(_) => "the same document for all",
            _ => "another document for each",
        };
        out.push(styled![row.start(), words, faint(of)]);
        return;
    }
    let value = |value: Option<&Value>| added(spelled(value));
    out.push(match &field.values {
        Values::Same(change) => {
            let shown = shown_value(change);
            let label = shown.label;
            if let Shown::Value { before, after } = shown.shown {
                let row = FieldRow {
                    label: &label,
                    ..row
                };
                push_update(out, view, before.as_deref(), after.as_deref(), row);
            }
            return;
        }
        Values::SameAfter(after) => {
            styled![row.start(), "… → ", value(*after), faint(of)]
        }
        Values::Suffixed(text) => styled![row.start(), "… → …", added(text.clone()), faint(of)],
        Values::Prefixed(text) => styled![row.start(), "… → ", added(text.clone()), "…", faint(of)],
        Values::Various => {
            styled![row.start(), faint("another value for each"), faint(of)]
        }
    });
}

/// The names of the resources, as many as have room.
fn push_names(out: &mut Text, view: &PlanView<'_>, changes: &[&Change]) {
    for line in name_lines(view, changes, Some(NAME_LINES)) {
        out.push(faint(format!("    {line}")));
    }
}

/// Whether every resource of a group is named.
pub(super) fn names_all(view: &PlanView<'_>, group: &Alike<'_>) -> bool {
    name_lines(view, &group.changes, None).len() <= NAME_LINES
}

fn name_lines(view: &PlanView<'_>, changes: &[&Change], most: Option<usize>) -> Vec<String> {
    let all: Vec<String> = changes.iter().map(|change| name(change)).collect();
    names(&all, view.width.saturating_sub(4), most)
}

/// A topmost resource by its name, any other by its address.
fn name(change: &Change) -> String {
    match change.address.segments() {
        [only] => only.name.clone(),
        _ => change.address.to_string(),
    }
}
