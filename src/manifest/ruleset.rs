//! The rulesets of analyzers: folders of files, read, checked, digested.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::document::{MOST_INLINE_BYTES, resolve};
use super::expand::{Draft, Expansion};
use super::ruleset_references;
use super::source::{FolderProblem, ReadProblem};
use crate::document::bundle;
use crate::model::{Diagnostic, Diagnostics, Document, Files, Sources, Span, code};
use crate::yaml::{self, Node};

/// The most bytes of all files of a ruleset (chosen here, as for documents; no limit is documented).
pub const MOST_RULESET_BYTES: usize = MOST_INLINE_BYTES;

/// The most files of a ruleset (chosen here: real ones have some dozens).
const MOST_FILES: usize = 1000;

/// What the file with the rules may be called (observed: `ruleset.yml`; the others are chosen here).
const MAIN_FILES: [&str; 3] = ["ruleset.yml", "ruleset.yaml", "ruleset.json"];

/// What a ruleset is made of; Spectral refuses one that has none of these (documented).
const PARTS: [&str; 3] = ["rules", "extends", "overrides"];

/// The folders that manifests name as rulesets: their files are not manifests.
#[derive(Debug, Default)]
pub(super) struct Folders(Vec<String>);

impl Folders {
    /// From the values of `ruleset` in all manifests. A folder does not count where its manifest lies
    /// in it, or in another one's: whoever writes rules cannot make manifests vanish.
    pub(super) fn of<'a>(sources: &Sources, named: impl Iterator<Item = &'a Node>) -> Self {
        let claims: Vec<(&str, String)> = named
            .filter_map(|node| {
                let manifest = sources.get(node.span.source).name.as_str();
                let folder = slashed(&resolve(manifest, node.scalar_text()?)?);
                (!is_below(manifest, &folder)).then_some((manifest, folder))
            })
            .collect();
        let is_inside =
            |manifest: &str| claims.iter().any(|(_, folder)| is_below(manifest, folder));
        let folders = claims.iter().filter(|(manifest, _)| !is_inside(manifest));
        Self(folders.map(|(_, folder)| folder.clone()).collect())
    }

    /// Whether a file of the project belongs to a ruleset.
    pub(super) fn hold(&self, path: &str) -> bool {
        self.0.iter().any(|folder| is_below(path, folder))
    }

    /// Takes out what is said about files of rulesets as if they were manifests.
    pub(super) fn silence(&self, sources: &Sources, diagnostics: &mut Diagnostics) {
        if self.0.is_empty() {
            return;
        }
        let about_manifests = |diagnostic: &Diagnostic| {
            let label = diagnostic.primary.as_ref();
            label.is_none_or(|label| !self.hold(&sources.get(label.span.source).name))
        };
        *diagnostics = std::mem::take(diagnostics)
            .into_iter()
            .filter(about_manifests)
            .collect();
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

impl Expansion<'_> {
    /// Reads the folder that a resource names and replaces its path by the digest of its files.
    pub(super) fn take_ruleset(&mut self, draft: &mut Draft<'_>) -> Option<Document> {
        let content = draft.kind.content.as_ref()?;
        let Some(Value::String(folder)) = draft.value.shift_remove(content.field) else {
            return None;
        };
        let span = draft.node.get(content.field)?.span;
        let files = match self.read_ruleset(span, &folder) {
            Ok(files) => files,
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return None;
            }
        };
        self.check_ruleset(draft, span, &folder, &files);
        let digest = bundle::digest(&files);
        draft
            .value
            .insert(content.field.to_owned(), Value::String(digest.clone()));
        Some(Document {
            digest,
            text: Arc::from(bundle::listing(&files)),
            link: None,
            files: Some(Arc::new(files)),
        })
    }

    fn read_ruleset(&self, span: Span, folder: &str) -> Result<Files, Box<Diagnostic>> {
        let manifest = &self.sources.get(span.source).name;
        let outside = || {
            Diagnostic::error(
                code::RULESET_OUTSIDE,
                format!("`{folder}` is outside the project folder"),
            )
            .at(span, "outside the project")
            .help("copy the rules into the repository, so that a plan shows what changes in them")
        };
        let path = resolve(manifest, folder).ok_or_else(outside)?;
        if is_below(manifest, &slashed(&path)) {
            let message = format!("the folder `{folder}` holds this manifest too");
            return Err(Box::new(
                Diagnostic::error(code::RULESET_INVALID, message)
                    .at(span, "a folder for the rules alone is expected")
                    .help("move the rules into a folder of their own, such as `./ruleset`"),
            ));
        }
        let most = (MOST_FILES, MOST_RULESET_BYTES);
        self.files.read_folder(&path, most).map_err(|problem| {
            Box::new(match problem {
                FolderProblem::Folder(ReadProblem::Outside) => outside(),
                problem => unreadable(span, folder, problem),
            })
        })
    }

    fn check_ruleset(&mut self, draft: &Draft<'_>, span: Span, folder: &str, files: &Files) {
        let Some(main) = MAIN_FILES.iter().find(|name| files.contains_key(**name)) else {
            let message = format!("`{folder}` holds no `ruleset.yml`");
            let hint = near_main(files)
                .unwrap_or_else(|| "the rules stand in `ruleset.yml` at its top".to_owned());
            let diagnostic = Diagnostic::error(code::RULESET_INVALID, message)
                .at(span, "no file with rules in it")
                .help(hint);
            self.diagnostics.push(diagnostic.about(&draft.address));
            return;
        };
        let manifest = self.sources.get(span.source).name.clone();
        let path = slashed(&resolve(&manifest, folder).unwrap_or_default());
        let mut problems = Diagnostics::default();
        for (name, bytes) in files.iter().filter(|(name, _)| is_structured(name)) {
            let place = format!("{path}/{name}");
            problems.extend(check_file(self.sources, &place, bytes, name == main));
        }
        if !problems.has_errors() {
            problems.extend(ruleset_references::problems(
                self.sources,
                &path,
                files,
                main,
            ));
        }
        self.diagnostics.extend(problems.into_iter().map(|problem| {
            let named = problem.related(span, "named as a ruleset here");
            named.about(&draft.address)
        }));
    }
}

