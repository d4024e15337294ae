//! Content that is a folder of files, such as the ruleset of an analyzer: read, checked, digested.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::document::resolve;
use super::draft::Draft;
use super::inline::MOST_INLINE_BYTES;
use super::relative_path::with_last;
use super::resource_builder::Expansion;
use super::ruleset_references;
use super::source::{FolderProblem, ReadProblem};
use crate::document::folder;
use crate::kinds::FolderRules;
use crate::model::{
    Certainty, Code, Diagnostic, Diagnostics, Document, Files, Fix, Sources, Span, code,
    without_mark,
};
use crate::yaml::{self, Node, one_line};

/// The most bytes of all files of a folder (chosen here, as for documents; no limit is documented).
pub const MOST_FOLDER_BYTES: usize = MOST_INLINE_BYTES;

/// The most files of a folder (chosen here: real rulesets have some dozens).
const MOST_FILES: usize = 1000;

/// The folders that manifests name as content: their files are not manifests.
#[derive(Debug, Default)]
pub(super) struct Folders(Vec<String>);

impl Folders {
    /// From the values that name folders in all manifests. A folder does not count if its manifest is in
    /// it, or in another one's folder: whoever writes the files cannot make manifests disappear.
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

    /// Whether a file of the project is in one of the folders.
    pub(super) fn hold(&self, path: &str) -> bool {
        self.0.iter().any(|folder| is_below(path, folder))
    }

    /// Removes the diagnostics about files in the folders, which were read as if they were manifests.
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
    pub(super) fn take_folder(
        &mut self,
        draft: &mut Draft<'_>,
        rules: &'static FolderRules,
    ) -> Option<Document> {
        let content = draft.kind.content.as_ref()?;
        let Some(Value::String(folder)) = draft.value.shift_remove(content.field) else {
            return None;
        };
        let span = draft.node.get(content.field)?.span;
        let files = match self.read_folder(rules, span, &folder) {
            Ok(files) => files,
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                return None;
            }
        };
        self.check_folder(rules, draft, span, &folder, &files);
        let digest = folder::digest(&files);
        draft
            .value
            .insert(content.field.to_owned(), Value::String(digest.clone()));
        Some(Document {
            digest,
            text: Arc::from(folder::listing(&files)),
            link: None,
            files: Some(Arc::new(files)),
            file: None,
            parts: Vec::new(),
        })
    }

    fn read_folder(
        &self,
        rules: &FolderRules,
        span: Span,
        folder: &str,
    ) -> Result<Files, Box<Diagnostic>> {
        let noun = rules.noun;
        let manifest = &self.sources.get(span.source).name;
        let outside = || {
            Diagnostic::error(
                rules.codes.outside.clone(),
                format!("`{folder}` is outside the project folder"),
            )
            .at(span, "outside the project")
            .help("copy the folder into the repository, so that a plan shows what changes in it")
        };
        let path = resolve(manifest, folder).ok_or_else(outside)?;
        if is_below(manifest, &slashed(&path)) {
            let message = format!("the folder `{folder}` also contains this manifest");
            let diagnostic = Diagnostic::error(rules.codes.invalid.clone(), message)
                .at(span, format!("expected a folder for the {noun} alone"))
                .help(format!(
                    "move the {noun} into a folder of its own, such as `./{noun}`"
                ));
            return Err(Box::new(diagnostic));
        }
        let most = (MOST_FILES, MOST_FOLDER_BYTES);
        self.files.read_folder(&path, most).map_err(|problem| {
            Box::new(match problem {
                FolderProblem::Folder(ReadProblem::Outside) => outside(),
                problem => unreadable(rules, span, folder, problem),
            })
        })
    }

    fn check_folder(
        &mut self,
        rules: &FolderRules,
        draft: &Draft<'_>,
        span: Span,
        folder: &str,
        files: &Files,
    ) {
        let Some(main) = main_file(rules, files) else {
            let wanted = suggested(rules);
            let message = format!("`{folder}` does not contain `{wanted}`");
            let hint = near_main(rules, files)
                .unwrap_or_else(|| format!("add `{wanted}` at the top of the folder"));
            let diagnostic = Diagnostic::error(rules.codes.invalid.clone(), message)
                .at(span, format!("this folder is not a {}", rules.noun))
                .help(hint);
            self.diagnostics.push(diagnostic.about(&draft.address));
            return;
        };
        let manifest = self.sources.get(span.source).name.clone();
        let path = slashed(&resolve(&manifest, folder).unwrap_or_default());
        let mut problems = Diagnostics::default();
        for (name, bytes) in files.iter().filter(|(name, _)| is_structured(name)) {
            let place = format!("{path}/{name}");
            problems.extend(check_file(rules, self.sources, &place, bytes, name == main));
        }
        if rules.is_spectral && !problems.has_errors() {
            problems.extend(ruleset_references::problems(
                self.sources,
                &path,
                files,
                main,
            ));
        }
        self.diagnostics.extend(problems.into_iter().map(|problem| {
            let named = problem.related(span, format!("named as a {} here", rules.noun));
            named.about(&draft.address)
        }));
    }
}

