//! The APIs that a project declares already, as their manifests write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::metadata_extraction::{self, Facts};
use crate::document;
use crate::manifest::resolve;
use crate::model::{Diagnostics, Sources, split_mark, without_mark};
use crate::yaml::{self, Node, NodeValue};

/// The APIs that a project declares already.
#[derive(Debug, Clone, Default)]
pub struct DeclaredApis {
    /// The APIs.
    pub apis: Vec<DeclaredApi>,
    /// The texts of their manifests, by path.
    pub manifests: BTreeMap<String, Arc<str>>,
}

/// An API that a project declares already.
#[derive(Debug, Clone, Default)]
pub struct DeclaredApi {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its style, such as `rest`.
    pub style: String,
    /// The path of its manifest.
    pub path: String,
    /// Where in the manifest its document starts, in bytes.
    pub start: usize,
    /// The files of its definitions as they are written, from the manifest.
    pub files: Vec<String>,
    /// Its definitions, by the names of their version and their own in lower case.
    pub definitions: BTreeMap<(String, String), DeclaredDefinition>,
}

/// A definition that a project declares already.
#[derive(Debug, Clone, Default)]
pub struct DeclaredDefinition {
    /// Its document.
    pub text: Option<Arc<str>>,
    /// The format of the document, such as `openapi`.
    pub format: Option<String>,
}

impl DeclaredApis {
    /// The files of the definitions by their path in the project, each with the first API that has it.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, usize> {
        let mut by_file = BTreeMap::new();
        for (at, api) in self.apis.iter().enumerate() {
            for path in api.paths() {
                by_file.entry(path).or_insert(at);
            }
        }
        by_file
    }

    /// The text of a manifest, without a byte order mark.
    pub(super) fn text(&self, path: &str) -> &str {
        let text = self.manifests.get(path).map_or("", |text| text);
        without_mark(text)
    }

    /// The byte order mark of a manifest, if it has one.
    pub(super) fn mark(&self, path: &str) -> &str {
        let text = self.manifests.get(path);
        text.map_or("", |text| split_mark(text).0)
    }
}

impl DeclaredApi {
    /// The files of its definitions, relative to the project.
    pub(super) fn paths(&self) -> impl Iterator<Item = String> {
        let paths = self
            .files
            .iter()
            .filter_map(|file| resolve(&self.path, file));
        paths.map(|path| path.to_string_lossy().replace('\\', "/"))
    }

    /// What the documents say that this API has.
    pub(super) fn facts(&self) -> impl Iterator<Item = Facts> {
        let texts = self.definitions.values();
        texts.filter_map(|definition| facts_of(None, definition.text.as_deref()?))
    }
}

/// What a text says, if it is a description.
pub(super) fn facts_of(name: Option<&str>, text: &str) -> Option<Facts> {
    let description = document::describe(name, text).ok()?;
    (description.specification.name != "other")
        .then(|| metadata_extraction::facts(&description, text))
}

/// A manifest in which an API is declared.
#[derive(Debug, Clone)]
pub(super) struct Outline {
    /// The number of its document in the file, from 0.
    pub(super) document: usize,
    /// The document, every scalar as the text that is written.
    pub(super) root: Value,
}

impl Outline {
    /// The document of a text that starts at that byte.
    pub(super) fn at(text: &str, start: usize) -> Option<Self> {
        let documents = read(text);
        let at = documents.iter().position(|document| {
            let root = document.root.as_ref();
            root.is_some_and(|root| root.first_span().start == start)
        })?;
        Some(Self {
            document: at,
            root: as_written(documents.get(at)?.root.as_ref()?),
        })
    }

    /// The same document after an edit.
    pub(super) fn again(&self, text: &str) -> Option<Self> {
        let documents = read(text);
        let root = documents.get(self.document)?.root.as_ref()?;
        Some(Self {
            document: self.document,
            root: as_written(root),
        })
    }
}

fn read(text: &str) -> Vec<yaml::YamlDocument> {
    let source = Sources::default().add("", "");
    yaml::parse(source, text, &mut Diagnostics::default())
}

fn as_written(node: &Node) -> Value {
    match &node.value {
        NodeValue::Scalar(_) if node.is_null() => Value::Null,
        NodeValue::Scalar(scalar) => Value::from(scalar.text.as_str()),
        NodeValue::Sequence(items) => items.iter().map(|item| as_written(item)).collect(),
        NodeValue::Mapping(entries) => Value::Object(
            entries
                .iter()
                .map(|entry| (entry.key.text.clone(), as_written(&entry.value)))
                .collect(),
        ),
    }
}
