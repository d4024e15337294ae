//! The files of a project while they are edited.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::step::Step;
use super::variables::substituted;
use crate::kinds::NAME;
use crate::manifest::MOST_MANIFEST_BYTES;
use crate::manifest::source::{ProjectFiles as _, ReadProblem};
use crate::model::{Diagnostics, Sources, without_mark};
use crate::project::LoadedProject;
use crate::yaml::{self, Edit, Node, PathStep, YamlDocument};

/// A file after the edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edited {
    /// The text of a manifest.
    Text(String),
    /// The content of any other file.
    Content(Vec<u8>),
    /// It is removed.
    Removed,
}

/// Texts of a project, those that were edited in place of those that it has.
#[derive(Clone)]
pub(super) struct Texts<'a> {
    project: &'a LoadedProject,
    edited: BTreeMap<String, Edited>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(project: &'a LoadedProject) -> Self {
        Self {
            project,
            edited: BTreeMap::new(),
        }
    }

    pub(super) fn into_edited(self) -> BTreeMap<String, Edited> {
        self.edited
    }

    /// The text of a manifest, without its byte order mark.
    pub(super) fn text(&self, path: &str) -> Option<Arc<str>> {
        match self.edited.get(path) {
            Some(Edited::Text(text)) => return Some(Arc::from(text.as_str())),
            Some(Edited::Content(bytes)) => {
                return String::from_utf8(bytes.clone()).ok().map(Arc::from);
            }
            Some(Edited::Removed) => return None,
            None => {}
        }
        let files = &self.project.files;
        let text = files.read_document(path.as_ref(), MOST_MANIFEST_BYTES);
        Some(Arc::from(without_mark(&text.ok()?)))
    }

    /// The documents of a manifest that is well-formed.
    pub(super) fn documents(&self, path: &str) -> Vec<YamlDocument> {
        let Some(text) = self.text(path) else {
            return Vec::new();
        };
        let mut problems = Diagnostics::default();
        let source = Sources::default().add("", "");
        let documents = yaml::parse(source, &text, &mut problems);
        match problems.is_empty() {
            true => documents,
            false => Vec::new(),
        }
    }

    /// Whether there is a file at a path.
    pub(super) fn exists(&self, path: &str) -> bool {
        match self.edited.get(path) {
            Some(Edited::Removed) => false,
            Some(_) => true,
            None => {
                let read = self.project.files.read(path, MOST_MANIFEST_BYTES);
                !matches!(read, Err(ReadProblem::Missing { .. }))
            }
        }
    }

    /// Makes one edit in a document; `false` if it cannot be made in this text.
    pub(super) fn edit(
        &mut self,
        (path, document): (&str, usize),
        steps: &[Step],
        edit: Edit<'_>,
    ) -> bool {
        let Some(text) = self.text(path) else {
            return false;
        };
        let steps: Vec<PathStep<'_>> = steps.iter().map(Step::borrowed).collect();
        match yaml::edited(&text, document, &steps, edit) {
            Some(after) => {
                self.set(path, Edited::Text(after));
                true
            }
            None => false,
        }
    }

    pub(super) fn set(&mut self, path: &str, edited: Edited) {
        self.edited.insert(path.to_owned(), edited);
    }

    /// Whether a mapping has this name, its variables replaced.
    pub(super) fn is_named(&self, node: &Node, name: &str) -> bool {
        let written = node.get(NAME).and_then(|name| name.scalar_text());
        let none = BTreeMap::new();
        let values = self.project.target.spec.variables.as_ref();
        written.is_some_and(|written| {
            let found = substituted(written, values.unwrap_or(&none));
            found.eq_ignore_ascii_case(name)
        })
    }
}
