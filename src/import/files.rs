//! What an import gives.

use crate::export::ExportFile;

/// The files of an import, and what has to be said about them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The files, sorted by path.
    pub files: Vec<ExportFile>,
    /// The APIs among them, in the order of their names.
    pub apis: Vec<ImportedApi>,
    /// What was cut, left out or assumed, one sentence each.
    pub notes: Vec<String>,
    /// Files that are not descriptions, by the names that the user gave.
    pub skipped: Vec<String>,
    /// Files that have the name of an API which they do not seem to describe, with that API.
    pub conflicts: Vec<String>,
    /// Manifests that would have to be changed where anchors or merge keys share values.
    pub uneditable: Vec<String>,
}

/// An API that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedApi {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Path of its manifest, relative to the project.
    pub path: String,
    /// How many versions it has.
    pub versions: usize,
    /// How many definitions with a document they have.
    pub definitions: usize,
    /// How many deployments it has.
    pub deployments: usize,
    /// What was done to an API that the project declares already; `None` for a new one.
    pub changes: Option<ApiChanges>,
}

/// What an import did to the manifest of an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiChanges {
    /// What the manifest did not have, such as `version 2.0.0`.
    pub added: Vec<String>,
    /// What follows the document, such as `description`.
    pub updated: Vec<String>,
    /// What differs from the document and was left as somebody wrote it.
    pub kept: Vec<String>,
    /// The files that its definitions had before, relative to the project.
    pub files: Vec<String>,
}

impl ApiChanges {
    /// Whether nothing was added or updated.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty()
    }
}

impl Imported {
    pub(super) fn sorted(mut self) -> Self {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.apis.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}
