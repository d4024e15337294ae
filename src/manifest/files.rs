//! Which files are manifests, which are overlays, and which are neither.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::broken;
use super::file_problem::{contains, file_problem, outer_folder};
use super::folder::Named;
use super::glob_reach::GlobReach;
use super::idle_overlays;
use super::inline::MOST_INLINE_BYTES;
use super::left_out::{self, LeftOutFile, LeftOutReason, NestedProjects, is_yaml_like};
use super::project::Project;
use super::read;
use super::request::Request;
use super::source::{FileGlobs, MOST_MANIFEST_BYTES, ReadProblem};
use super::{split, unrecognized};
use crate::document::{claims_description, looks_like_description};
use crate::model::{
    Diagnostic, Diagnostics, LeftOutManifest, Sources, Span, code, decoded, without_mark,
};
use crate::yaml::{self, Node};

/// A document that claims to be a manifest.
pub(super) struct Manifest {
    pub(super) root: Arc<Node>,
    /// Whether an earlier document of the project file is a Project already.
    pub(super) repeats_project: bool,
}

/// The files of a project, parted.
#[derive(Default)]
pub(super) struct Files {
    pub(super) manifests: Vec<Manifest>,
    pub(super) overlays: Vec<Manifest>,
    /// Files without a manifest: they are fine only if they are descriptions.
    unrecognized: Vec<(String, Arc<str>)>,
    /// Files that could not be read as text: fine only if they are descriptions too.
    unreadable: Vec<(String, Diagnostic)>,
    /// Names that files with syntax errors may declare.
    pub(super) unread_names: BTreeSet<String>,
    /// Files that could be manifests by their names, and are not.
    pub(super) left_out: Vec<LeftOutFile>,
    /// What files declare that no pattern matches.
    pub(super) left_out_manifests: Vec<LeftOutManifest>,
    /// Whether the project leaves open which files are manifests.
    is_default: bool,
    /// Files that may be descriptions by their names, and never are manifests.
    json: Vec<String>,
}

impl Files {
    pub(super) fn read(
        request: Request<'_>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let project = request.project;
        let mut files = Self::default();
        let listing = request.files.files();
        for (path, problem) in &listing.problems {
            diagnostics.push(file_problem(sources, path, problem));
        }
        let paths = &listing.files;
        let manifests = match &project.spec.manifests {
            Some(patterns) => globs(project, patterns, &["manifests"], diagnostics),
            None => FileGlobs::default_manifests(),
        };
        files.is_default = project.spec.manifests.is_none();
        let own = request.files.project_file();
        let nested = NestedProjects::of(request.files, paths, &manifests);
        let all_overlays: Vec<FileGlobs> = project
            .spec
            .targets
            .iter()
            .flatten()
            .filter_map(|(name, target)| {
                let path = ["targets", name.as_str(), "overlays"];
                Some(globs(
                    project,
                    target.overlays.as_ref()?,
                    &path,
                    diagnostics,
                ))
            })
            .collect();
        let mut unread = unread_folders(&listing.outer_folders, &manifests, &all_overlays);
        unread.retain(|folder| nested.owner(folder).is_none());
        let unread = unread
            .into_iter()
            .map(|folder| outer_folder(sources, folder, files.is_default));
        diagnostics.extend(unread);
        let overlays = request
            .target
            .overlays
            .as_ref()
            .and_then(|patterns| FileGlobs::new(patterns).ok());
        let meant = idle_overlays::report(request, paths, diagnostics);
        let is_json = |path: &&String| path.to_ascii_lowercase().ends_with(".json");
        files.json = paths.iter().filter(is_json).cloned().collect();
        for path in listing.files {
            let wanted = overlays.as_ref().is_some_and(|globs| globs.matches(&path))
                || meant.contains(&path);
            let is_overlay = wanted || all_overlays.iter().any(|globs| globs.matches(&path));
            let is_manifest = !is_overlay
                && (path == own || manifests.matches(&path) && nested.owner(&path).is_none());
            if is_manifest || wanted {
                files.add(request, &path, wanted, sources, diagnostics);
            } else if is_yaml_like(&path) {
                let reason = left_out::reason(&path, &manifests, is_overlay, &nested);
                files.left_out.push(LeftOutFile { path, reason });
            }
        }
        files
    }