/// Whether files, written into a folder, would be taken for a ruleset; otherwise what is wrong.
#[must_use]
pub fn ruleset_problem(files: &Files) -> Option<String> {
    let bytes: usize = files.values().map(Vec::len).sum();
    if bytes > MOST_RULESET_BYTES || files.len() > MOST_FILES {
        let count = files.len();
        return Some(format!(
            "its {count} files have {bytes} bytes, more than the {MOST_FILES} files and 3 MB that can be sent"
        ));
    }
    let Some(main) = MAIN_FILES.iter().find(|name| files.contains_key(**name)) else {
        return Some("it holds no `ruleset.yml`".to_owned());
    };
    let mut sources = Sources::default();
    let structured = files.iter().filter(|(name, _)| is_structured(name));
    let mut problems = structured.flat_map(|(name, bytes)| {
        let problems = check_file(&mut sources, name, bytes, name == main);
        problems
            .into_iter()
            .map(move |p| (name, p))
            .collect::<Vec<_>>()
    });
    problems
        .find(|(_, problem)| problem.severity == crate::model::Severity::Error)
        .map(|(name, problem)| format!("`{name}`: {}", problem.message))
}

fn is_structured(name: &str) -> bool {
    let suffixes = [".yml", ".yaml", ".json"];
    suffixes.iter().any(|suffix| name.ends_with(suffix))
}

/// What is wrong with a YAML or JSON file of a ruleset; its content counts in the main file only.
fn check_file(sources: &mut Sources, path: &str, bytes: &[u8], is_main: bool) -> Vec<Diagnostic> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let start = error.valid_up_to();
            // Up to there it is text, and every bad sequence behind becomes one character.
            let source = sources.set(path, String::from_utf8_lossy(bytes));
            let end = start + '\u{fffd}'.len_utf8();
            return vec![
                Diagnostic::error(code::FILE_ENCODING, format!("`{path}` holds no UTF-8"))
                    .at(Span { source, start, end }, "no UTF-8 here")
                    .help("save the file as UTF-8"),
            ];
        }
    };
    if !is_main {
        return Vec::new();
    }
    let source = sources.set(path, text);
    let mut problems = Diagnostics::default();
    let documents = yaml::parse(source, text, &mut problems);
    if !problems.has_errors() {
        let roots: Vec<&Node> = documents.iter().filter_map(|d| d.root.as_deref()).collect();
        problems.extend(shape_problem(
            &roots,
            Span {
                source,
                start: 0,
                end: 0,
            },
        ));
    }
    problems.into_iter().collect()
}

