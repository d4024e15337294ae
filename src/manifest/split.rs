//! Descriptions that are split into several files: their parts are read, and joined to one document.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::inline::MOST_INLINE_BYTES;
use super::purpose::Purpose;
use super::relative_path::relative_path;
use super::source::{ProjectFiles, ReadProblem};
use super::split_reader::{Failure, Reader};
use super::wording::did_you_mean;
use crate::document::bundle::{Bundle, BundleProblem, BundleProblemKind};
use crate::model::{Diagnostic, Diagnostics, DocumentPart, SourceId, Sources, Span, code, counted};

/// What descriptions that are split into several files bring along.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The files that descriptions refer to, relative to the project.
    pub(super) files: BTreeSet<String>,
    /// What need not be fixed and is good to know, one line each.
    pub(super) notes: Vec<String>,
}

/// A description joined with its parts.
pub(super) struct Joined {
    /// The whole text.
    pub(super) text: Arc<str>,
    /// Where its values come from.
    pub(super) parts: Vec<DocumentPart>,
}

/// A text that may be only the main file of a description.
pub(super) struct MainText<'a> {
    /// The file's path, or that of the manifest that has the text.
    pub(super) path: &'a str,
    pub(super) text: &'a Arc<str>,
    /// Whether the text is that of the file.
    pub(super) is_file: bool,
    /// Where a manifest names the file, or holds the text; the start of the file if none does.
    pub(super) span: Span,
    pub(super) purpose: Purpose,
}

/// A description with the files that it refers to, of which nothing was reported yet.
pub(super) struct SplitText {
    bundle: Bundle,
    failures: BTreeMap<String, Failure>,
}

/// Reads the files that a description refers to; `None` for one that is a single file.
pub(super) fn read(
    files: &dyn ProjectFiles,
    path: &str,
    text: &str,
    purpose: Purpose,
) -> Option<SplitText> {
    let reader = Reader::new(files, text.len(), purpose.most_bytes());
    let bundle = reader.bundle(path, text)?;
    let failures = reader.failures.into_inner();
    Some(SplitText { bundle, failures })
}

impl SplitText {
    /// The whole text; `None` if there is a problem with it.
    pub(super) fn text(&self) -> Option<&str> {
        self.bundle.text.as_deref()
    }

    /// Whether the description is a single file after all. What is wrong with one is found when it is described.
    fn is_single(&self) -> bool {
        self.bundle.text.is_none() && self.bundle.problems.iter().all(is_of_the_text)
    }
}

/// Joins a description with the files that it refers to; `None` for one that is a single file.
///
/// # Errors
/// Every problem of references and parts, if one of them is an error.
pub(super) fn join(
    split: &SplitText,
    sources: &mut Sources,
    main: &MainText<'_>,
    known: &mut Parts,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Joined>, Vec<Diagnostic>> {
    let SplitText { bundle, failures } = split;
    known.files.extend(names_of_parts(bundle));
    if let Some(note) = note(main.path, bundle) {
        known.notes.push(note);
    }
    if split.is_single() {
        return Ok(None);
    }
    let ids: Vec<Option<SourceId>> = bundle
        .files
        .iter()
        .enumerate()
        .map(|(i, file)| {
            let is_shown = i > 0 || main.is_file;
            is_shown.then(|| sources.set(file.name.as_str(), Arc::clone(&file.text)))
        })
        .collect();
    known.files.extend(failures.iter().filter_map(meant));
    let reporter = Reporter {
        bundle,
        ids: &ids,
        failures,
        main,
    };
    let mut found: Vec<Diagnostic> = bundle
        .problems
        .iter()
        .map(|problem| reporter.diagnostic(problem))
        .collect();
    let Some(text) = &bundle.text else {
        return Err(found);
    };
    if text.len() > main.purpose.most_bytes() {
        let size = format!("{} bytes", text.len());
        found.push(too_large(main, &size));
        return Err(found);
    }
    diagnostics.extend(found);
    let parts = bundle.pieces.iter().filter_map(|piece| {
        Some(DocumentPart {
            at: piece.at.clone(),
            source: ids[piece.file]?,
            text: Arc::clone(&bundle.files[piece.file].text),
            pointer: piece.pointer.clone(),
        })
    });
    Ok(Some(Joined {
        text: Arc::from(text.as_str()),
        parts: parts.collect(),
    }))
}

/// The files that a text refers to, if it is a description of which no manifest knows.
pub(super) fn files_of(files: &dyn ProjectFiles, path: &str, text: &str) -> Vec<String> {
    let bundle = Reader::new(files, text.len(), MOST_INLINE_BYTES).bundle(path, text);
    bundle.map_or_else(Vec::new, |bundle| names_of_parts(&bundle).collect())
}

fn names_of_parts(bundle: &Bundle) -> impl Iterator<Item = String> + '_ {
    bundle.files.iter().skip(1).map(|file| file.name.clone())
}

