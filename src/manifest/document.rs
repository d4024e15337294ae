//! The documents of definitions: read, checked, digested.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::described::{CheckedDocument, DescribeProblem};
use super::inline::{MOST_INLINE_BYTES, has_size};
use super::prepared::{Form, Prepared, PreparedDocuments};
use super::purpose::Purpose;
use super::relative_path::with_last;
use super::source::{ProjectFiles, ReadProblem};
use super::split::{self, MainText, Parts};
use super::wording::list;
use crate::document::{DocumentFacts, Import, Oddity, bundle};
use crate::model::{
    Certainty, Diagnostic, Diagnostics, Document, Fix, SourceId, Sources, Span, code,
};
use crate::yaml::one_line;

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

/// Reads and describes documents that manifests name or hold.
pub(super) struct Documents<'a> {
    pub(super) files: &'a dyn ProjectFiles,
    /// The files that manifests name, read ahead.
    pub(super) prepared: &'a PreparedDocuments<'a>,
    pub(super) sources: &'a mut Sources,
    /// What documents bring along that are split into several files.
    pub(super) parts: &'a mut Parts,
    pub(super) diagnostics: &'a mut Diagnostics,
}

impl Documents<'_> {
    /// Reads and describes a file that a manifest names at `span`. What is wrong with it is reported; `None` if
    /// it cannot be used.
    pub(super) fn file(&mut self, span: Span, file: &str) -> Option<CheckedDocument> {
        let manifest = self.sources.get(span.source).name.clone();
        let outside = || {
            Diagnostic::error(
                code::DOCUMENT_OUTSIDE,
                format!("`{file}` is outside the project folder"),
            )
            .at(span, "outside the project")
            .help("copy the document into the repository, so that a plan shows what changes in it")
        };
        let Some(path) = resolve(&manifest, file) else {
            self.diagnostics.push(outside());
            return None;
        };
        let name = path.to_string_lossy().replace('\\', "/");
        let prepared = self.prepared.get(&name);
        let read = prepared
            .map_or_else(
                || self.files.read_document(&path, MOST_INLINE_BYTES),
                |prepared| Ok(Arc::clone(&prepared.text)),
            )
            .map_err(|problem| match problem {
                ReadProblem::Outside => outside(),
                ReadProblem::Missing { near } => {
                    missing(file, span, near.map(|near| with_last(file, &near)))
                }
                ReadProblem::NotText { offset } => Diagnostic::error(
                    code::FILE_ENCODING,
                    format!("`{file}` is not UTF-8 text (byte {offset})"),
                )
                .at(span, "not UTF-8"),
                ReadProblem::TooLarge { bytes, .. } => too_large(&format!("`{file}`"), bytes, span),
                problem => Diagnostic::error(
                    code::FILE_UNREADABLE,
                    format!("cannot read `{file}`: {problem}"),
                )
                .at(span, "unreadable"),
            });
        let text = match read {
            Ok(text) => text,
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                return None;
            }
        };
        let main = MainText {
            path: &name,
            text: &text,
            is_file: true,
            span,
            purpose: Purpose::Definition,
        };
        self.checked(&format!("`{file}`"), &main, prepared)
    }

    /// Describes a document that is in the manifest itself.
    pub(super) fn text(&mut self, text: &str, span: Span) -> Option<CheckedDocument> {
        let manifest = self.sources.get(span.source).name.clone();
        let main = MainText {
            path: &manifest,
            text: &Arc::from(text),
            is_file: false,
            span,
            purpose: Purpose::Definition,
        };
        self.checked("the inline document", &main, None)
    }

    fn checked(
        &mut self,
        what: &str,
        main: &MainText<'_>,
        prepared: Option<&Prepared>,
    ) -> Option<CheckedDocument> {
        if let Err(diagnostic) = check_size(what, main.text, main.span) {
            self.diagnostics.push(*diagnostic);
            return None;
        }
        let name = main.is_file.then_some(main.path);
        let made;
        let form = match prepared {
            Some(prepared) => &prepared.form,
            None => {
                made = self.prepared.form(main.path, main.text, main.is_file);
                &made
            }
        };
        let single = |facts: &DocumentFacts, is_known: bool| {
            let mut checked = CheckedDocument::new(facts.clone(), Arc::clone(main.text));
            checked.described.document.file = name.filter(|_| is_known).map(str::to_owned);
            Some(checked)
        };
        let (split, facts) = match form {
            Form::PlainText(facts) => return single(facts, false),
            Form::Single(facts) => return single(facts, true),
            Form::Split(split, facts) => (split, facts),
        };
        match split::join(split, self.sources, main, self.parts, self.diagnostics) {
            Ok(None) => single(facts, true),
            Ok(Some(joined)) => Some(CheckedDocument::joined(facts.clone(), joined)),
            Err(problems) => {
                self.diagnostics.extend(problems);
                None
            }
        }
    }
}

