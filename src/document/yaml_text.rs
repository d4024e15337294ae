//! A YAML text on its own, of which the upper levels count.

use super::description::DocumentError;
use crate::model::{Diagnostic, Diagnostics, Sources, code};
use crate::yaml::{self, Node, YamlDocument};

/// A YAML text on its own.
pub(super) struct Yaml {
    documents: Vec<YamlDocument>,
    pub(super) diagnostics: Diagnostics,
}

pub(super) fn read_yaml(text: &str) -> Yaml {
    let mut diagnostics = Diagnostics::default();
    // Places are only used as offsets into the text at hand.
    let source = Sources::default().add("", "");
    let documents = yaml::parse_outline(source, text, &mut diagnostics);
    Yaml {
        documents,
        diagnostics,
    }
}

impl Yaml {
    /// The roots of the documents that are not empty.
    pub(super) fn roots(&self) -> impl Iterator<Item = &Node> {
        self.documents.iter().filter_map(|d| d.root.as_deref())
    }

    /// The root of the first document that is not empty.
    pub(super) fn first_root(&self) -> Option<&Node> {
        self.roots().next()
    }

    /// The root of the only document that is not empty.
    pub(super) fn only_root(&self) -> Option<&Node> {
        let mut roots = self.roots();
        roots.next().filter(|_| roots.next().is_none())
    }

    /// The first problem, as an error of the document.
    pub(super) fn error(&self, notation: &str) -> Option<DocumentError> {
        // What an outline leaves out is not a mistake, unless nothing was kept.
        let is_mistake = |d: &&Diagnostic| d.code != code::YAML_DEPTH || self.documents.is_empty();
        let problem = self.diagnostics.iter().find(is_mistake)?;
        let place = problem.primary.as_ref();
        let message = if problem.code == code::YAML_DEPTH {
            format!("{}, which is a limit of this program", problem.message)
        } else {
            format!("not well-formed {notation}: {}", problem.message)
        };
        Some(DocumentError {
            message,
            place: place.map(|label| label.span.start..label.span.end),
        })
    }
}
