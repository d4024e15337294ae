//! Which files are manifests, which are overlays, and which are neither.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::broken;
use super::file_problem::{file_problem, outer_folder};
use super::file_text::{Unread, not_text, read_text, unmarked};
use super::folder::Named;
use super::glob_reach::GlobReach;
use super::idle_overlays;
use super::inline::MOST_INLINE_BYTES;
use super::left_out::{self, LeftOutFile, LeftOutReason, NestedProjects, is_yaml_like};
use super::project::Project;
use super::read;
use super::request::Request;
use super::source::FileGlobs;
use super::{split, unrecognized};
use crate::document::looks_like_description;
use crate::model::{
    Diagnostic, Diagnostics, LeftOutManifest, SourceId, Sources, code, without_mark,
};
use crate::yaml::{self, Node};

/// A document that claims to be a manifest.
pub(super) struct Manifest {
    pub(super) root: Arc<Node>,
    /// Whether an earlier document of the project file is a Project already.
    pub(super) repeats_project: bool,
}

/// A file to be read as a manifest or an overlay.
struct Candidate {
    path: String,
    is_overlay: bool,
}

/// A file that was read as YAML, or need not be.
struct Parsed {
    roots: Vec<Arc<Node>>,
    problems: Diagnostics,
    /// Names that the file may declare, if it has syntax errors.
    names: Vec<String>,
}

/// The files of a project, parted.
#[derive(Default)]
pub(super) struct Files {
    pub(super) manifests: Vec<Manifest>,
    pub(super) overlays: Vec<Manifest>,
    /// Files without a manifest, by their paths in order: they are fine only if they are descriptions.
    unrecognized: Vec<(String, Arc<str>)>,
    /// Files that could not be read as text: fine only if they are descriptions too.
    unreadable: Vec<(String, Diagnostic)>,
    /// Names that files with syntax errors may declare.
    pub(super) unread_names: BTreeSet<String>,
    /// Files with syntax errors that may be manifests.
    broken: BTreeSet<String>,
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
        let all_overlays = all_overlays(project, diagnostics);
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
        let mut candidates = Vec::new();
        for path in listing.files {
            let wanted = overlays.as_ref().is_some_and(|globs| globs.matches(&path))
                || meant.contains(&path);
            let is_overlay = wanted || all_overlays.iter().any(|globs| globs.matches(&path));
            let is_manifest = !is_overlay
                && (path == own || manifests.matches(&path) && nested.owner(&path).is_none());
            if is_manifest || wanted {
                let is_overlay = wanted;
                candidates.push(Candidate { path, is_overlay });
            } else if is_yaml_like(&path) {
                let reason = left_out::reason(&path, &manifests, is_overlay, &nested);
                files.left_out.push(LeftOutFile { path, reason });
            }
        }
        files.add_all(request, candidates, sources, diagnostics);
        files.left_out.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// Reads and parses files on all cores, and takes them in their order.
    fn add_all(
        &mut self,
        request: Request<'_>,
        candidates: Vec<Candidate>,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let is_default = self.is_default;
        let texts: Vec<_> = candidates
            .par_iter()
            .map(|candidate| read_text(request, &candidate.path, is_default))
            .collect();
        let mut waiting: Vec<(Candidate, Arc<str>, Option<SourceId>)> = Vec::new();
        for (candidate, text) in candidates.into_iter().zip(texts) {
            let path = candidate.path.as_str();
            match text {
                Ok(text) => {
                    let is_read = candidate.is_overlay || text.contains("apicenter/");
                    let source = match path == request.files.project_file() {
                        true => request.project.source,
                        false if is_read => sources.set(path, unmarked(&text)),
                        false => {
                            waiting.push((candidate, text, None));
                            continue;
                        }
                    };
                    waiting.push((candidate, text, Some(source).filter(|_| is_read)));
                }
                Err(Unread::Foreign(reason)) => {
                    let path = candidate.path;
                    self.left_out.push(LeftOutFile { path, reason });
                }
                Err(Unread::Unreadable(problem)) => {
                    let problem = file_problem(sources, path, &problem);
                    self.unreadable.push((candidate.path, problem));
                }
                Err(Unread::NotText(bytes)) => {
                    let problem = not_text(sources, path, &bytes);
                    self.unreadable.push((candidate.path, problem));
                }
            }
        }
        let parsed: Vec<Parsed> = waiting
            .par_iter()
            .map(|(_, text, source)| Parsed::of(*source, without_mark(text)))
            .collect();
        for ((candidate, text, _), parsed) in waiting.into_iter().zip(parsed) {
            self.add(request, candidate, (text, parsed), sources, diagnostics);
        }
    }

    fn add(
        &mut self,
        request: Request<'_>,
        Candidate { path, is_overlay }: Candidate,
        (text, parsed): (Arc<str>, Parsed),
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        let Parsed {
            roots,
            problems,
            names,
        } = parsed;
        self.unread_names.extend(names);
        if problems.has_errors() {
            self.broken.insert(path.clone());
        }
        if !is_overlay && !roots.iter().any(|root| read::is_manifest(root)) {
            self.unrecognized.push((path, text));
            return;
        }
        if path != request.files.project_file() {
            // Those of the project file were reported when it was read.
            diagnostics.extend(problems);
        }
        self.sort(roots, (&path, is_overlay), sources, diagnostics);
    }

    /// The text of a file that was read and is not a manifest, whole.
    pub(super) fn text(&self, path: &str) -> Option<Arc<str>> {
        let found = self
            .unrecognized
            .binary_search_by(|(known, _)| known.as_str().cmp(path));
        Some(Arc::clone(&self.unrecognized[found.ok()?].1))
    }

    /// Files that may declare more than is known: with syntax errors, or not read as text. One that a manifest names as
    /// its description is none.
    pub(super) fn unclear<'a>(
        &'a self,
        named: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a String> {
        let unreadable = self.unreadable.iter().map(|(path, _)| path);
        let unclear = self.broken.iter().chain(unreadable);
        unclear.filter(|path| !named.contains(*path))
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
            match unrecognized::use_of(path, &unmarked(text), self.is_default, sources) {
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

/// The files that are overlays of some target.
fn all_overlays(project: &Project, diagnostics: &mut Diagnostics) -> Vec<FileGlobs> {
    let targets = project.spec.targets.iter().flatten();
    targets
        .filter_map(|(name, target)| {
            let path = ["targets", name.as_str(), "overlays"];
            let overlays = target.overlays.as_ref()?;
            Some(globs(project, overlays, &path, diagnostics))
        })
        .collect()
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

impl Parsed {
    fn of(source: Option<SourceId>, text: &str) -> Self {
        let mut problems = Diagnostics::default();
        let documents = source.map(|source| yaml::parse(source, text, &mut problems));
        let names = match problems.has_errors() {
            true => broken::names(text).collect(),
            false => Vec::new(),
        };
        let documents = documents.into_iter().flatten();
        Self {
            roots: documents.filter_map(|document| document.root).collect(),
            problems,
            names,
        }
    }
}
