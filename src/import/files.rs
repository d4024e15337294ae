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
}

impl Imported {
    pub(super) fn sorted(mut self) -> Self {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.apis.sort_by(|a, b| a.name.cmp(&b.name));
        self
    }
}