/// What keeps files from being accepted as such a folder; `None` if nothing does.
#[must_use]
pub fn folder_problem(rules: &FolderRules, files: &Files) -> Option<String> {
    let bytes: usize = files.values().map(Vec::len).sum();
    if bytes > MOST_FOLDER_BYTES || files.len() > MOST_FILES {
        let count = files.len();
        return Some(format!(
            "its {count} files have {bytes} bytes; at most {MOST_FILES} files and 3 MB can be sent"
        ));
    }
    let Some(main) = main_file(rules, files) else {
        return Some(format!("it does not contain `{}`", suggested(rules)));
    };
    let mut sources = Sources::default();
    let structured = files.iter().filter(|(name, _)| is_structured(name));
    let mut problems = structured.flat_map(|(name, bytes)| {
        let problems = check_file(rules, &mut sources, name, bytes, name == main);
        problems
            .into_iter()
            .map(move |p| (name, p))
            .collect::<Vec<_>>()
    });
    problems
        .find(|(_, problem)| problem.severity == crate::model::Severity::Error)
        .map(|(name, problem)| format!("`{name}`: {}", problem.message))
}

fn main_file(rules: &FolderRules, files: &Files) -> Option<&'static str> {
    let mut names = rules.main_files.iter().copied();
    names.find(|name| files.contains_key(*name))
}

/// The name of the main file that messages suggest.
fn suggested(rules: &FolderRules) -> &'static str {
    rules.main_files.first().copied().unwrap_or_default()
}

fn is_structured(name: &str) -> bool {
    let suffixes = [".yml", ".yaml", ".json"];
    suffixes.iter().any(|suffix| name.ends_with(suffix))
}

