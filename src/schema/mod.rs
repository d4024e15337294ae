//! The JSON Schema of manifests, for editors and other tools.
//!
//! It is made from the same types that check the manifests. Documents are distinguished by `kind` with
//! `if`/`then`, which gives editors one precise message instead of one per kind.

mod additions;
mod code_guide;
mod custom;
mod explain;
mod field_places;
mod forms;
mod header;
mod overlay;
mod publish;
mod snippets;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::kinds;
use crate::manifest::{self, Project};
use crate::model::DesiredState;

use additions::Additions;
pub use explain::{OtherSubjects, explain, overview};
pub(crate) use field_places::{
    items as item_schema, of_every_document as header_schema, roots as document_schemas,
};
pub use overlay::for_overlays;

/// The schema of every manifest document.
#[must_use]
pub fn manifest_schema() -> Value {
    root("apicenter manifest", &Additions::default())
}

/// The schema of every manifest document of a project: with its custom metadata, and with the names
/// that references may take. What is wrong in the manifests is left out of it.
#[must_use]
pub fn project_schema(project: &Project, desired: &DesiredState) -> Value {
    let title = match project.name.as_str() {
        "" => "apicenter manifest".to_owned(),
        name => format!("apicenter manifest of {name}"),
    };
    root(&title, &Additions::of(project, desired))
}

/// The schemas of custom properties as a project declares them, by the entity that has them.
#[must_use]
pub fn custom_property_schemas(
    project: &Project,
    desired: &DesiredState,
) -> BTreeMap<&'static str, Map<String, Value>> {
    Additions::of(project, desired).into_custom()
}

/// Files that are recognised as descriptions and left alone, so that a schema may be wired to every
/// YAML file of a repository.
const DESCRIPTION_KEYS: [&str; 3] = ["openapi", "swagger", "asyncapi"];

fn root(title: &str, additions: &Additions) -> Value {
    let descriptions: Vec<Value> = DESCRIPTION_KEYS
        .iter()
        .map(|key| json!({ "required": [key] }))
        .collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": "What an Azure API Center is to hold.",
        "type": "object",
        "defaultSnippets": snippets::all(),
        "properties": {},
        "allOf": [],
        "if": {
            "anyOf": descriptions,
            "not": {"required": ["apiVersion"]},
        },
        "then": true,
        "else": {
            "required": KEYS,
            "properties": {"apiVersion": true, "kind": true, "metadata": true, "spec": true},
            "additionalProperties": false,
        },
    });
    let (properties, rules) = document(additions);
    schema["properties"] = properties;
    schema["allOf"] = rules;
    schema
}

/// What every document consists of.
const KEYS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// The schemas of what every document consists of, and the rules for each kind.
fn document(additions: &Additions) -> (Value, Value) {
    let mut names = vec!["Project", manifest::EXEMPTION_KIND];
    names.extend(kinds::declarable().map(|kind| kind.info.name));
    let mut schemas = vec![manifest::project_schema(), manifest::exemption_schema()];
    schemas.extend(kinds::declarable().map(|kind| (kind.schema)()));
    let meanings: Vec<&str> = schemas
        .iter()
        .map(|schema| schema["description"].as_str().unwrap_or_default())
        .collect();
    let rules: Vec<Value> = names
        .iter()
        .zip(&schemas)
        .map(|(name, schema)| rule(name, schema, additions))
        .collect();
    let properties = header::properties(&names, &meanings);
    (properties, Value::Array(rules))
}

fn rule(kind: &str, schema: &Value, additions: &Additions) -> Value {
    let mut spec = publish::published(kind, schema, additions);
    spec["title"] = json!(kind);
    json!({
        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
        "then": {"properties": {"spec": spec}},
    })
}
