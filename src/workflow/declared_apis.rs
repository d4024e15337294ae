//! The APIs of a project, for an import that adds to them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::import::{DeclaredApi, DeclaredApis, DeclaredDefinition};
use crate::kinds::{API, API_DEFINITION, DocumentSource};
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::ProjectFiles as _;
use crate::model::view::{ApiView, DefinitionView};
use crate::model::{Address, DesiredResource, Diagnostic, Diagnostics, code};
use crate::project::LoadedProject;

/// The APIs that the manifests of a project declare, and every manifest that can no longer be read.
///
/// The texts are read again, because secrets are concealed in those that were loaded.
#[must_use]
pub fn declared_apis(project: &LoadedProject) -> (DeclaredApis, Diagnostics) {
    let mut declared = DeclaredApis::default();
    let mut unread: BTreeMap<String, Diagnostic> = BTreeMap::new();
    let apis = project.desired.resources.iter();
    for (address, resource) in apis.filter(|(address, _)| *address.kind() == API.info) {
        let Some(place) = resource.place else {
            continue;
        };
        let path = project.sources.get(place.source).name.clone();
        if !declared.manifests.contains_key(&path) {
            match project
                .files
                .read_document(Path::new(&path), MOST_MANIFEST_BYTES)
            {
                Ok(text) => drop(declared.manifests.insert(path.clone(), text)),
                Err(problem) => {
                    let message = format!("cannot read `{path}`: {problem}");
                    let diagnostic = Diagnostic::error(code::FILE_UNREADABLE, message);
                    unread.insert(path, diagnostic);
                    continue;
                }
            }
        }
        declared
            .apis
            .push(api(address, resource, path, place.start, project));
    }
    (declared, unread.into_values().collect())
}

fn api(
    address: &Address,
    resource: &DesiredResource,
    path: String,
    start: usize,
    project: &LoadedProject,
) -> DeclaredApi {
    let view = ApiView::of(&resource.resource.body);
    let mut api = DeclaredApi {
        name: address.name().to_owned(),
        title: view.title().unwrap_or_default().to_owned(),
        style: view.style().unwrap_or_default().to_owned(),
        path,
        start,
        ..DeclaredApi::default()
    };
    let below = project.desired.resources.range(address..);
    for (other, definition) in below.take_while(|(other, _)| other.root() == *address) {
        if *other.kind() != API_DEFINITION.info {
            continue;
        }
        let Some(version) = other.parent() else {
            continue;
        };
        let format = DefinitionView::of(&definition.resource.body).specification();
        let format = format.and_then(|format| format["name"].as_str());
        let key = (version.name().to_lowercase(), other.name().to_lowercase());
        let entry = DeclaredDefinition {
            text: definition.document.as_ref().map(|it| Arc::clone(&it.text)),
            format: format.map(str::to_owned),
        };
        api.definitions.insert(key, entry);
        let field = format!("{}.{}", DefinitionView::SOURCE, DocumentSource::FILE);
        if let Some(span) = definition.places.get(&field) {
            let file = project.sources.text(span).trim_matches(['"', '\'']);
            api.files.push(file.to_owned());
        }
    }
    api
}