fn shape_problem(roots: &[&Node], start: Span) -> Option<Diagnostic> {
    let invalid = |message: &str, span: Span| {
        Diagnostic::error(code::RULESET_INVALID, message).at(span, "here")
    };
    let root = match roots {
        [] => return Some(invalid("the ruleset is empty", start)),
        [root] => root,
        [_, second, ..] => {
            return Some(invalid(
                "a ruleset must be a single YAML document",
                second.first_span(),
            ));
        }
    };
    if root.entries().is_none() {
        let diagnostic = invalid("a ruleset is a mapping", root.first_span());
        return Some(diagnostic.help("it starts with `rules:` or `extends:`"));
    }
    let is_empty = PARTS.iter().all(|part| root.get(part).is_none());
    is_empty.then(|| {
        let message = "the ruleset has neither `rules` nor `extends` nor `overrides`";
        Diagnostic::warning(code::RULESET_INVALID, message)
            .at(root.first_span(), "nothing to check by")
    })
}

/// Where the rules may be instead.
fn near_main(files: &Files) -> Option<String> {
    let is_main = |name: &&String| {
        let last = name.rsplit('/').next().unwrap_or_default();
        MAIN_FILES.contains(&last) || last.starts_with(".spectral.") || last.starts_with("ruleset.")
    };
    let found = files.keys().find(is_main)?;
    Some(format!(
        "the service looks for `ruleset.yml` at the top of the folder; move `{found}` there"
    ))
}

fn unreadable(span: Span, folder: &str, problem: FolderProblem) -> Diagnostic {
    let error = |code, message: String| Diagnostic::error(code, message);
    match problem {
        FolderProblem::Folder(ReadProblem::Missing { near }) => {
            let help = near.map_or_else(
                || "paths are relative to the file that names them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            error(code::RULESET_MISSING, format!("no folder `{folder}`"))
                .at(span, "not found, relative to this manifest")
                .help(help)
        }
        FolderProblem::NotFolder => error(code::RULESET_INVALID, format!("`{folder}` is a file"))
            .at(span, "a folder is expected")
            .help("name the folder that holds `ruleset.yml`"),
        FolderProblem::Folder(problem) => error(
            code::FILE_UNREADABLE,
            format!("cannot read `{folder}`: {}", words(&problem)),
        )
        .at(span, "unreadable"),
        FolderProblem::File(path, ReadProblem::Outside) => error(
            code::RULESET_OUTSIDE,
            format!("`{path}` in `{folder}` is a link that leads out of the project folder"),
        )
        .at(span, "leads outside the project")
        .help("copy the file into the folder"),
        FolderProblem::File(path, problem) => error(
            code::FILE_UNREADABLE,
            format!("cannot read `{path}` in `{folder}`: {}", words(&problem)),
        )
        .at(span, "unreadable"),
        FolderProblem::OddName(path) => error(
            code::RULESET_INVALID,
            format!("`{path}` in `{folder}` has a name that not every system can have"),
        )
        .at(span, "cannot be sent")
        .help("rename the file, without `:`, control characters and what is not Unicode"),
        FolderProblem::TooLarge => error(
            code::RULESET_TOO_LARGE,
            format!("the files in `{folder}` have more than {MOST_RULESET_BYTES} bytes (3 MB)"),
        )
        .at(span, "too large")
        .help("keep in it only what the rules need; what git ignores does not count"),
        FolderProblem::TooMany => error(
            code::RULESET_TOO_LARGE,
            format!("`{folder}` holds more than {MOST_FILES} files"),
        )
        .at(span, "too many files")
        .help("keep in it only what the rules need; what git ignores does not count"),
    }
}

fn words(problem: &ReadProblem) -> String {
    match problem {
        ReadProblem::Unreadable(error) => error.to_string(),
        ReadProblem::Missing { .. } => "it leads nowhere".to_owned(),
        ReadProblem::Outside => "it leads out of the project folder".to_owned(),
        ReadProblem::NotText { offset } => format!("it is not UTF-8 text (byte {offset})"),
    }
}

/// The files that manifests name, each as a document or as a part of a ruleset.
pub(super) struct Named<'a> {
    pub(super) documents: BTreeSet<String>,
    pub(super) rulesets: &'a Folders,
}

impl Named<'_> {
    /// Whether a file of the project is named, and hence no stranger.
    pub(super) fn hold(&self, path: &str) -> bool {
        self.documents.contains(path) || self.rulesets.hold(path)
    }
}