fn check_size(what: &str, text: &str, span: Span) -> Result<(), Box<Diagnostic>> {
    if text.is_empty() {
        let diagnostic = Diagnostic::error(code::DOCUMENT_INVALID, format!("{what} is empty"))
            .at(span, "nothing to import")
            .help("leave `source` out for a definition without a document");
        return Err(Box::new(diagnostic));
    }
    if has_size(text) {
        return Ok(());
    }
    Err(Box::new(too_large(what, text.len() as u64, span)))
}

fn too_large(what: &str, bytes: u64, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::DOCUMENT_TOO_LARGE,
        format!(
            "{what} has {bytes} bytes; the service takes at most {MOST_INLINE_BYTES} (3 MB) inline"
        ),
    )
    .at(span, "too large")
    .help("publish the document and name it with `source: {url: …}`, or split it")
}

fn missing(file: &str, span: Span, near: Option<String>) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::DOCUMENT_MISSING, format!("no file `{file}`"))
        .at(span, "not found, relative to this manifest");
    match near {
        Some(near) => diagnostic
            .help(format!("did you mean `{near}`?"))
            .fix(Fix::write(Certainty::Suggested, span, one_line(&near))),
        None => diagnostic.help("paths are relative to the file that names them"),
    }
}

/// What is wrong with a document that a manifest names, or holds, at `span`.
pub(super) fn invalid(
    sources: &mut Sources,
    file: Option<&str>,
    document: &Document,
    span: Span,
    problem: &DescribeProblem,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::DOCUMENT_INVALID, problem.message.clone());
    let range = problem.range.map(|(start, end)| start..end);
    match range.and_then(|range| place_of(sources, file, document, span, &range)) {
        Some(place) => diagnostic
            .at(place, "here")
            .related(span, "named as a definition's document here"),
        None => diagnostic.at(span, "this document"),
    }
}

/// What is odd about a document that a manifest names, or holds, at `span`.
pub(super) fn odd(
    sources: &mut Sources,
    file: Option<&str>,
    document: &Document,
    span: Span,
    oddity: Oddity,
) -> Diagnostic {
    let (code, words) = match oddity.is_duplicate {
        true => (code::DOCUMENT_DUPLICATE_KEY, "here again"),
        false => (code::DOCUMENT_SCHEMA, "here"),
    };
    let mut diagnostic = Diagnostic::warning(code, oddity.message);
    diagnostic.help = oddity.help;
    let Some(place) = place_of(sources, file, document, span, &oddity.place) else {
        return diagnostic.at(span, "in this document");
    };
    let first = oddity.first;
    let first = first.and_then(|first| place_of(sources, file, document, span, &first));
    let mut diagnostic = diagnostic.at(place, words);
    if let Some(first) = first {
        diagnostic = diagnostic.related(first, "first here");
    }
    diagnostic.related(span, "named as a definition's document here")
}

/// A warning about the files that a document imports, if it does: the service takes one file.
pub(super) fn imported(
    sources: &mut Sources,
    file: Option<&str>,
    document: &Document,
    span: Span,
    imports: &[Import],
) -> Option<Diagnostic> {
    let first = imports.first()?;
    let mut names: Vec<&str> = imports.iter().map(|import| import.file.as_str()).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    let files = if names.len() == 1 {
        "another file"
    } else {
        "other files"
    };
    let message = format!(
        "the document imports {files} that the service does not get: {}",
        list(&names, "and")
    );
    let diagnostic = Diagnostic::warning(code::DOCUMENT_IMPORT, message).help(
        "the service takes a single file: publish one that has everything, if readers need it",
    );
    Some(
        match place_of(sources, file, document, span, &first.place) {
            Some(place) => diagnostic
                .at(place, "imported here")
                .related(span, "named as a definition's document here"),
            None => diagnostic.at(span, "in this document"),
        },
    )
}

/// Where a place of a document is in its file, or in the part that it comes from.
fn place_of(
    sources: &mut Sources,
    file: Option<&str>,
    document: &Document,
    span: Span,
    range: &Range<usize>,
) -> Option<Span> {
    if !document.parts.is_empty() {
        return bundle::place(&document.parts, &bundle::pointer_at(&document.text, range));
    }
    Some(Span {
        source: source_of(sources, file?, &document.text, span),
        start: range.start,
        end: range.end,
    })
}

fn source_of(sources: &mut Sources, file: &str, text: &Arc<str>, span: Span) -> SourceId {
    let manifest = sources.get(span.source).name.clone();
    let path = resolve(&manifest, file).unwrap_or_default();
    let name = path.to_string_lossy().replace('\\', "/");
    sources.set(name, Arc::clone(text))
}
