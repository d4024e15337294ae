//! Fields that can be written at a place.

use lsp_types::CompletionItemKind;
use serde_json::Value;

use super::offer::Offer;
use crate::editor::fields::{FieldSchema, fields_of, is_of, required_of, type_words};
use crate::editor::outline::Cursor;
use crate::editor::view::View;

/// The fields of a mapping that it does not have yet. `after` is the text behind what is written.
pub(super) fn keys(
    view: &View<'_>,
    cursor: &Cursor,
    field: &FieldSchema,
    after: &str,
) -> Vec<Offer> {
    let custom = &view.facts.custom;
    let required = required_of(&field.schema, custom);
    let has_colon = after.trim_start_matches(' ').starts_with(':');
    let fields = fields_of(&field.schema, custom);
    let missing = fields.iter().filter(|(name, schema)| {
        let is_hidden = schema.get("doNotSuggest").and_then(Value::as_bool) == Some(true);
        !is_hidden && !cursor.siblings.contains(name)
    });
    missing
        .map(|(name, schema)| {
            let is_required = required.contains(name);
            let description = schema.get("description").and_then(Value::as_str);
            Offer {
                label: name.clone(),
                text: Some(match has_colon {
                    true => name.clone(),
                    false => format!("{name}:{}", beginning(schema, cursor)),
                }),
                detail: Some(detail(schema, is_required)),
                documentation: description.unwrap_or_default().to_owned(),
                kind: Some(CompletionItemKind::FIELD),
                is_required,
            }
        })
        .collect()
}

/// How a value begins behind its key.
fn beginning(schema: &Value, cursor: &Cursor) -> String {
    let indent = " ".repeat(cursor.column + 2);
    match schema {
        _ if cursor.is_flow => " ".to_owned(),
        // What may be written on the line is.
        schema if is_of(schema, "string") => " ".to_owned(),
        schema if is_of(schema, "array") => format!("\n{indent}- "),
        schema if is_of(schema, "object") => format!("\n{indent}"),
        _ => " ".to_owned(),
    }
}

fn detail(schema: &Value, is_required: bool) -> String {
    let words = type_words(schema).unwrap_or("value");
    match is_required {
        true => format!("{words}, required"),
        false => words.to_owned(),
    }
}