/// The existing file whose name is nearly that of a missing one. It need not be reported as well.
fn meant((path, failure): (&String, &Failure)) -> Option<String> {
    let Failure::Read(ReadProblem::Missing { near: Some(near) }) = failure else {
        return None;
    };
    Some(match path.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{near}"),
        None => near.clone(),
    })
}

/// Whether a problem is one of the main file by itself.
fn is_of_the_text(problem: &BundleProblem) -> bool {
    matches!(problem.kind, BundleProblemKind::DuplicateKey { .. })
}

fn note(path: &str, bundle: &Bundle) -> Option<String> {
    let first = bundle.addresses.first()?;
    let noun = counted(bundle.addresses.len(), "reference");
    let verb = match bundle.addresses.len() {
        1 => "stays as it is",
        _ => "stay as they are",
    };
    Some(format!(
        "{path}: {noun} to other addresses {verb}, such as `{}`",
        first.address
    ))
}

fn too_large(main: &MainText<'_>, size: &str) -> Diagnostic {
    let diagnostic = main.purpose.too_large(size);
    diagnostic.at(main.span, "too large with its parts")
}

/// Turns problems of a bundle into diagnostics at their places.
struct Reporter<'a> {
    bundle: &'a Bundle,
    ids: &'a [Option<SourceId>],
    failures: &'a BTreeMap<String, Failure>,
    main: &'a MainText<'a>,
}

