//! Where fields are, by their names alone.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::header;
use crate::kinds;
use crate::manifest;

/// A field of a kind.
#[derive(Debug, Clone)]
pub(super) struct FieldPlace {
    /// `Api.versions.lifecycleStage`.
    pub(super) path: String,
    pub(super) schema: &'static Value,
}

/// Every field of every document and every kind, in the order of the kinds.
pub(super) fn all() -> Vec<FieldPlace> {
    let mut found = Vec::new();
    walk("", of_every_document(), &mut found);
    for (name, schema) in roots() {
        walk(name, schema, &mut found);
    }
    found
}

/// The kinds of documents with their schemas.
pub(crate) fn roots() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let kinds = kinds::declarable().map(|kind| (kind.info.name, (kind.schema)()));
    kinds.chain([
        (manifest::EXEMPTION_KIND, manifest::exemption_schema()),
        ("Project", manifest::project_schema()),
    ])
}

/// The schema of what every document consists of.
pub(crate) fn of_every_document() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
        let (names, schemas): (Vec<&str>, Vec<&Value>) = roots().unzip();
        let meanings: Vec<&str> = schemas
            .iter()
            .map(|schema| schema["description"].as_str().unwrap_or_default())
            .collect();
        json!({"properties": header::properties(&names, &meanings)})
    });
    &SCHEMA
}

/// The fields of that name, or whose path ends so, such as `server.runtimeUri`.
pub(super) fn named(name: &str) -> Vec<FieldPlace> {
    let end = format!(".{name}").to_lowercase();
    let mut fields = all();
    fields.retain(|field| format!(".{}", field.path).to_lowercase().ends_with(&end));
    fields
}

/// The schema of the items of a list, of the values of a mapping by name, or the schema itself.
pub(crate) fn items(schema: &Value) -> &Value {
    schema
        .get("items")
        .or_else(|| {
            schema
                .get("additionalProperties")
                .filter(|more| more.is_object())
        })
        .unwrap_or(schema)
}

fn walk(path: &str, schema: &'static Value, found: &mut Vec<FieldPlace>) {
    let properties = items(schema).get("properties").and_then(Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        let path = match path {
            "" => name.clone(),
            path => format!("{path}.{name}"),
        };
        found.push(FieldPlace {
            path: path.clone(),
            schema,
        });
        walk(&path, schema, found);
    }
}
