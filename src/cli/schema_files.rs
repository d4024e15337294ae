//! The schemas that a project keeps for its editors, as `init` wires them.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::out_file::write_file_and_folder;
use crate::manifest::source::has_content;
use crate::output::Data;
use crate::project::LoadedProject;
use crate::schema::{for_overlays, project_schema};

/// Where the schema of manifests is in a project. `init` names the file in editor settings, too.
pub(super) const MANIFESTS: &str = "schemas/apicenter.schema.json";
/// Where the schema of overlays is.
const OVERLAYS: &str = "schemas/overlay.schema.json";

/// A schema and its place.
#[derive(Debug)]
pub(super) struct SchemaFile {
    /// The path in the project.
    pub(super) path: &'static str,
    place: PathBuf,
    text: Data<'static>,
}

impl SchemaFile {
    /// The schemas of a project; that of overlays only if it has some.
    pub(super) fn all(project: &LoadedProject) -> Vec<Self> {
        let schema = project_schema(&project.settings, &project.desired);
        let mut targets = project.settings.spec.targets.iter().flatten();
        let has_overlays = targets.any(|(_, target)| target.overlays.is_some());
        let overlays = has_overlays.then(|| (OVERLAYS, for_overlays(schema.clone())));
        std::iter::once((MANIFESTS, schema))
            .chain(overlays)
            .map(|(path, schema)| Self {
                path,
                place: project.files.root().join(Path::new(path)),
                text: Data::json(schema),
            })
            .collect()
    }

    /// Whether there is a file at its place.
    pub(super) fn exists(&self) -> bool {
        self.place.symlink_metadata().is_ok()
    }

    /// Whether the file is as the schema is now.
    pub(super) fn is_fresh(&self) -> bool {
        has_content(&self.place, self.text.to_string().as_bytes())
    }

    /// Writes the file.
    pub(super) fn write(&self, console: &Console) -> Result<(), Failure> {
        write_file_and_folder(&self.place, &self.text, console)
    }
}
