//! Values that can be written at a place.

use lsp_types::CompletionItemKind;
use serde_json::Value;

use super::names;
use super::offer::Offer;
use crate::editor::fields::{FieldSchema, choices, forms, plain_text};
use crate::editor::outline::Cursor;
use crate::editor::view::View;
use crate::manifest::{matches_pattern, one_line};

/// The values of a field: those that the schema knows, and the names that it may refer to.
pub(super) fn values(view: &View<'_>, cursor: &Cursor, field: &FieldSchema) -> Vec<Offer> {
    let choices = choices(&field.schema).into_iter();
    let mut offers: Vec<Offer> = choices
        .map(|(value, meaning)| value_offer(value, meaning))
        .collect();
    for form in forms(&field.schema) {
        if form.get("type").is_some_and(|name| name == "boolean") {
            offers.extend([true, false].map(|value| value_offer(&Value::Bool(value), "")));
        }
        if let Some(target) = form.get("x-reference").and_then(Value::as_str) {
            let pattern = form.get("pattern").and_then(Value::as_str);
            let fits = |offer: &Offer| pattern.is_none_or(|it| matches_pattern(it, &offer.label));
            offers.extend(
                names::referred(view, cursor, target)
                    .into_iter()
                    .filter(fits),
            );
        }
    }
    offers.extend(names::files(view, cursor));
    if offers.is_empty() {
        offers.extend(examples(&field.schema));
    }
    let mut seen = std::collections::BTreeSet::new();
    offers.retain(|offer| seen.insert(offer.label.clone()));
    offers
}

fn examples(schema: &Value) -> Vec<Offer> {
    let examples = schema.get("examples").and_then(Value::as_array);
    let texts = examples
        .into_iter()
        .flatten()
        .filter(|it| !it.is_array() && !it.is_object());
    texts
        .map(|value| Offer {
            detail: Some("example".to_owned()),
            ..value_offer(value, "")
        })
        .collect()
}

fn value_offer(value: &Value, meaning: &str) -> Offer {
    Offer {
        text: value.as_str().map(one_line),
        label: plain_text(value),
        documentation: meaning.to_owned(),
        kind: Some(CompletionItemKind::ENUM_MEMBER),
        ..Offer::default()
    }
}
