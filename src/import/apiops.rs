//! The artifact tree that `apiops apic extract` writes: one folder per resource with its ARM JSON in
//! `…Information.json`, and a definition's document in `specification/` next to it (documented by its
//! source, version 1.0.0).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::files::{Imported, ImportedApi};
use crate::document;
use crate::export::{self, ExportOptions};
use crate::kinds::{self, API, API_DEFINITION, API_VERSION, DEPLOYMENT};
use crate::model::view::ApiView;
use crate::model::{
    Address, Diagnostic, Diagnostics, KindInfo, LiveResource, LiveState, Sources, Span, code,
    counted, without_mark,
};

/// What the name of every file with a resource ends with.
const INFORMATION: &str = "Information.json";

/// The workspace whose resources manifests declare.
const DEFAULT_WORKSPACE: &str = "default";

/// The title that the service gives it (observed).
const DEFAULT_TITLE: &str = "Default workspace";

/// A file of the tree.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Its path below the tree's folder, with `/` between its parts.
    pub path: String,
    /// Its path in messages.
    pub name: String,
    /// Its content.
    pub text: Arc<str>,
}

/// Resources found in an apiops artifact tree.
#[derive(Default)]
struct Tree<'a> {
    resources: BTreeMap<Address, Map<String, Value>>,
    /// Documents by the folder of their definition.
    documents: BTreeMap<&'a str, &'a Arc<str>>,
    folders: BTreeMap<Address, &'a str>,
    /// Environments that integrations keep.
    kept: BTreeSet<Address>,
    /// What manifests cannot declare, by collection.
    unknown_collections: BTreeMap<&'a str, usize>,
    /// Workspaces by name.
    workspaces: BTreeMap<&'a str, Workspace>,
}

/// A workspace of the tree.
#[derive(Default)]
struct Workspace {
    title: Option<String>,
    /// How many resources of it are left out.
    left_out: usize,
}

/// The manifests for the resources of an artifact tree. `ownership_property` is the custom property of the
/// ownership marker, which is left out.
///
/// Every file that cannot be read is reported, in `sources` at its place; then nothing is imported.
#[must_use]
pub fn apiops(
    artifacts: &[Artifact],
    ownership_property: Option<String>,
    sources: &mut Sources,
) -> (Imported, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let tree = Tree::read(artifacts, sources, &mut diagnostics);
    if diagnostics.has_errors() {
        return (Imported::default(), diagnostics);
    }
    let live = tree.live();
    let options = ExportOptions {
        ownership_property,
        ..ExportOptions::default()
    };
    let exported = export::export(&live, &options);
    let imported = Imported {
        apis: imported_apis(&live),
        notes: tree.notes().chain(exported.notes).collect(),
        files: exported.files,
        ..Imported::default()
    };
    (imported.sorted(), diagnostics)
}

impl<'a> Tree<'a> {
    fn read(
        artifacts: &'a [Artifact],
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut tree = Self::default();
        for artifact in artifacts {
            let (folder, file) = artifact
                .path
                .rsplit_once('/')
                .unwrap_or(("", &artifact.path));
            if file.starts_with("specification.")
                && let Some(definition) = folder.strip_suffix("/specification")
            {
                tree.documents.insert(definition, &artifact.text);
            } else if file.ends_with(INFORMATION) {
                match serde_json::from_str::<Map<String, Value>>(without_mark(&artifact.text)) {
                    Ok(envelope) => tree.add(folder, envelope),
                    Err(error) => diagnostics.push(broken(artifact, &error, sources)),
                }
            }
        }
        tree
    }

    fn add(&mut self, folder: &'a str, envelope: Map<String, Value>) {
        if let Some(environment) = target_environment(&envelope) {
            self.kept.insert(environment);
        }
        match found(folder) {
            Found::Resource(address) => {
                self.folders.insert(address.clone(), folder);
                self.resources.insert(address, envelope);
            }
            Found::Workspace(name) => {
                let properties = envelope.get("properties");
                let title = properties.and_then(|properties| properties["title"].as_str());
                self.workspaces.entry(name).or_default().title = title.map(str::to_owned);
            }
            Found::InWorkspace(workspace) => {
                self.workspaces.entry(workspace).or_default().left_out += 1;
            }
            Found::Unknown(collection) => {
                *self.unknown_collections.entry(collection).or_default() += 1;
            }
        }
    }