impl Reporter<'_> {
    fn diagnostic(&self, problem: &BundleProblem) -> Diagnostic {
        let (diagnostic, label) = self.words(problem);
        let Some(span) = self.span(problem.file, &problem.place) else {
            return diagnostic.at(self.main.span, label);
        };
        if problem.kind == BundleProblemKind::TooLarge {
            return diagnostic;
        }
        let mut diagnostic = diagnostic.at(span, label);
        if let BundleProblemKind::DuplicateKey {
            first: Some(first), ..
        } = &problem.kind
            && let Some(first) = self.span(problem.file, first)
        {
            diagnostic = diagnostic.related(first, "first here");
        }
        match self.main.purpose {
            Purpose::Definition => {
                diagnostic.related(self.main.span, "named as a definition's document here")
            }
            Purpose::Comparison => diagnostic,
        }
    }

    fn span(&self, file: usize, place: &Range<usize>) -> Option<Span> {
        Some(Span {
            source: self.ids[file]?,
            start: place.start,
            end: place.end,
        })
    }

    fn words(&self, problem: &BundleProblem) -> (Diagnostic, String) {
        match &problem.kind {
            BundleProblemKind::File { path } => self.unreadable(path),
            BundleProblemKind::Outside { reference } => outside(reference),
            BundleProblemKind::Nothing {
                path,
                fragment,
                known,
                is_in_main,
            } => self.nothing(problem, path, fragment, known, *is_in_main),
            BundleProblemKind::Malformed { message } => (
                Diagnostic::error(code::DOCUMENT_INVALID, message.clone())
                    .help("a part of a description must be a single YAML or JSON document"),
                "here".to_owned(),
            ),
            BundleProblemKind::DuplicateKey { message, .. } => (
                Diagnostic::warning(code::DOCUMENT_DUPLICATE_KEY, message.clone())
                    .help("readers see only one of the two: join them, or remove one"),
                "here again".to_owned(),
            ),
            BundleProblemKind::Endless => (
                Diagnostic::error(
                    code::DOCUMENT_REFERENCE,
                    "the reference leads back to itself",
                )
                .help("references must lead to an object in the end"),
                "never leads to an object".to_owned(),
            ),
            BundleProblemKind::TooMany => (
                Diagnostic::error(
                    code::DOCUMENT_TOO_LARGE,
                    "the description has more files than this program reads for one",
                )
                .help("join some of its files"),
                "not read".to_owned(),
            ),
            BundleProblemKind::TooLarge => {
                let size = format!("more than {} bytes", self.main.purpose.most_bytes());
                (too_large(self.main, &size), String::new())
            }
            BundleProblemKind::TooDeep => (
                Diagnostic::error(
                    code::DOCUMENT_INVALID,
                    "nested too deeply once the parts are joined, which is a limit of this program",
                )
                .help("give what is nested a name under `components`, and refer to that"),
                "too deep".to_owned(),
            ),
        }
    }

    fn nothing(
        &self,
        problem: &BundleProblem,
        path: &str,
        fragment: &str,
        known: &[String],
        is_in_main: bool,
    ) -> (Diagnostic, String) {
        let diagnostic = Diagnostic::error(
            code::DOCUMENT_REFERENCE,
            format!("`{path}` has nothing at `#{fragment}`"),
        );
        let last = fragment.rsplit('/').next().unwrap_or_default();
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let help = if is_in_main {
            let from = &self.bundle.files[problem.file].name;
            let main = relative_path(from, &self.bundle.files[0].name);
            format!(
                "`#` is the file that has the reference: to refer to the main file, write \
                 `{main}#{fragment}`"
            )
        } else {
            did_you_mean(last, &names)
                .unwrap_or_else(|| format!("add it to `{path}`, or correct the reference"))
        };
        (diagnostic.help(help), "leads to nothing".to_owned())
    }

    fn unreadable(&self, path: &str) -> (Diagnostic, String) {
        match self.failures.get(path) {
            Some(Failure::Read(ReadProblem::Outside)) => outside(path),
            Some(Failure::Read(ReadProblem::NotText { offset })) => (
                Diagnostic::error(
                    code::FILE_ENCODING,
                    format!("`{path}` is not UTF-8 text (byte {offset})"),
                ),
                "not UTF-8".to_owned(),
            ),
            Some(Failure::Read(ReadProblem::TooLarge { bytes, .. })) => (
                self.main.purpose.part_too_large(path, *bytes),
                "too large".to_owned(),
            ),
            Some(Failure::TooMuch) => (
                too_large(self.main, "too many bytes to be read"),
                "not read".to_owned(),
            ),
            Some(Failure::Read(ReadProblem::Missing { near })) => missing(path, near.as_deref()),
            Some(Failure::Read(problem)) => (
                Diagnostic::error(
                    code::FILE_UNREADABLE,
                    format!("cannot read `{path}`: {problem}"),
                ),
                "unreadable".to_owned(),
            ),
            None => missing(path, None),
        }
    }
}

fn outside(reference: &str) -> (Diagnostic, String) {
    let message = format!("`{reference}` is outside the project folder");
    let help = "copy the part into the repository, so that a plan shows what changes in it";
    (
        Diagnostic::error(code::DOCUMENT_OUTSIDE, message).help(help),
        "outside the project".to_owned(),
    )
}

fn missing(path: &str, near: Option<&str>) -> (Diagnostic, String) {
    let help = match (near, path.contains('\\')) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, true) => "write `/` between the parts of a path".to_owned(),
        (None, false) => "a reference is relative to the file that has it".to_owned(),
    };
    (
        Diagnostic::error(code::DOCUMENT_MISSING, format!("no file `{path}`")).help(help),
        "not found, relative to this file".to_owned(),
    )
}
