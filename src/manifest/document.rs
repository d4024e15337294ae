//! The documents of definitions: read, checked, digested.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::source::{ReadProblem, Tree};
use crate::document;
use crate::model::{Diagnostic, Document, Sources, Span, Specification, code};

/// Largest document that can be sent inline, in bytes (documented limit of the official client).
const MOST_INLINE_BYTES: usize = 3 * 1024 * 1024;

/// A document and what it is.
#[derive(Debug, Clone)]
pub struct Described {
    /// The document.
    pub document: Document,
    /// What it states to be.
    pub specification: Specification,
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
    ///
    /// # Errors
    /// If it claims a format that it does not have.
    pub fn new(
        name: Option<&str>,
        text: Arc<str>,
        link: Option<String>,
    ) -> Result<Self, DescribeProblem> {
        let description = document::describe(name, &text).map_err(|error| DescribeProblem {
            message: error.message.clone(),
            range: error.place.clone().map(|range| (range.start, range.end)),
        })?;
        let digest = document::digest(&text);
        Ok(Self {
            document: Document { digest, text, link },
            specification: description.specification,
        })
    }

    /// The canonical value of the field `specification`, where the manifest says only part of it.
    #[must_use]
    pub fn specification_value(&self, declared: Option<&Value>) -> Value {
        let said = |field: &str| declared.and_then(|value| value.get(field)).cloned();
        let name = said("name").unwrap_or_else(|| json!(self.specification.name));
        let version =
            said("version").or_else(|| self.specification.version.clone().map(Value::String));
        match version {
            Some(version) => json!({ "name": name, "version": version }),
            None => json!({ "name": name }),
        }
    }
}

/// The path of a document relative to the project, from the manifest that names it; `None` where it
/// leaves the project.
pub(super) fn resolve(manifest: &str, file: &str) -> Option<PathBuf> {
    let folder = Path::new(manifest).parent().unwrap_or(Path::new(""));
    let mut resolved = PathBuf::new();
    for component in folder.components().chain(Path::new(file).components()) {
        match component {
            Component::Normal(part) => resolved.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !resolved.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(resolved)
}

/// Reads and describes a file that a manifest names at `span`.
pub(super) fn from_file(
    tree: &Tree,
    sources: &mut Sources,
    span: Span,
    file: &str,
) -> Result<Described, Box<Diagnostic>> {
    let manifest = sources.get(span.source).name.clone();
    let outside = || {
        Diagnostic::error(
            code::DOCUMENT_OUTSIDE,
            format!("`{file}` lies outside the project folder"),
        )
        .at(span, "outside the project")
        .help("copy the document into the repository, so that a plan shows what changes in it")
    };
    let path = resolve(&manifest, file).ok_or_else(outside)?;
    let text = tree.read_document(&path).map_err(|problem| match problem {
        ReadProblem::Outside => outside(),
        ReadProblem::Missing { near } => missing(file, span, near),
        ReadProblem::NotText { offset } => Diagnostic::error(
            code::FILE_ENCODING,
            format!("`{file}` is not UTF-8 text (byte {offset})"),
        )
        .at(span, "not UTF-8"),
        ReadProblem::Unreadable(reason) => Diagnostic::error(
            code::FILE_UNREADABLE,
            format!("cannot read `{file}`: {reason}"),
        )
        .at(span, "unreadable"),
    })?;
    too_large(file, &text, span)?;
    let name = path.to_string_lossy().replace('\\', "/");
    Described::new(Some(&name), Arc::clone(&text), None)
        .map_err(|problem| Box::new(invalid(sources, &name, &text, span, &problem)))
}

/// Describes a document that stands in the manifest itself.
pub(super) fn from_text(text: &str, span: Span) -> Result<Described, Box<Diagnostic>> {
    too_large("the inline document", text, span)?;
    Described::new(None, Arc::from(text), None).map_err(|problem| {
        Box::new(
            Diagnostic::error(code::DOCUMENT_INVALID, problem.message).at(span, "in this document"),
        )
    })
}

fn too_large(what: &str, text: &str, span: Span) -> Result<(), Box<Diagnostic>> {
    if text.len() <= MOST_INLINE_BYTES {
        return Ok(());
    }
    #[expect(clippy::cast_precision_loss, reason = "a size in megabytes for people")]
    let megabytes = text.len() as f64 / (1024.0 * 1024.0);
    let diagnostic = Diagnostic::error(
        code::DOCUMENT_TOO_LARGE,
        format!("{what} is {megabytes:.1} MB; the service takes at most 3 MB inline"),
    )
    .at(span, "too large")
    .help("publish the document and name it with `source: {url: …}`, or split it");
    Err(Box::new(diagnostic))
}

fn missing(file: &str, span: Span, near: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::DOCUMENT_MISSING, format!("no file `{file}`"))
        .at(span, "not found, relative to this manifest");
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("paths are relative to the file that names them"),
    }
}

fn invalid(
    sources: &mut Sources,
    name: &str,
    text: &Arc<str>,
    span: Span,
    problem: &DescribeProblem,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::DOCUMENT_INVALID, problem.message.clone());
    match problem.range {
        Some((start, end)) => {
            let source = sources.add(name, Arc::clone(text));
            diagnostic
                .at(Span { source, start, end }, "here")
                .related(span, "named as a definition's document here")
        }
        None => diagnostic.at(span, "this document"),
    }
}
