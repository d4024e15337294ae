//! The fields of a change as people know them: choices as a list, a document as what it is.

use std::borrow::Cow;

use serde_json::Value;

use crate::model::Span;
use crate::output::moment::{SAME_TIME, is_same_time, readable_sides};
use crate::output::spelling::{CHOICES, choice, with_choices};
use crate::plan::{Author, Change, FieldChange, TextChange};

/// The word of JSON Schema for a list of choices.
const ONE_OF: &str = "oneOf";

/// A field of a change.
#[derive(Debug, Clone)]
pub(in crate::output) struct ShownField<'a> {
    /// Its path in people's words.
    pub(in crate::output) label: String,
    /// What happens to it.
    pub(in crate::output) shown: Shown<'a>,
    /// Where it is declared.
    pub(in crate::output) place: Option<Span>,
}

/// What happens to a field.
#[derive(Debug, Clone)]
pub(in crate::output) enum Shown<'a> {
    /// It has another value; an absent one is `None`.
    Value {
        /// What it was.
        before: Option<Cow<'a, Value>>,
        /// What it will be.
        after: Option<Cow<'a, Value>>,
        /// What is to be known besides both.
        note: Option<&'static str>,
    },
    /// Choices come and go.
    Choices {
        /// The ones that go.
        removed: Vec<Value>,
        /// The ones that come.
        added: Vec<Value>,
    },
    /// It is the document that is imported.
    Document {
        /// The digests.
        field: &'a FieldChange,
        /// The texts.
        text: &'a TextChange,
    },
}

/// The fields of a change in its order.
pub(in crate::output) fn shown_fields(change: &Change) -> Vec<ShownField<'_>> {
    labelled(change, &change.fields, with_author)
}

/// The fields of a change that were edited in the portal, on their own or on both sides.
pub(in crate::output) fn fields_of_portal(change: &Change) -> Vec<ShownField<'_>> {
    let fields = change.fields.iter();
    let fields = fields.filter(|field| field.author != Some(Author::Repository));
    labelled(change, fields, |label, field| match field.author {
        Some(Author::Portal) => label,
        _ => with_author(label, field),
    })
}

fn labelled<'a>(
    change: &'a Change,
    fields: impl IntoIterator<Item = &'a FieldChange>,
    label_of: impl Fn(String, &FieldChange) -> String,
) -> Vec<ShownField<'a>> {
    let mut shown: Vec<ShownField<'_>> = Vec::new();
    for field in fields {
        if let (Some(text), true) = (&change.text, change.is_document(field)) {
            shown.push(ShownField {
                label: label_of(field.path.clone(), field),
                shown: Shown::Document { field, text },
                place: field.place,
            });
            continue;
        }
        match choice_change(field) {
            Some((label, removed, added)) => {
                let label = label_of(label, field);
                add_choices(&mut shown, field, label, removed, added);
            }
            None => {
                let value = shown_value(field);
                shown.push(ShownField {
                    label: label_of(value.label, field),
                    ..value
                });
            }
        }
    }
    shown
}

/// A label with who made the difference, where that is known.
fn with_author(label: String, field: &FieldChange) -> String {
    match field.author {
        None => label,
        Some(Author::Both) => format!("! {label} ({})", Author::Both.word()),
        Some(author) => format!("{label} ({})", author.word()),
    }
}

/// A field that is not a document.
pub(in crate::output) fn shown_value(field: &FieldChange) -> ShownField<'_> {
    let before = field.before.as_ref().map(with_choices);
    let after = field.after.as_ref().map(with_choices);
    let is_owned = |value: &Option<Cow<'_, Value>>| matches!(value, Some(Cow::Owned(_)));
    let label = match field.path.strip_suffix(ONE_OF) {
        Some(above) if is_owned(&before) || is_owned(&after) => format!("{above}{CHOICES}"),
        _ => field.path.clone(),
    };
    let is_same_time = is_same_time(field.before.as_ref(), field.after.as_ref());
    let [before, after] = readable_sides(before, after);
    let note = is_same_time.then_some(SAME_TIME);
    ShownField {
        label,
        shown: Shown::Value {
            before,
            after,
            note,
        },
        place: field.place,
    }
}

/// One choice that comes or goes: the label of the list, and the choice on the side where it is.
fn choice_change(field: &FieldChange) -> Option<(String, Option<Value>, Option<Value>)> {
    let (above, item) = field.path.rsplit_once(ONE_OF)?;
    (item.starts_with('[') && item.ends_with(']')).then_some(())?;
    let side = |value: &Option<Value>| match value {
        None => Some(None),
        Some(value) => choice(value).map(Some),
    };
    let (removed, added) = (side(&field.before)?, side(&field.after)?);
    Some((format!("{above}{CHOICES}"), removed, added))
}

fn add_choices(
    shown: &mut Vec<ShownField<'_>>,
    field: &FieldChange,
    label: String,
    gone: Option<Value>,
    new: Option<Value>,
) {
    let last = shown.last_mut().filter(|last| last.label == label);
    if let Some(ShownField {
        shown: Shown::Choices { removed, added },
        ..
    }) = last
    {
        removed.extend(gone);
        added.extend(new);
        return;
    }
    shown.push(ShownField {
        label,
        shown: Shown::Choices {
            removed: gone.into_iter().collect(),
            added: new.into_iter().collect(),
        },
        place: field.place,
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::output::outline::tests::update_with;

    #[test]
    fn choices_that_come_and_go_are_one_field() {
        let none = Value::Null;
        let mut change = update_with(
            "metadata-schema/team",
            &[
                ("schema.title", json!("a"), json!("b")),
                ("schema.oneOf[new]", none.clone(), json!({"const": "new"})),
                ("schema.oneOf[old]", json!({"const": "old"}), none),
            ],
        );
        change.fields[1].before = None;
        change.fields[2].after = None;
        let shown = shown_fields(&change);
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[1].label, "schema.choices");
        let Shown::Choices { removed, added } = &shown[1].shown else {
            panic!("not choices: {shown:?}");
        };
        assert_eq!((removed, added), (&vec![json!("old")], &vec![json!("new")]));
    }

    #[test]
    fn a_list_of_choices_is_called_so() {
        let list = json!([{"const": "a"}, {"const": "b", "description": "B"}]);
        let mut change = update_with("metadata-schema/team", &[("schema.oneOf", json!(1), list)]);
        change.fields[0].before = None;
        let shown = shown_fields(&change);
        assert_eq!(shown[0].label, "schema.choices");
        let Shown::Value { after, .. } = &shown[0].shown else {
            panic!("not a value: {shown:?}");
        };
        assert_eq!(**after.as_ref().unwrap(), json!(["a", "b (B)"]));
    }

    #[test]
    fn any_other_field_is_shown_as_it_is() {
        let changes = [
            ("schema.oneOf[x].description", json!("a"), json!("b")),
            (
                "schema.oneOf[1]",
                json!({"type": "x"}),
                json!({"type": "y"}),
            ),
            ("title", json!("a"), json!("b")),
        ];
        let change = update_with("metadata-schema/team", &changes);
        let labels: Vec<String> = shown_fields(&change).into_iter().map(|f| f.label).collect();
        assert_eq!(labels, changes.map(|(path, ..)| path.to_owned()));
    }
}
