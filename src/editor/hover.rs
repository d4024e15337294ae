//! What a field means, and what a name leads to.

use std::fmt::Write as _;

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use serde_json::Value;

use super::fields::{
    FieldSchema, choices, fields_of, forms, plain_text, required_of, schema_at, type_words,
};
use super::index::Symbol;
use super::outline::{Cursor, Role, Step, cursor};
use super::places::{offset_of, range_of};
use super::view::View;

/// What is known of the field or the name at a position.
pub(super) fn hover(view: &View<'_>, position: Position) -> Option<Hover> {
    let source = view.document;
    let offset = offset_of(source, position);
    let cursor = cursor(&source.text, offset);
    let written = &source.text[cursor.range.clone()];
    if written.is_empty() {
        return None;
    }
    let mut path = cursor.path.clone();
    if cursor.role == Role::Key {
        let name = written.trim_matches(['"', '\'']);
        path.push(Step::Key(name.to_owned()));
    }
    let field = schema_at(&cursor, &path, &view.facts.custom);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(named(view, position));
    parts.extend(field.map(|field| described(view, &cursor, &path, &field)));
    if cursor.role == Role::Value {
        let value = written.trim_matches(['"', '\'']);
        let schema = schema_at(&cursor, &path, &view.facts.custom);
        parts.splice(0..0, schema.and_then(|field| meaning(&field.schema, value)));
    }
    (!parts.is_empty()).then(|| Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: parts.join("\n\n---\n\n"),
        }),
        range: Some(range_of(source, cursor.range.start, cursor.range.end)),
    })
}

/// What a name leads to: `environment/prod`, its title and where it is declared.
fn named(view: &View<'_>, position: Position) -> Option<String> {
    let index = &view.facts.index;
    let (symbol, _) = index.at(view.file(), position)?;
    let what = match symbol {
        Symbol::Resource(address) => format!("`{address}`"),
        Symbol::Variable(name) => format!("`${{{name}}}`"),
        Symbol::Target(name) => format!("target `{name}`"),
    };
    let mut lines = vec![format!("**{what}**")];
    let declared = index.declarations().filter(|(_, it)| it.symbol == *symbol);
    for (file, declaration) in declared {
        let line = declaration.name.start.line + 1;
        let title = declaration.title.as_deref();
        let title = title.map_or_else(String::new, |title| format!("{title}: "));
        lines.push(format!("{title}declared in `{file}:{line}`"));
    }
    if lines.len() == 1 {
        lines.push("not declared in this project".to_owned());
    }
    Some(lines.join("  \n"))
}

/// What the schema says of a field.
fn described(view: &View<'_>, cursor: &Cursor, path: &[Step], field: &FieldSchema) -> String {
    let schema = &field.schema;
    let custom = &view.facts.custom;
    let is_required = path.split_last().is_some_and(|(last, above)| {
        let holder = schema_at(cursor, above, custom);
        matches!(last, Step::Key(name)
            if holder.is_some_and(|holder| required_of(&holder.schema, custom).contains(name)))
    });
    let mut out = format!("**{}**", field.path);
    let words: Vec<&str> = type_words(schema)
        .into_iter()
        .chain(is_required.then_some("required"))
        .collect();
    if !words.is_empty() {
        let _ = write!(out, " ({})", words.join(", "));
    }
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        let _ = write!(out, "\n\n{text}");
    }
    let limits = limits(schema);
    if !limits.is_empty() {
        let _ = write!(out, "\n\n{}", limits.join("; "));
    }
    let known = known_values(schema);
    if !known.is_empty() {
        let _ = write!(out, "\n\n{}", known.join("\n"));
    }
    let fields = fields_of(schema, custom);
    if known.is_empty() && !fields.is_empty() {
        let names: Vec<String> = fields.keys().map(|name| format!("`{name}`")).collect();
        let _ = write!(out, "\n\nFields: {}", names.join(", "));
    }
    out
}

fn limits(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for form in forms(schema) {
        for (keyword, words) in [
            ("minLength", "at least this many characters"),
            ("maxLength", "at most this many characters"),
            ("maxItems", "at most this many entries"),
            ("minimum", "at least"),
            ("maximum", "at most"),
            ("format", "format"),
            ("pattern", "must match"),
        ] {
            if let Some(value) = form.get(keyword) {
                let value = plain_text(value);
                if value != r"\$\{" {
                    found.push(format!("{words}: `{value}`"));
                }
            }
        }
    }
    found
}

/// The values that the schema knows, one line each.
fn known_values(schema: &Value) -> Vec<String> {
    let choices = choices(schema).into_iter();
    choices
        .map(|(value, meaning)| match (plain_text(value), meaning) {
            (value, "") => format!("- `{value}`"),
            (value, meaning) => format!("- `{value}`: {meaning}"),
        })
        .collect()
}

/// What a value means.
fn meaning(schema: &Value, value: &str) -> Option<String> {
    let mut choices = choices(schema).into_iter();
    let (_, meaning) = choices.find(|(known, _)| plain_text(known) == value)?;
    (!meaning.is_empty()).then(|| format!("`{value}`: {meaning}"))
}