    /// What manifests cannot declare.
    fn notes(&self) -> impl Iterator<Item = String> {
        let unknown_collections = self.unknown_collections.iter().map(|(collection, count)| {
            format!("{collection}: left out ({count}), as manifests cannot declare them")
        });
        let workspaces = self.workspaces.iter();
        unknown_collections.chain(workspaces.filter_map(|(name, workspace)| workspace.note(name)))
    }

    fn live(&self) -> LiveState {
        let synchronised = self.synchronised();
        let mut live = LiveState::default();
        for (address, envelope) in &self.resources {
            let canonical = kinds::of(address).live(address.clone(), envelope);
            let folder = self.folders.get(address).copied().unwrap_or_default();
            let current = LiveResource {
                resource: canonical.resource,
                unmodelled: canonical.unmodelled,
                synchronised: synchronised.contains(&address.root()),
                text: self.documents.get(folder).map(|text| Arc::clone(text)),
                files: None,
                created_at: None,
            };
            live.resources.insert(address.clone(), current);
        }
        live
    }

    /// The APIs and environments that an integration keeps: those with a deployment in its environment.
    /// Nothing in an artifact says so by itself (observed).
    fn synchronised(&self) -> BTreeSet<Address> {
        let mut synchronised = self.kept.clone();
        for (address, envelope) in &self.resources {
            let id = envelope
                .get("properties")
                .and_then(|p| p["environmentId"].as_str());
            if *address.kind() == DEPLOYMENT.info
                && id
                    .and_then(|id| kinds::API_CENTER.address_of(None, id))
                    .is_some_and(|e| self.kept.contains(&e))
            {
                synchronised.insert(address.root());
            }
        }
        synchronised
    }
}

/// The environment that an integration fills.
fn target_environment(envelope: &Map<String, Value>) -> Option<Address> {
    let id = envelope.get("properties")?.get("targetEnvironmentId")?;
    kinds::API_CENTER.address_of(None, id.as_str()?)
}

impl Workspace {
    fn note(&self, name: &str) -> Option<String> {
        let title = self.title.as_deref();
        let title = title.filter(|title| !title.eq_ignore_ascii_case(name));
        if name == DEFAULT_WORKSPACE && self.left_out == 0 {
            let title = title.filter(|title| !title.eq_ignore_ascii_case(DEFAULT_TITLE))?;
            return Some(format!(
                "workspace/{name}: its title `{title}` is left out, as manifests cannot declare workspaces"
            ));
        }
        let title = title.map_or_else(String::new, |title| format!(" (`{title}`)"));
        let with = match self.left_out {
            0 => String::new(),
            count => format!(" with {}", counted(count, "resource")),
        };
        Some(format!(
            "workspace/{name}{title}: left out{with}, as manifests declare what is in the default workspace"
        ))
    }
}

