//! A resource in canonical form: what is compared, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::address::Address;
use super::place::SourceId;

/// The canonical properties of a resource, named as in a manifest.
///
/// Server-owned fields, nulls and empty containers are gone; references are names, not ids; a
/// definition's document is the field `source`, holding its digest.
pub type Body = Map<String, Value>;

/// The same body in no more memory than it needs: mappings and lists grow in large steps while they are read.
#[must_use]
pub fn compact(body: Body) -> Body {
    fn compact_value(value: Value) -> Value {
        match value {
            Value::Object(fields) => Value::Object(compact(fields)),
            Value::Array(items) => {
                let mut items: Vec<Value> = items.into_iter().map(compact_value).collect();
                items.shrink_to_fit();
                Value::Array(items)
            }
            Value::String(mut text) => {
                text.shrink_to_fit();
                Value::String(text)
            }
            other => other,
        }
    }
    let mut compacted = Body::with_capacity(body.len());
    compacted.extend(
        body.into_iter()
            .map(|(key, field)| (key, compact_value(field))),
    );
    compacted
}

/// A dotted path of a field, such as `contacts[0].email`.
///
/// A text and not a type of its own: [`field_path`] is the only place that puts one together, the spec types,
/// settings and JSON output have it as text, and nothing takes it apart but views.
pub type FieldPath = String;

/// The path of a key below another path; keys with dots, brackets or quotes are quoted.
#[must_use]
pub fn field_path(parent: &str, key: &str) -> FieldPath {
    let plain = !key.is_empty() && !key.contains(['.', '[', ']', '"']);
    match (parent.is_empty(), plain) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{parent}.{key}"),
        (_, false) => format!("{parent}[{key:?}]"),
    }
}

/// The dotted paths of the fields that nobody modelled.
#[must_use]
pub fn unmodelled_paths(unmodelled: &Body) -> Vec<FieldPath> {
    let mut paths = Vec::new();
    for (key, value) in unmodelled {
        collect(field_path("", key), value, &mut paths);
    }
    paths.sort();
    paths
}

fn collect(path: FieldPath, value: &Value, paths: &mut Vec<FieldPath>) {
    match value {
        Value::Array(items) if items.iter().all(|i| i.is_null() || i.is_object()) => {
            for (i, item) in items.iter().enumerate().filter(|(_, item)| !item.is_null()) {
                collect(format!("{path}[{i}]"), item, paths);
            }
        }
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                collect(field_path(&path, key), value, paths);
            }
        }
        _ => paths.push(path),
    }
}

/// A resource in canonical form. Desired and live both become this, and only this is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name and, through it, its kind.
    pub address: Address,
    /// What is compared.
    pub body: Body,
    /// The resources that must exist for this one to exist, besides its parent.
    pub references: BTreeSet<Address>,
    /// The resource with which it is deleted, where the address does not show it.
    pub within: Option<Address>,
    /// Its full resource id, where the address does not lead to it: role assignments have a GUID for a
    /// name, at any scope.
    pub id: Option<String>,
}

impl Resource {
    /// The address of the resource that this one belongs to and is deleted with.
    #[must_use]
    pub fn parent(&self) -> Option<Address> {
        self.address.parent().or_else(|| self.within.clone())
    }
}

/// The format of the document of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specification {
    /// `openapi`, `asyncapi`, `graphql`, `grpc`, `raml`, `wadl`, `wsdl` or `other`.
    pub name: String,
    /// The version that the document states; `None` where the format has none.
    pub version: Option<String>,
}

/// The files of a folder by their path below it, with `/` between its parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The content of a definition or an analyzer, as text and as the digest that represents it in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// `sha256:` and 64 hex digits of the normalised text.
    pub digest: String,
    /// The text: byte for byte, or a readable listing of `files`.
    pub text: Arc<str>,
    /// The address from which the service is to fetch it, for a document imported by link.
    pub link: Option<String>,
    /// The files of a folder, for content that is one (an analyzer's ruleset).
    pub files: Option<Arc<Files>>,
    /// The file that it is, relative to the project; `None` for one that is split into several, is in a manifest, or
    /// is imported by link.
    pub file: Option<String>,
    /// Where the values of a description come from that is split into several files; empty for one file.
    pub parts: Vec<DocumentPart>,
}

/// What comes from a file in a description that is split into several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPart {
    /// Its JSON pointer in the whole document.
    pub at: String,
    /// The file.
    pub source: SourceId,
    /// The file's text.
    pub text: Arc<str>,
    /// Its JSON pointer in the file.
    pub pointer: String,
}
