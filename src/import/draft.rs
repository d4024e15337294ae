//! An API on its way to a manifest.

use serde_json::{Map, Value, json};

use super::files::{Imported, ImportedApi};
use super::fit::{fit, is_blank};
use crate::export::{self, ExportFile};
use crate::kinds::API;
use crate::model::limit;

/// An API on its way to a manifest.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
    /// Further fields of the API.
    pub(super) about: Map<String, Value>,
    pub(super) versions: Vec<Version>,
    pub(super) deployments: Vec<Value>,
    /// What has to be said about it, without its name.
    pub(super) notes: Vec<String>,
}

/// A version on its way to a manifest.
#[derive(Debug, Clone, Default)]
pub(super) struct Version {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) stage: String,
    pub(super) definitions: Vec<Value>,
}

impl Draft {
    /// Writes the manifest to `path`, with its texts cut to size.
    pub(super) fn write(mut self, path: String, imported: &mut Imported) {
        let mut notes = std::mem::take(&mut self.notes);
        self.drop_documents(&mut notes);
        let mut spec = self.spec();
        fit((API.schema)(), &mut spec, &mut notes);
        let address = format!("api/{}", self.name);
        let notes = notes.into_iter().map(|note| format!("{address}: {note}"));
        imported.notes.extend(notes);
        let count = |version: &Version| {
            let documents = version.definitions.iter();
            documents.filter(|d| d.get("source").is_some()).count()
        };
        imported.apis.push(ImportedApi {
            name: self.name.clone(),
            title: spec["title"].as_str().unwrap_or_default().to_owned(),
            path: path.clone(),
            versions: self.versions.len(),
            definitions: self.versions.iter().map(count).sum(),
            deployments: self.deployments.len(),
        });
        imported.files.push(ExportFile {
            path,
            bytes: export::manifest(&API, &self.name, spec),
        });
    }

    fn drop_documents(&mut self, notes: &mut Vec<String>) {
        let most = limit::DEFINITIONS.standard;
        for version in &mut self.versions {
            if version.definitions.len() > most {
                notes.push(format!(
                    "version {} has {} documents, and the service takes {most}: the rest is left out",
                    version.name,
                    version.definitions.len()
                ));
                version.definitions.truncate(most);
            }
        }
    }

    fn spec(&self) -> Value {
        let mut spec = Map::new();
        spec.insert("title".to_owned(), title(&self.title, &self.name).into());
        spec.insert("kind".to_owned(), self.kind.as_str().into());
        spec.extend(self.about.clone());
        let versions = self.versions.iter().map(Version::spec).collect();
        spec.insert("versions".to_owned(), versions);
        spec.insert("deployments".to_owned(), self.deployments.clone().into());
        Value::Object(spec)
    }
}

impl Version {
    fn spec(&self) -> Value {
        json!({
            "name": self.name,
            "title": title(&self.title, &self.name),
            "lifecycleStage": self.stage,
            "definitions": self.definitions,
        })
    }
}

/// A title; one of blanks and control characters is none.
fn title<'a>(title: &'a str, name: &'a str) -> &'a str {
    if is_blank(title) { name } else { title }
}

/// A definition: its name, its format in words, and where its document is.
pub(super) fn definition(name: &str, format: &str, source: Option<Value>) -> Value {
    let title = match format {
        "openapi" => "OpenAPI",
        "asyncapi" => "AsyncAPI",
        "graphql" => "GraphQL schema",
        "grpc" => "Protocol buffers",
        "raml" => "RAML",
        "wadl" => "WADL",
        "wsdl" => "WSDL",
        _ => "Description",
    };
    match source {
        Some(source) => json!({"name": name, "title": title, "source": source}),
        None => json!({"name": name, "title": title}),
    }
}
