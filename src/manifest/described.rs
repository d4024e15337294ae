//! A document, and what it says by itself.

use std::sync::Arc;

use serde_json::{Value, json};

use super::split::Joined;
use crate::document::{Description, DocumentFacts, DocumentIdentity, Import, Oddity};
use crate::model::{Document, Specification};

/// A document and what it is.
#[derive(Debug, Clone)]
pub struct Described {
    /// The document.
    pub document: Document,
    /// What it states to be; `other` for one that claims to be something and is not.
    pub specification: Specification,
    /// Why it is not what it claims to be.
    pub problem: Option<DescribeProblem>,
    /// What it describes, if it can be read.
    pub description: Option<Description>,
}

/// A document that claims to be something and is not.
#[derive(Debug, Clone)]
pub struct DescribeProblem {
    /// What is wrong, in words.
    pub message: String,
    /// Where in the document, as a range of bytes.
    pub range: Option<(usize, usize)>,
}

impl Described {
    /// Takes a text for what it states to be.
    #[must_use]
    pub fn new(name: Option<&str>, text: Arc<str>, link: Option<String>) -> Self {
        Self::of(DocumentIdentity::of(name, &text), text, link)
    }

    fn of(identity: DocumentIdentity, text: Arc<str>, link: Option<String>) -> Self {
        let DocumentIdentity { digest, described } = identity;
        let description = described.as_ref().ok().cloned();
        let (specification, problem) = match described {
            Ok(description) => (description.specification, None),
            Err(error) => {
                let range = error.place.map(|range| (range.start, range.end));
                let problem = DescribeProblem {
                    message: error.message,
                    range,
                };
                (
                    Specification {
                        name: "other".to_owned(),
                        version: None,
                    },
                    Some(problem),
                )
            }
        };
        Self {
            document: Document {
                digest,
                text,
                link,
                files: None,
                file: None,
                parts: Vec::new(),
            },
            specification,
            problem,
            description,
        }
    }

    /// The canonical value of the field `specification`, where the manifest says only part of it.
    #[must_use]
    pub fn specification_value(&self, declared: Option<&Value>) -> Value {
        let said = |field: &str| declared.and_then(|value| value.get(field)).cloned();
        let name = said("name").unwrap_or_else(|| json!(self.specification.name));
        let version =
            said("version").or_else(|| self.specification.version.clone().map(Value::String));
        // An empty version says that there is none, whatever the document states.
        match version.filter(|version| *version != json!("")) {
            Some(version) => json!({ "name": name, "version": version }),
            None => json!({ "name": name }),
        }
    }
}

/// A document of a definition, and everything that it says by itself.
pub(super) struct CheckedDocument {
    pub(super) described: Described,
    /// What is odd about it.
    pub(super) oddities: Vec<Oddity>,
    /// The files that it imports.
    pub(super) imports: Vec<Import>,
}

impl CheckedDocument {
    pub(super) fn new(facts: DocumentFacts, text: Arc<str>) -> Self {
        Self {
            described: Described::of(facts.identity, text, None),
            oddities: facts.oddities,
            imports: facts.imports,
        }
    }

    /// A document that is joined from several files.
    pub(super) fn joined(facts: DocumentFacts, joined: Joined) -> Self {
        let mut checked = Self::new(facts, joined.text);
        checked.described.document.parts = joined.parts;
        checked
    }
}
