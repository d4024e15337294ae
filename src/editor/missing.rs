//! Properties that a mapping must have and lacks.

use serde_json::{Value, json};

use super::diagnostics::Finding;
use super::fields::{choices, fields_of, is_of, required_of, schema_at};
use super::outline::{Cursor, Role, Step, cursor};
use super::places::offset_of;
use super::view::View;
use crate::model::code;
use crate::model::view::CustomProperties;
use crate::yaml::{self, Edit, PathStep};

/// The texts of the document with a property that a finding misses, by the names of the properties.
pub(super) fn additions(view: &View<'_>, finding: &Finding) -> Vec<(String, String)> {
    let text = &view.document.text;
    let offset = offset_of(view.document, finding.shown.range.start);
    // On the first character of a key or of what is in brackets.
    let at = text[offset..].chars().next().map_or(0, char::len_utf8);
    let inside = text[offset..].starts_with('{');
    let cursor = cursor(text, if inside { offset + at } else { offset });
    if cursor.role == Role::Value && !inside {
        return Vec::new();
    }
    if finding.code == code::CUSTOM_PROPERTY_REQUIRED {
        return own_metadata(view, &cursor, finding).into_iter().collect();
    }
    if finding.code != code::MISSING_FIELD {
        return Vec::new();
    }
    let custom = &view.facts.custom;
    let Some(holder) = schema_at(&cursor, &cursor.path, custom) else {
        return Vec::new();
    };
    let fields = fields_of(&holder.schema, custom);
    required_of(&holder.schema, custom)
        .into_iter()
        .filter(|name| !cursor.siblings.contains(name))
        .filter_map(|name| {
            let value = beginning(fields.get(&name)?);
            let text = with(view, (&cursor, &cursor.path), &[&name], &value)?;
            Some((name, text))
        })
        .collect()
}

/// A value of the organisation's own metadata that a resource lacks.
fn own_metadata(view: &View<'_>, cursor: &Cursor, finding: &Finding) -> Option<(String, String)> {
    let custom = &view.facts.custom;
    let field = finding.field.as_deref()?;
    let spec = [Step::Key("spec".to_owned())];
    let holders = [cursor.path.as_slice(), &spec];
    let (path, own) = holders.into_iter().find_map(|path| {
        let holder = schema_at(cursor, path, custom)?;
        let own = fields_of(&holder.schema, custom).shift_remove(CustomProperties::FIELD)?;
        Some((path, own))
    })?;
    let fields = fields_of(&own, custom);
    let (name, schema) = fields
        .iter()
        .find(|(name, _)| CustomProperties::path(name) == field)?;
    let value = beginning(schema);
    let text = with(
        view,
        (cursor, path),
        &[CustomProperties::FIELD, name],
        &value,
    )
    .or_else(|| {
        let value = json!({name: value});
        with(view, (cursor, path), &[CustomProperties::FIELD], &value)
    })?;
    Some((name.clone(), text))
}

/// The document's text with a value at a path.
fn with(
    view: &View<'_>,
    (cursor, path): (&Cursor, &[Step]),
    keys: &[&str],
    value: &Value,
) -> Option<String> {
    let path: Vec<PathStep<'_>> = path
        .iter()
        .map(|step| match step {
            Step::Key(name) => PathStep::Key(name),
            Step::Item(index) => PathStep::Item(*index),
        })
        .chain(keys.iter().map(|key| PathStep::Key(key)))
        .collect();
    let entries = view.facts.index.file(view.file());
    if entries.is_some_and(|entries| entries.is_stale) {
        return None;
    }
    let edit = Edit::Set { value, after: &[] };
    yaml::edited(&view.document.text, cursor.document, &path, edit)
}

/// A value to begin with: one that is known, or an example, or an empty one.
fn beginning(schema: &Value) -> Value {
    let example = || schema.get("examples")?.as_array()?.first().cloned();
    let known = choices(schema).first().map(|(value, _)| (*value).clone());
    known.or_else(example).unwrap_or_else(|| match schema {
        schema if is_of(schema, "string") => json!(""),
        schema if is_of(schema, "boolean") => json!(false),
        schema if is_of(schema, "array") => json!([]),
        schema if is_of(schema, "object") => json!({}),
        schema if is_of(schema, "number") || is_of(schema, "integer") => json!(0),
        _ => json!(""),
    })
}
