//! The documents of definitions: read, checked, digested.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::source::{ProjectFiles, ReadProblem};
use crate::document::{self, Description, Oddity};
use crate::model::{Diagnostic, Document, SourceId, Sources, Span, Specification, code};

/// Largest document that can be sent inline, in bytes (documented limit of the official client).
pub const MOST_INLINE_BYTES: usize = 3 * 1024 * 1024;

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
        let digest = document::digest(&text);
        let described = document::describe(name, &text);
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

/// The path of a document relative to the project, from the manifest that names it; `None` where it
/// leaves the project.
pub(crate) fn resolve(manifest: &str, file: &str) -> Option<PathBuf> {
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
    files: &dyn ProjectFiles,
    sources: &mut Sources,
    span: Span,
    file: &str,
) -> Result<Described, Box<Diagnostic>> {
    let manifest = sources.get(span.source).name.clone();
    let outside = || {
        Diagnostic::error(
            code::DOCUMENT_OUTSIDE,
            format!("`{file}` is outside the project folder"),
        )
        .at(span, "outside the project")
        .help("copy the document into the repository, so that a plan shows what changes in it")
    };
    let path = resolve(&manifest, file).ok_or_else(outside)?;
    let text = files
        .read_document(&path)
        .map_err(|problem| match problem {
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
    check_size(&format!("`{file}`"), &text, span)?;
    let name = path.to_string_lossy().replace('\\', "/");
    Ok(Described::new(Some(&name), text, None))
}

/// Describes a document that is in the manifest itself.
pub(super) fn from_text(text: &str, span: Span) -> Result<Described, Box<Diagnostic>> {
    check_size("the inline document", text, span)?;
    Ok(Described::new(None, Arc::from(text), None))
}

fn check_size(what: &str, text: &str, span: Span) -> Result<(), Box<Diagnostic>> {
    if text.is_empty() {
        let diagnostic = Diagnostic::error(code::DOCUMENT_INVALID, format!("{what} is empty"))
            .at(span, "nothing to import")
            .help("leave `source` out for a definition without a document");
        return Err(Box::new(diagnostic));
    }
    if text.len() <= MOST_INLINE_BYTES {
        return Ok(());
    }
    let diagnostic = Diagnostic::error(
        code::DOCUMENT_TOO_LARGE,
        format!(
            "{what} has {} bytes; the service takes at most {MOST_INLINE_BYTES} (3 MB) inline",
            text.len()
        ),
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

/// What is wrong with a document that a manifest names, or holds, at `span`.
pub(super) fn invalid(
    sources: &mut Sources,
    file: Option<&str>,
    text: &Arc<str>,
    span: Span,
    problem: &DescribeProblem,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::DOCUMENT_INVALID, problem.message.clone());
    match (file, problem.range) {
        (Some(file), Some((start, end))) => {
            let source = source_of(sources, file, text, span);
            diagnostic
                .at(Span { source, start, end }, "here")
                .related(span, "named as a definition's document here")
        }
        _ => diagnostic.at(span, "this document"),
    }
}

/// What is odd about a document that a manifest names, or holds, at `span`.
pub(super) fn odd(
    sources: &mut Sources,
    file: Option<&str>,
    text: &Arc<str>,
    span: Span,
    oddity: Oddity,
) -> Diagnostic {
    let (code, words) = match oddity.is_duplicate {
        true => (code::DOCUMENT_DUPLICATE_KEY, "here again"),
        false => (code::DOCUMENT_SCHEMA, "here"),
    };
    let mut diagnostic = Diagnostic::warning(code, oddity.message);
    diagnostic.help = oddity.help;
    let Some(file) = file else {
        return diagnostic.at(span, "in this document");
    };
    let source = source_of(sources, file, text, span);
    let at = |place: std::ops::Range<usize>| Span {
        source,
        start: place.start,
        end: place.end,
    };
    let mut diagnostic = diagnostic.at(at(oddity.place), words);
    if let Some(first) = oddity.first {
        diagnostic = diagnostic.related(at(first), "first here");
    }
    diagnostic.related(span, "named as a definition's document here")
}

fn source_of(sources: &mut Sources, file: &str, text: &Arc<str>, span: Span) -> SourceId {
    let manifest = sources.get(span.source).name.clone();
    let path = resolve(&manifest, file).unwrap_or_default();
    let name = path.to_string_lossy().replace('\\', "/");
    sources.set(name, Arc::clone(text))
}
