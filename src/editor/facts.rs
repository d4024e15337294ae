//! What is known of a project once it was read: all that an editor can be shown without reading it again.

use super::diagnostics::{self, Findings};
use super::fields::CustomSchemas;
use super::index::{Index, index_of};
use crate::manifest::source::{FileGlobs, ProjectFiles as _};
use crate::manifest::{LeftOutReason, MOST_MANIFEST_BYTES, is_yaml_like};
use crate::model::Source;
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};
use crate::schema;

/// What is known of a project.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Its problems.
    pub(super) findings: Findings,
    /// What its files name.
    pub(super) index: Index,
    /// The schemas of the organisation's own metadata.
    pub(super) custom: CustomSchemas,
    /// The files of the project that are not manifests.
    pub(super) files: Vec<String>,
    /// The files that targets list as overlays.
    overlays: Vec<FileGlobs>,
}

impl Facts {
    /// Reads and checks a project.
    pub(super) fn read(files: FilesWithUnsaved, options: LoadOptions) -> Self {
        let project_file = files.project_file().to_owned();
        match LoadedProject::of_files(files, options) {
            Ok(project) => Self::of(&project),
            Err(error) => Self {
                findings: diagnostics::not_opened(&project_file, &error),
                ..Self::default()
            },
        }
    }

    pub(super) fn of(project: &LoadedProject) -> Self {
        let mut facts = Self {
            findings: diagnostics::findings(project),
            index: Index::default(),
            custom: schema::custom_property_schemas(&project.settings, &project.desired),
            files: Vec::new(),
            overlays: overlays_of(project),
        };
        for source in project.sources.iter() {
            facts.index_text(source);
        }
        let others = project.left_out.iter();
        let others = others.filter(|file| file.reason == LeftOutReason::OtherOverlay);
        for file in others {
            let text = project
                .files
                .read_document(file.path.as_ref(), MOST_MANIFEST_BYTES);
            if let Ok(text) = text {
                facts.index_text(&Source::new(file.path.clone(), text));
            }
        }
        let mut files = project.files.files().files;
        files.retain(|file| facts.index.file(file).is_none());
        facts.files = files;
        facts
    }

    /// Takes what a text names.
    pub(super) fn index_text(&mut self, source: &Source) {
        if is_yaml_like(&source.name) {
            let is_overlay = self
                .overlays
                .iter()
                .any(|globs| globs.matches(&source.name));
            self.index.set(&source.name, index_of(source, is_overlay));
        }
    }
}

fn overlays_of(project: &LoadedProject) -> Vec<FileGlobs> {
    let targets = project.settings.spec.targets.iter().flatten();
    targets
        .filter_map(|(_, target)| FileGlobs::new(target.overlays.as_ref()?).ok())
        .collect()
}
