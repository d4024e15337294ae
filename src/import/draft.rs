//! An API that is being imported.

use serde_json::{Value, json};

use super::files::{Imported, ImportedApi};
use super::truncation::{fit, is_blank};
use crate::export::{self, ExportFile};
use crate::kinds::{API, DocumentSource, NAME};
use crate::model::view::{self, ApiVersionView, ApiView, DefinitionView};
use crate::model::{Body, limit};

/// An API that is being imported.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
    /// Further fields of the API.
    pub(super) about: Body,
    pub(super) versions: Vec<Version>,
    pub(super) deployments: Vec<Value>,
    /// Notes about it, without its name.
    pub(super) notes: Vec<String>,
}

/// A version that is being imported.
#[derive(Debug, Clone, Default)]
pub(super) struct Version {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) stage: String,
    pub(super) definitions: Vec<Value>,
}

impl Draft {
    /// Writes the manifest to `path`, truncating texts to the service's limits.
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
            let has_source = |d: &&Value| d.get(DefinitionView::SOURCE).is_some();
            documents.filter(has_source).count()
        };
        imported.apis.push(ImportedApi {
            name: self.name.clone(),
            title: spec[ApiView::TITLE].as_str().unwrap_or_default().to_owned(),
            path: path.clone(),
            versions: self.versions.len(),
            definitions: self.versions.iter().map(count).sum(),
            deployments: self.deployments.len(),
            changes: None,
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
        let mut spec = Body::new();
        let versions: Vec<Value> = self.versions.iter().map(Version::spec).collect();
        view::set(&mut spec, ApiView::TITLE, title(&self.title, &self.name));
        view::set(&mut spec, ApiView::STYLE, self.kind.as_str());
        spec.extend(self.about.clone());
        view::set(&mut spec, ApiView::VERSIONS, versions);
        view::set(&mut spec, ApiView::DEPLOYMENTS, self.deployments.clone());
        Value::Object(spec)
    }
}

impl Version {
    fn spec(&self) -> Value {
        json!({
            NAME: self.name,
            ApiVersionView::TITLE: title(&self.title, &self.name),
            ApiVersionView::LIFECYCLE_STAGE: self.stage,
            ApiVersionView::DEFINITIONS: self.definitions,
        })
    }
}

/// The fields that a description gives to its API, cut to what the service takes.
pub(super) fn fields(name_title: &str, name: &str, about: &Body, notes: &mut Vec<String>) -> Body {
    let mut fields = Body::new();
    view::set(&mut fields, ApiView::TITLE, title(name_title, name));
    fields.extend(about.clone());
    fitted((API.schema)(), Value::Object(fields), notes)
}

/// A version as it is written, cut to what the service takes.
pub(super) fn version(version: &Version, notes: &mut Vec<String>) -> Value {
    let schema = &(API.schema)()["properties"][ApiView::VERSIONS]["items"];
    Value::Object(fitted(schema, version.spec(), notes))
}

/// Cuts a deployment to what the service takes.
pub(super) fn fit_deployment(deployment: &mut Value, notes: &mut Vec<String>) {
    let schema = &(API.schema)()["properties"][ApiView::DEPLOYMENTS]["items"];
    fit(schema, deployment, notes);
}

fn fitted(schema: &Value, mut value: Value, notes: &mut Vec<String>) -> Body {
    fit(schema, &mut value, notes);
    match value {
        Value::Object(fields) => fields,
        _ => Body::new(),
    }
}

/// The title, or the name if the title is blank.
fn title<'a>(title: &'a str, name: &'a str) -> &'a str {
    if is_blank(title) { name } else { title }
}

/// A definition: its name, its format in words, and where its document is.
pub(super) fn definition(name: &str, format: &str, source: Option<DocumentSource<'_>>) -> Value {
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
    let mut definition = Body::new();
    view::set(&mut definition, NAME, name);
    view::set(&mut definition, DefinitionView::TITLE, title);
    if let Some(source) = source {
        view::set(&mut definition, DefinitionView::SOURCE, source.to_value());
    }
    Value::Object(definition)
}
