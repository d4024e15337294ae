//! What an export takes and gives.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::manifest::{API_VERSION, ProjectSpec};
use crate::model::{Address, OwnershipMarker};
use crate::yaml;

/// What to export, and how.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Name of the service, for `service.yaml`.
    pub service_name: String,
    /// The custom property of the ownership marker. It and its metadata schema are left out: the
    /// program declares and sets them by itself.
    pub ownership_property: Option<String>,
    /// This repository's name in the marker.
    pub owner: Option<String>,
    /// Whether what carries no marker is written too.
    pub adopt: bool,
    /// Whether what was added to synchronised APIs is written.
    pub synced: bool,
    /// Whether roles on the service are written.
    pub roles: bool,
    /// The project file to write too.
    pub project: Option<ProjectFile>,
    /// Definitions of the project whose document is split into several files.
    pub split: BTreeMap<Address, SplitDocument>,
}

/// A document that the project has split into several files. An export never writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitDocument {
    /// Path of the main file, relative to the project.
    pub main: String,
    /// All of its files, the main one among them.
    pub files: BTreeSet<String>,
    /// The digest of all of them as one document.
    pub digest: String,
}

impl ExportOptions {
    /// The ownership marker of this repository, if it has one.
    pub(super) fn marker(&self) -> Option<OwnershipMarker> {
        Some(OwnershipMarker {
            property: self.ownership_property.clone()?,
            owner: self.owner.clone()?,
        })
    }
}

/// The project file to write.
#[derive(Debug, Clone)]
pub struct ProjectFile {
    /// Its path, such as `apicenter.yaml`.
    pub path: String,
    /// The project's name.
    pub name: String,
    /// Its settings.
    pub spec: ProjectSpec,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Path below the project's folder, with `/` between its parts.
    pub path: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of an export, and what manifests cannot express.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Export {
    /// The files, sorted by path.
    pub files: Vec<ExportFile>,
    /// What could not be carried over, one sentence each: what is left out, then what is left out of
    /// what is written, both in the order of the resources.
    pub notes: Vec<String>,
    /// The number of resources that the files declare.
    pub resources: usize,
    /// The path of the manifest of each live resource that no other one is above: for a synchronised API, of what was
    /// added to it.
    pub manifests: BTreeMap<Address, String>,
}

/// Files by path.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

impl Export {
    pub(super) fn new(
        files: Files,
        notes: Vec<String>,
        resources: usize,
        manifests: BTreeMap<Address, String>,
    ) -> Self {
        let files = files
            .into_iter()
            .map(|(path, bytes)| ExportFile { path, bytes })
            .collect();
        Self {
            files,
            notes,
            resources,
            manifests,
        }
    }
}

impl ProjectFile {
    /// The text of the project file. Nothing in it is a variable.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut spec = serde_json::to_value(&self.spec)
            .expect("settings are texts, numbers, lists and mappings with text keys");
        drop_nulls(&mut spec);
        document("Project", Value::from(self.name.as_str()), spec)
    }
}

/// One YAML document.
pub(super) fn document(kind: &str, name: Value, spec: Value) -> Vec<u8> {
    let document = json!({
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        "spec": spec,
    });
    yaml::emit(&document).into_bytes()
}

/// Settings that are not set; an empty mapping is one that is (`emulator: {}`).
fn drop_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(drop_nulls);
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(drop_nulls);
    }
}