    fn add(
        &mut self,
        request: Request<'_>,
        path: &str,
        is_overlay: bool,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let text = match read_text(request, path, self.is_default, sources) {
            Ok(text) => text,
            Err(Unread::Foreign(reason)) => {
                let path = path.to_owned();
                self.left_out.push(LeftOutFile { path, reason });
                return;
            }
            Err(Unread::Problem(problem)) => {
                self.unreadable.push((path.to_owned(), *problem));
                return;
            }
        };
        let is_project_file = path == request.files.project_file();
        let mut problems = Diagnostics::default();
        let mut roots = Vec::new();
        if is_overlay || text.contains("apicenter/") {
            let source = if is_project_file {
                request.project.source
            } else {
                sources.set(path, Arc::clone(&text))
            };
            let documents = yaml::parse(source, &text, &mut problems);
            roots.extend(documents.into_iter().filter_map(|document| document.root));
        }
        if problems.has_errors() {
            self.unread_names.extend(broken::names(&text));
        }
        if !is_overlay && !roots.iter().any(|root| read::is_manifest(root)) {
            self.unrecognized.push((path.to_owned(), text));
            return;
        }
        if !is_project_file {
            // Those of the project file were reported when it was read.
            diagnostics.extend(problems);
        }
        self.sort(roots, (path, is_overlay), sources, diagnostics);
    }

    fn sort(
        &mut self,
        roots: Vec<Arc<Node>>,
        (path, is_overlay): (&str, bool),
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let mut seen_project = false;
        for root in roots {
            let is_description = looks_like_description(&root);
            if read::is_manifest(&root) || (is_overlay && !is_description) {
                let is_project = root.get("kind").and_then(|k| k.scalar_text()) == Some("Project");
                let manifest = Manifest {
                    root,
                    repeats_project: is_project && seen_project,
                };
                seen_project |= is_project;
                if is_overlay {
                    &mut self.overlays
                } else {
                    &mut self.manifests
                }
                .push(manifest);
            } else if !root.is_null() && !is_description {
                diagnostics.push(unrecognized::report(&root, path, sources));
            }
        }
    }

    /// Reads the files that no pattern matches for what they declare. Those that manifests name are in use,
    /// and not left out.
    pub(super) fn read_left_out(
        &mut self,
        request: Request<'_>,
        named: &Named<'_>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        self.left_out.retain(|file| !named.hold(&file.path));
        for file in &self.left_out {
            let found = left_out::declarations(request, file, sources, diagnostics);
            self.left_out_manifests.extend(found);
        }
    }

    /// Files that are neither manifests nor descriptions are errors, so that a typing mistake in a
    /// first line cannot make a manifest vanish.
    pub(super) fn report_strangers(
        &mut self,
        request: Request<'_>,
        named: &Named<'_>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let unnamed = self.unreadable.iter().filter(|(path, _)| !named.hold(path));
        diagnostics.extend(unnamed.map(|(_, problem)| problem.clone()));
        let mut found: Vec<(String, Vec<Diagnostic>)> = Vec::new();
        for (path, text) in &self.unrecognized {
            if named.hold(path) {
                continue;
            }
            match unrecognized::use_of(path, text, self.is_default, sources) {
                Ok(reason) => self.left_out.push(LeftOutFile {
                    path: path.clone(),
                    reason,
                }),
                Err(problems) => found.push((path.clone(), problems)),
            }
        }
        let parts = match found.is_empty() {
            true => BTreeSet::new(),
            false => self.parts_of_unnamed(request, named),
        };
        for (path, problems) in found {
            if parts.contains(&path) {
                let reason = LeftOutReason::Part;
                self.left_out.push(LeftOutFile { path, reason });
            } else {
                diagnostics.extend(problems);
            }
        }
    }