/// What a folder of the tree is.
enum Found<'a> {
    Resource(Address),
    /// A workspace itself; the service has one only.
    Workspace(&'a str),
    /// A resource of another workspace, by that.
    InWorkspace(&'a str),
    /// What is not a resource of the service, by its collection.
    Unknown(&'a str),
}

fn found(folder: &str) -> Found<'_> {
    let steps: Vec<&str> = folder.split('/').collect();
    if let ["workspaces", name] = steps.as_slice() {
        return Found::Workspace(name);
    }
    if let Some(address) = kinds::address_of_path(&format!("/{folder}")) {
        return Found::Resource(address);
    }
    match steps.as_slice() {
        ["workspaces", DEFAULT_WORKSPACE, collection, ..] => Found::Unknown(collection),
        ["workspaces", workspace, ..] => Found::InWorkspace(workspace),
        [collection, ..] => Found::Unknown(collection),
        [] => Found::Unknown(""),
    }
}

fn broken(artifact: &Artifact, error: &serde_json::Error, sources: &mut Sources) -> Diagnostic {
    let text = without_mark(&artifact.text);
    let at = document::json_offset(text, error);
    let source = sources.add(artifact.name.clone(), text);
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let span = Span {
        source,
        start: at,
        end: at,
    };
    Diagnostic::error(
        code::DOCUMENT_INVALID,
        format!("not a resource in JSON: {message}"),
    )
    .at(span, "here")
}

pub(super) fn imported_apis(live: &LiveState) -> Vec<ImportedApi> {
    let apis = live
        .resources
        .values()
        .filter(|current| *current.resource.address.kind() == API.info && !current.synchronised);
    apis.map(|current| {
        let address = &current.resource.address;
        let count = |kind: &KindInfo| {
            let below = live.resources.values().filter(|other| {
                let other = &other.resource.address;
                *other.kind() == *kind && other.is_below(address)
            });
            below
                .filter(|other| *kind != API_DEFINITION.info || other.text.is_some())
                .count()
        };
        let title = ApiView::of(&current.resource.body).title();
        ImportedApi {
            name: address.name().to_owned(),
            title: title.unwrap_or_default().to_owned(),
            path: format!("apis/{}/api.yaml", export::file_name(address.name())),
            versions: count(&API_VERSION.info),
            definitions: count(&API_DEFINITION.info),
            deployments: count(&DEPLOYMENT.info),
            changes: None,
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> (Imported, Diagnostics) {
        let artifacts: Vec<Artifact> = files
            .iter()
            .map(|(path, text)| Artifact {
                path: (*path).to_owned(),
                name: (*path).to_owned(),
                text: Arc::from(*text),
            })
            .collect();
        apiops(&artifacts, None, &mut Sources::default())
    }

    #[test]
    fn what_an_integration_keeps_and_what_has_no_kind_is_named_and_left_out() {
        let (imported, diagnostics) = of(&[
            (
                "workspaces/default/workspaceInformation.json",
                r#"{"properties": {"title": "Contoso"}}"#,
            ),
            (
                "workspaces/default/apiSources/apim/apiSourceInformation.json",
                r#"{"properties": {"targetEnvironmentId": "/workspaces/default/environments/gate",
                    "apiSourceType": "AzureApiManagement", "azureApiManagementSource": {"resourceId": "/x"}}}"#,
            ),
            (
                "workspaces/default/novelties/a/noveltyInformation.json",
                "{}",
            ),
            (
                "workspaces/default/novelties/b/noveltyInformation.json",
                "{}",
            ),
            (
                "workspaces/other/workspaceInformation.json",
                r#"{"properties": {"title": "Partners"}}"#,
            ),
            ("workspaces/other/apis/x/apiInformation.json", "{}"),
            ("workspaces/third/workspaceInformation.json", "{}"),
            ("pictures/logo/pictureInformation.json", "{}"),
            (
                "workspaces/default/environments/gate/environmentInformation.json",
                r#"{"properties": {"title": "Gate", "kind": "production"}}"#,
            ),
            (
                "workspaces/default/apis/77/apiInformation.json",
                r#"{"properties": {"title": "Synced", "kind": "REST"}}"#,
            ),
            (
                "workspaces/default/apis/77/deployments/dep/apiDeploymentInformation.json",
                r#"{"properties": {"environmentId": "/workspaces/default/environments/gate"}}"#,
            ),
            (
                "workspaces/default/apis/own/apiInformation.json",
                r#"{"properties": {"title": "Own", "kind": "rest"}}"#,
            ),
        ]);
        assert!(diagnostics.is_empty());
        let paths: Vec<&str> = imported.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "apis/own/api.yaml",
                "environments/gate.yaml",
                "integrations/apim.yaml",
                "resources/novelties/a.yaml",
                "resources/novelties/b.yaml",
            ]
        );
        assert_eq!(
            imported.notes,
            [
                "pictures: left out (1), as manifests cannot declare them",
                "workspace/default: its title `Contoso` is left out, as manifests cannot declare workspaces",
                "workspace/other (`Partners`): left out with 1 resource, as manifests declare what is in the default workspace",
                "workspace/third: left out, as manifests declare what is in the default workspace",
                "api/77: left out: an integration keeps it",
            ]
        );
    }

    #[test]
    fn every_file_that_is_no_json_is_reported() {
        let (imported, diagnostics) = of(&[
            (
                "workspaces/default/apis/a/apiInformation.json",
                "{\n  \"name\": \n}",
            ),
            ("workspaces/default/apis/b/apiInformation.json", "[]"),
        ]);
        assert_eq!(diagnostics.count(crate::model::Severity::Error), 2);
        assert_eq!(imported, Imported::default());
    }
}