/// What is wrong with a YAML or JSON file of a folder; its content counts in the main file only.
fn check_file(
    rules: &FolderRules,
    sources: &mut Sources,
    path: &str,
    bytes: &[u8],
    is_main: bool,
) -> Vec<Diagnostic> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => without_mark(text),
        Err(error) => {
            let start = error.valid_up_to();
            // Up to there it is text; every bad sequence after it becomes one character.
            let source = sources.set(path, String::from_utf8_lossy(bytes));
            let end = start + '\u{fffd}'.len_utf8();
            return vec![
                Diagnostic::error(code::FILE_ENCODING, format!("`{path}` is not UTF-8 text"))
                    .at(Span { source, start, end }, "not UTF-8 from here on")
                    .help("save the file as UTF-8"),
            ];
        }
    };
    if !is_main || rules.main_keys.is_empty() {
        return Vec::new();
    }
    let source = sources.set(path, text);
    let mut problems = Diagnostics::default();
    let documents = yaml::parse(source, text, &mut problems);
    if !problems.has_errors() {
        let roots: Vec<&Node> = documents.iter().filter_map(|d| d.root.as_deref()).collect();
        problems.extend(shape_problem(
            rules,
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

fn shape_problem(rules: &FolderRules, roots: &[&Node], start: Span) -> Option<Diagnostic> {
    let (noun, keys) = (rules.noun, rules.main_keys);
    let invalid = |message: String, span: Span| {
        Diagnostic::error(rules.codes.invalid.clone(), message).at(span, "here")
    };
    let root = match roots {
        [] => return Some(invalid(format!("the {noun} is empty"), start)),
        [root] => root,
        [_, second, ..] => {
            return Some(invalid(
                format!("a {noun} must be a single YAML document"),
                second.first_span(),
            ));
        }
    };
    if root.entries().is_none() {
        let diagnostic = invalid(format!("a {noun} must be a mapping"), root.first_span());
        return Some(diagnostic.help(format!("start it with `{}:`", keys.join(":` or `"))));
    }
    let is_empty = keys.iter().all(|key| root.get(key).is_none());
    is_empty.then(|| {
        let message = format!("the {noun} has neither `{}`", keys.join("` nor `"));
        Diagnostic::warning(rules.codes.invalid.clone(), message)
            .at(root.first_span(), "it has no effect")
    })
}

/// A hint at the file that may be meant as the main file.
fn near_main(rules: &FolderRules, files: &Files) -> Option<String> {
    let is_main = |name: &&String| {
        let last = name.rsplit('/').next().unwrap_or_default();
        let mut starts = rules.lookalikes.iter();
        rules.main_files.contains(&last) || starts.any(|start| last.starts_with(start))
    };
    let found = files.keys().find(is_main)?;
    let wanted = suggested(rules);
    Some(format!(
        "the service looks for `{wanted}` at the top of the folder; move `{found}` there"
    ))
}

fn unreadable(rules: &FolderRules, span: Span, folder: &str, problem: FolderProblem) -> Diagnostic {
    let codes = &rules.codes;
    let error = |code: &Code, message: String| Diagnostic::error(code.clone(), message);
    match problem {
        FolderProblem::Folder(ReadProblem::Missing { near }) => {
            let help = near.as_ref().map_or_else(
                || "paths are relative to the file that names them".to_owned(),
                |near| format!("did you mean `{}`?", with_last(folder, near)),
            );
            let fix = near.as_ref().map(|near| {
                let path = one_line(&with_last(folder, near));
                Fix::write(Certainty::Suggested, span, path)
            });
            error(&codes.missing, format!("there is no folder `{folder}`"))
                .at(span, "not found, relative to this manifest")
                .help(help)
                .fix_opt(fix)
        }
        FolderProblem::NotFolder => error(&codes.invalid, format!("`{folder}` is a file"))
            .at(span, "a folder is expected")
            .help(format!(
                "specify the folder that contains `{}`",
                suggested(rules)
            )),
        FolderProblem::Folder(problem) => error(
            &code::FILE_UNREADABLE,
            format!("cannot read `{folder}`: {problem}"),
        )
        .at(span, "unreadable"),
        FolderProblem::File(path, ReadProblem::Outside) => error(
            &codes.outside,
            format!("`{path}` in `{folder}` is a link that leads out of the project folder"),
        )
        .at(span, "leads outside the project")
        .help("copy the file into the folder"),
        FolderProblem::File(path, problem) => error(
            &code::FILE_UNREADABLE,
            format!("cannot read `{path}` in `{folder}`: {problem}"),
        )
        .at(span, "unreadable"),
        FolderProblem::OddName(path) => error(
            &codes.invalid,
            format!("`{path}` in `{folder}` has a name that not every system can have"),
        )
        .at(span, "cannot be sent")
        .help("rename the file, without `:`, control characters and what is not Unicode"),
        FolderProblem::TooLarge => error(
            &codes.too_large,
            format!("the files in `{folder}` have more than {MOST_FOLDER_BYTES} bytes (3 MB)"),
        )
        .at(span, "too large")
        .help("keep only the files that are needed; files that git ignores do not count"),
        FolderProblem::TooMany => error(
            &codes.too_large,
            format!("`{folder}` contains more than {MOST_FILES} files"),
        )
        .at(span, "too many files")
        .help("keep only the files that are needed; files that git ignores do not count"),
    }
}

/// The files that manifests name, each as a document or as part of a folder.
pub(super) struct Named<'a> {
    pub(super) documents: BTreeSet<String>,
    pub(super) folders: &'a Folders,
}

impl Named<'_> {
    /// Whether a file of the project is named, and hence no stranger.
    pub(super) fn hold(&self, path: &str) -> bool {
        self.documents.contains(path) || self.folders.hold(path)
    }
}
