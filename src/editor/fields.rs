//! What the schema says of a place in a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::outline::{Cursor, Step};
use crate::schema::{document_schemas, header_schema, item_schema};

/// Schemas of custom properties, by the entity that has them.
pub(super) type CustomSchemas = BTreeMap<&'static str, Map<String, Value>>;

/// A field or a value of a document.
#[derive(Debug, Clone)]
pub(super) struct FieldSchema {
    /// What it is called: `Api.versions.title`.
    pub(super) path: String,
    pub(super) schema: Value,
}

/// What the schema says of the value at these steps; `None` where nothing is known.
pub(super) fn schema_at(
    cursor: &Cursor,
    path: &[Step],
    custom: &CustomSchemas,
) -> Option<FieldSchema> {
    let mut found = FieldSchema {
        path: String::new(),
        schema: header_schema().clone(),
    };
    for (depth, step) in path.iter().enumerate() {
        found = match step {
            Step::Key(name) if depth == 0 && name == "spec" => of_spec(cursor)?,
            Step::Key(name) => field(&found, name, custom)?,
            Step::Item(_) => item(&found)?,
        };
    }
    Some(found)
}

fn of_spec(cursor: &Cursor) -> Option<FieldSchema> {
    let kind = cursor.field(&["kind"])?;
    let (name, schema) = document_schemas().find(|(name, _)| *name == kind)?;
    Some(FieldSchema {
        path: name.to_owned(),
        schema: schema.clone(),
    })
}

fn field(holder: &FieldSchema, name: &str, custom: &CustomSchemas) -> Option<FieldSchema> {
    let fields = fields_of(&holder.schema, custom);
    let schema = match fields.get(name) {
        Some(schema) => schema.clone(),
        None => {
            let forms = forms(&holder.schema);
            let mut more = forms
                .iter()
                .filter_map(|form| form.get("additionalProperties"));
            more.find(|more| more.is_object())?.clone()
        }
    };
    let path = match holder.path.as_str() {
        "" => name.to_owned(),
        above => format!("{above}.{name}"),
    };
    Some(FieldSchema { path, schema })
}

fn item(list: &FieldSchema) -> Option<FieldSchema> {
    let forms = forms(&list.schema);
    let form = forms.iter().find(|form| form.get("items").is_some())?;
    Some(FieldSchema {
        path: list.path.clone(),
        schema: item_schema(form).clone(),
    })
}

/// The fields of a mapping by name, with those of an organisation's own metadata.
pub(super) fn fields_of(schema: &Value, custom: &CustomSchemas) -> Map<String, Value> {
    let mut fields = Map::new();
    for form in forms(schema) {
        let known = form.get("properties").and_then(Value::as_object);
        for (name, schema) in known.into_iter().flatten() {
            fields.entry(name.clone()).or_insert_with(|| schema.clone());
        }
        let entity = form.get("x-custom-properties").and_then(Value::as_str);
        let own = entity.and_then(|entity| custom.get(entity)?.get("properties")?.as_object());
        for (name, schema) in own.into_iter().flatten() {
            fields.entry(name.clone()).or_insert_with(|| schema.clone());
        }
    }
    fields
}

/// The fields that a mapping must have.
pub(super) fn required_of(schema: &Value, custom: &CustomSchemas) -> Vec<String> {
    let mut required = Vec::new();
    for form in forms(schema) {
        let own = form.get("x-custom-properties").and_then(Value::as_str);
        let own = own.and_then(|entity| custom.get(entity)?.get("required"));
        let lists = form.get("required").into_iter().chain(own);
        let names = lists.filter_map(Value::as_array).flatten();
        required.extend(names.filter_map(|name| name.as_str().map(str::to_owned)));
    }
    required
}

/// A schema and the alternatives in it.
pub(super) fn forms(schema: &Value) -> Vec<&Value> {
    let mut found = vec![schema];
    let mut at = 0;
    while let Some(form) = found.get(at).copied() {
        for keyword in ["anyOf", "oneOf", "allOf"] {
            let inner = form.get(keyword).and_then(Value::as_array);
            found.extend(inner.into_iter().flatten().filter(|form| form.is_object()));
        }
        let shorthand = form.get("x-shorthand").and_then(Value::as_str);
        let alone = shorthand.and_then(|field| form.get("properties")?.get(field));
        found.extend(alone);
        at += 1;
    }
    found
}

/// The values that a schema knows, each with what it means.
pub(super) fn choices(schema: &Value) -> Vec<(&Value, &str)> {
    let mut found: Vec<(&Value, &str)> = Vec::new();
    for form in forms(schema) {
        for (values, meanings) in [
            ("enum", "enumDescriptions"),
            ("x-known-values", "x-known-descriptions"),
            ("x-suggestions", "x-known-descriptions"),
        ] {
            let meanings = form.get(meanings).and_then(Value::as_array);
            let values = form.get(values).and_then(Value::as_array);
            for (i, value) in values.into_iter().flatten().enumerate() {
                let meaning = meanings.and_then(|all| all.get(i)?.as_str());
                if !found.iter().any(|(known, _)| *known == value) {
                    found.push((value, meaning.unwrap_or_default()));
                }
            }
        }
        let constant = form.get("const").filter(|value| !value.is_null());
        found.extend(constant.map(|value| (value, "")));
    }
    found
}

/// A value as it is read, without quotes.
pub(super) fn plain_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// What people call the type of a field's values.
pub(super) fn type_words(schema: &Value) -> Option<&'static str> {
    let words = [
        ("string", "text"),
        ("array", "list"),
        ("object", "mapping"),
        ("boolean", "true or false"),
        ("integer", "number"),
        ("number", "number"),
    ];
    let mut words = words.into_iter();
    words
        .find(|(name, _)| is_of(schema, name))
        .map(|(_, words)| words)
}

/// Whether values of a schema are of a type, as `array`.
pub(super) fn is_of(schema: &Value, wanted: &str) -> bool {
    forms(schema).iter().any(|form| match form.get("type") {
        Some(Value::String(name)) => name == wanted,
        Some(Value::Array(names)) => names.iter().any(|name| name == wanted),
        _ => false,
    })
}
