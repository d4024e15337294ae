//! What can be written at a position.

mod keys;
mod names;
mod offer;
mod values;

use lsp_types::{
    CompletionItem, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, Position,
    TextEdit,
};

use self::offer::Offer;
use super::fields::{forms, schema_at};
use super::outline::{Role, cursor};
use super::places::{offset_of, range_of};
use super::view::View;

/// What can be written at a position, the likeliest first.
pub(super) fn complete(view: &View<'_>, position: Position) -> Vec<CompletionItem> {
    let source = view.document;
    let offset = offset_of(source, position);
    let text = &source.text;
    if let Some(start) = variable_before(&text[..offset]) {
        let range = range_of(source, start, offset);
        return items(names::variables(view), range);
    }
    let cursor = cursor(text, offset);
    let Some(field) = schema_at(&cursor, &cursor.path, &view.facts.custom) else {
        return Vec::new();
    };
    let is_mapping = forms(&field.schema)
        .iter()
        .any(|form| form.get("properties").is_some() || form.get("x-custom-properties").is_some());
    let mut offers = Vec::new();
    if cursor.role != Role::Value && is_mapping {
        let after = &text[cursor.range.end..];
        offers.extend(keys::keys(view, &cursor, &field, after));
    }
    if cursor.role != Role::Key {
        offers.extend(values::values(view, &cursor, &field));
    }
    let range = range_of(source, cursor.range.start, cursor.range.end);
    items(offers, range)
}

/// Where the name of a variable begins that is being written.
fn variable_before(text: &str) -> Option<usize> {
    let start = text.rfind("${")? + 2;
    let is_open = !text[start..].contains(['}', '\n', ' ']);
    let is_escaped = text[..start - 2].ends_with('$');
    (is_open && !is_escaped).then_some(start)
}

fn items(offers: Vec<Offer>, range: lsp_types::Range) -> Vec<CompletionItem> {
    let numbered = offers.into_iter().enumerate();
    numbered
        .map(|(i, offer)| CompletionItem {
            sort_text: Some(format!("{}{i:04}", u8::from(!offer.is_required))),
            kind: offer.kind,
            detail: offer.detail,
            documentation: Some(offer.documentation)
                .filter(|text| !text.is_empty())
                .map(|value| {
                    Documentation::MarkupContent(MarkupContent {
                        kind: MarkupKind::Markdown,
                        value,
                    })
                }),
            filter_text: Some(offer.label.clone()),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit {
                range,
                new_text: offer.text.unwrap_or_else(|| offer.label.clone()),
            })),
            insert_text_mode: Some(lsp_types::InsertTextMode::AS_IS),
            label: offer.label,
            ..CompletionItem::default()
        })
        .collect()
}