    /// The files that descriptions refer to which no manifest names.
    fn parts_of_unnamed(&self, request: Request<'_>, named: &Named<'_>) -> BTreeSet<String> {
        let mut parts = BTreeSet::new();
        for (path, text) in self
            .unrecognized
            .iter()
            .filter(|(path, _)| !named.hold(path))
        {
            parts.extend(split::files_of(request.files, path, text));
        }
        for path in self.json.iter().filter(|path| !named.hold(path)) {
            if let Ok(text) = request
                .files
                .read_document(Path::new(path), MOST_INLINE_BYTES)
            {
                parts.extend(split::files_of(request.files, path, &text));
            }
        }
        parts
    }
}

/// Which links to folders outside of the project would give files to patterns. A link that is a manifest or an overlay
/// by its own name is refused as one.
fn unread_folders<'a>(
    links: &'a [String],
    manifests: &FileGlobs,
    overlays: &[FileGlobs],
) -> Vec<&'a String> {
    if links.is_empty() {
        return Vec::new();
    }
    let all: Vec<&FileGlobs> = std::iter::once(manifests).chain(overlays).collect();
    let reaches: Vec<GlobReach> = all.iter().map(|globs| globs.reach()).collect();
    links
        .iter()
        .filter(|link| !all.iter().any(|globs| globs.matches(link)))
        .filter(|link| reaches.iter().any(|reach| reach.may_match_below(link)))
        .collect()
}

fn globs(
    project: &Project,
    patterns: &[String],
    path: &[&str],
    diagnostics: &mut Diagnostics,
) -> FileGlobs {
    FileGlobs::new(patterns).unwrap_or_else(|(i, reason)| {
        let message = format!("`{}` is not a glob: {reason}", patterns[i]);
        let mut diagnostic = Diagnostic::error(code::PROJECT_SETTING, message);
        let index = i.to_string();
        let path: Vec<&str> = path.iter().copied().chain([index.as_str()]).collect();
        if let Some(span) = project.place(&path) {
            diagnostic = diagnostic.at(span, "not a glob");
        }
        diagnostics.push(diagnostic);
        FileGlobs::new(&[]).expect("an empty list has no bad pattern")
    })
}

/// Why there is no text of a file.
enum Unread {
    /// It is too large for a manifest, and looks like a file of another kind.
    Foreign(LeftOutReason),
    /// It is to be reported, unless it has another use.
    Problem(Box<Diagnostic>),
}

/// Whether a file is what an import made a copy of, to which manifests refer.
fn is_description_in_utf16(bytes: &[u8]) -> bool {
    decoded(bytes.to_vec()).is_ok_and(|it| it.is_utf16 && claims_description(&it.text))
}

fn read_text(
    request: Request<'_>,
    path: &str,
    is_default: bool,
    sources: &mut Sources,
) -> Result<Arc<str>, Unread> {
    let bytes = match request.files.read(path, MOST_MANIFEST_BYTES) {
        Ok(bytes) => bytes,
        Err(ReadProblem::TooLarge { head, .. })
            if claims_description(&String::from_utf8_lossy(&head)) =>
        {
            return Err(Unread::Foreign(LeftOutReason::Description));
        }
        Err(ReadProblem::TooLarge { head, .. })
            if is_default
                && unrecognized::has_short_ending(path)
                && !contains(&head, b"apicenter/") =>
        {
            return Err(Unread::Foreign(LeftOutReason::OtherTool));
        }
        Err(problem) => {
            let problem = file_problem(sources, path, &problem);
            return Err(Unread::Problem(Box::new(problem)));
        }
    };
    let (at, what) = match std::str::from_utf8(&bytes) {
        Ok(text) => match text.find('\0') {
            None => return Ok(Arc::from(without_mark(text))),
            Some(at) => (at, "a NUL byte"),
        },
        Err(_) if is_description_in_utf16(&bytes) => {
            return Err(Unread::Foreign(LeftOutReason::Description));
        }
        Err(error) => (error.valid_up_to(), "no UTF-8"),
    };
    let text = String::from_utf8_lossy(&bytes).replace('\0', "\u{fffd}");
    let source = sources.set(path, text);
    Err(Unread::Problem(Box::new(
        Diagnostic::error(code::FILE_ENCODING, format!("`{path}` holds {what}"))
            .at(
                Span {
                    source,
                    start: at,
                    end: at + '\u{fffd}'.len_utf8(),
                },
                format!("{what} here"),
            )
            .help("save the file as UTF-8"),
    )))
}
