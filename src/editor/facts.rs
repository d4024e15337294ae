//! What is known of a project once it was read: all that an editor can be shown without reading it again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::diagnostics::{self, Accepted, Findings};
use super::fields::CustomSchemas;
use super::index::{FileIndex, FileIndexes, Index, index_of};
use super::part_users::{PartUsers, part_users};
use crate::kinds;
use crate::manifest::source::{FileGlobs, ProjectFiles as _};
use crate::manifest::{LeftOutReason, MOST_MANIFEST_BYTES, is_yaml_like};
use crate::model::{DesiredState, ServiceId, Source};
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};
use crate::schema;

/// What is known of a project.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Its problems.
    pub(super) findings: Findings,
    /// The problems that exemptions accept.
    pub(super) accepted: BTreeMap<String, BTreeSet<Accepted>>,
    /// The files that can be checked by themselves.
    pub(super) proofs: BTreeMap<String, Proof>,
    /// What its files name.
    pub(super) index: Index,
    /// The manifests of descriptions that have parts in other files.
    pub(super) part_users: PartUsers,
    /// The schemas of the organisation's own metadata.
    pub(super) custom: CustomSchemas,
    /// The files of the project that are not manifests.
    pub(super) files: Vec<String>,
    /// The files that targets list as overlays.
    overlays: Vec<FileGlobs>,
    /// The full ids of its services.
    services: Vec<String>,
}

/// What was the same when a file was checked by itself and when the whole project was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Proof {
    /// A hash of what other files are checked by, or of what is found in them.
    pub(super) footprint: u64,
    /// The files in which descriptions have parts; `None` where an error hides it, and where it does not count.
    pub(super) parts: Option<PartUsers>,
    /// Its problems that exemptions accept; `None` where a syntax error hides them.
    pub(super) accepted: Option<BTreeSet<Accepted>>,
}

impl Proof {
    /// Whether other files have the problems that they had with an earlier text.
    pub(super) fn agrees_with(&self, earlier: &Self) -> bool {
        let has_same_parts = self.parts.is_none() || self.parts == earlier.parts;
        let accepts_the_same = self.accepted.is_none() || self.accepted == earlier.accepted;
        self.footprint == earlier.footprint && has_same_parts && accepts_the_same
    }
}

impl Facts {
    /// Reads and checks a project. `known` are the entries of texts that may be the same.
    pub(super) fn read(files: FilesWithUnsaved, options: LoadOptions, known: &FileIndexes) -> Self {
        let project_file = files.project_file().to_owned();
        match LoadedProject::of_files(files, options) {
            Ok(mut project) => {
                let mut facts = Self::without_index(&project);
                // It is large, and the index is made of the texts.
                project.desired = DesiredState::default();
                facts.index_project(&project, known);
                facts
            }
            Err(error) => Self {
                findings: diagnostics::not_opened(&project_file, &error),
                ..Self::default()
            },
        }
    }

    pub(super) fn of(project: &LoadedProject) -> Self {
        let mut facts = Self::without_index(project);
        facts.index_project(project, &FileIndexes::new());
        facts
    }

    fn without_index(project: &LoadedProject) -> Self {
        Self {
            findings: diagnostics::findings(project),
            accepted: diagnostics::accepted(project),
            custom: schema::custom_property_schemas(&project.settings, &project.desired),
            overlays: overlays_of(project),
            services: services_of(project),
            part_users: part_users(&project.desired, &project.sources),
            ..Self::default()
        }
    }

    /// Takes what the texts of a project name.
    fn index_project(&mut self, project: &LoadedProject, known: &FileIndexes) {
        let sources: Vec<&Source> = project.sources.iter().collect();
        let entries: Vec<Option<Arc<FileIndex>>> = sources
            .par_iter()
            .map(|source| self.entries_of(source, known))
            .collect();
        for (source, entries) in sources.into_iter().zip(entries) {
            if let Some(entries) = entries {
                self.index.set(&source.name, entries);
            }
        }
        let others = project.left_out.iter();
        let others = others.filter(|file| file.reason == LeftOutReason::OtherOverlay);
        for file in others {
            let text = project
                .files
                .read_document(file.path.as_ref(), MOST_MANIFEST_BYTES);
            if let Ok(text) = text {
                self.index_text(&Source::new(file.path.clone(), text));
            }
        }
        let mut files = project.files.files().files;
        files.retain(|file| self.index.file(file).is_none());
        self.files = files;
    }

    /// Takes what a text names.
    pub(super) fn index_text(&mut self, source: &Source) {
        if let Some(entries) = self.entries_of(source, &FileIndexes::new()) {
            self.index.set(&source.name, entries);
        }
    }

    /// Whether what is known of a file is about this text of it.
    pub(super) fn is_indexed(&self, source: &Source) -> bool {
        let entries = self.index.file(&source.name);
        entries.is_some_and(|entries| entries.is_of(source, &self.services))
    }

    fn entries_of(&self, source: &Source, known: &FileIndexes) -> Option<Arc<FileIndex>> {
        is_yaml_like(&source.name).then(|| {
            let mut overlays = self.overlays.iter();
            let is_overlay = overlays.any(|globs| globs.matches(&source.name));
            index_of(source, is_overlay, &self.services, known.get(&*source.name))
        })
    }
}

/// The full ids of the services of all targets, as far as the project file has them without variables.
fn services_of(project: &LoadedProject) -> Vec<String> {
    let targets = project.settings.spec.targets.iter().flatten();
    let declared = targets.filter_map(|(_, target)| {
        Some(ServiceId {
            subscription: target.subscription_id.clone()?,
            resource_group: target.resource_group.clone()?,
            name: target.service.clone()?,
        })
    });
    let all = std::iter::once(project.options.target.service.clone()).chain(declared);
    let ids: BTreeSet<String> = all.map(|service| kinds::API_CENTER.id(&service)).collect();
    ids.into_iter().collect()
}

fn overlays_of(project: &LoadedProject) -> Vec<FileGlobs> {
    let targets = project.settings.spec.targets.iter().flatten();
    targets
        .filter_map(|(_, target)| FileGlobs::new(target.overlays.as_ref()?).ok())
        .collect()
}
