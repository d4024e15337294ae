//! Reading the artifact tree of apiops, for an import.

use std::fs::DirEntry;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::export_exemptions::{self, Written};
use crate::import::{Artifact, Imported};
use crate::manifest::source::read_regular;
use crate::model::{Code, Diagnostic, Diagnostics, code, decoded};
use crate::project::{LoadedProject, OpenError};

/// Largest file, in bytes (chosen here).
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The files of a tree, sorted by their path in it, and every problem with reading one. Links are not followed, so
/// that the tree has an end. `root` is the folder of the project, from which files are named.
#[must_use]
pub fn read_artifacts(folder: &Path, root: &Path) -> (Vec<Artifact>, Diagnostics) {
    let mut tree = Tree {
        shown: shown(folder, root),
        ..Tree::default()
    };
    tree.read_folder(folder, "");
    tree.artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    (tree.artifacts, tree.problems)
}

/// Adds exemptions for what the service of a backup has against a rule, as an export does.
///
/// # Errors
/// If the files are not a project.
pub fn accept_findings(project: &LoadedProject, imported: &mut Imported) -> Result<(), OpenError> {
    let written = Written {
        files: &mut imported.files,
        notes: &mut imported.notes,
    };
    export_exemptions::add(project, project.files.clone(), None, written)
}

/// How the path of a folder begins in messages: from the project, or as it was given if it is elsewhere.
fn shown(folder: &Path, root: &Path) -> String {
    let real = folder.canonicalize().ok();
    let root = root.canonicalize().ok();
    let inside = real.zip(root).and_then(|(real, root)| {
        let inside = real.strip_prefix(root).ok()?;
        Some(inside.to_path_buf())
    });
    let path = inside.unwrap_or_else(|| folder.to_path_buf());
    let path = path.to_string_lossy().replace('\\', "/");
    match path.trim_end_matches('/') {
        "" => String::new(),
        path => format!("{path}/"),
    }
}

#[derive(Default)]
struct Tree {
    /// What is in front of every path in messages.
    shown: String,
    artifacts: Vec<Artifact>,
    problems: Diagnostics,
}

impl Tree {
    fn report(&mut self, code: Code, message: String) {
        self.problems.push(Diagnostic::error(code, message));
    }

    fn report_unreadable(&mut self, path: &str, problem: impl std::fmt::Display) {
        let path = format!("{}{path}", self.shown);
        let message = format!("cannot read `{}`: {problem}", path.trim_end_matches('/'));
        self.report(code::FILE_UNREADABLE, message);
    }

    fn read_folder(&mut self, folder: &Path, below: &str) {
        let listed: io::Result<Vec<DirEntry>> =
            std::fs::read_dir(folder).and_then(Iterator::collect);
        let entries = match listed {
            Ok(entries) => entries,
            Err(error) => return self.report_unreadable(below, error),
        };
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if below.is_empty() {
                name
            } else {
                format!("{below}/{name}")
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.read_folder(&entry.path(), &path),
                Ok(kind) if is_artifact(&path) => {
                    self.read_file(&entry.path(), path, kind.is_symlink());
                }
                Ok(_) => {}
                Err(error) => self.report_unreadable(&path, error),
            }
        }
    }

    fn read_file(&mut self, file: &Path, path: String, is_link: bool) {
        if is_link {
            return self.report_unreadable(&path, "it is a link, which is not followed");
        }
        match read_regular(file, MOST_BYTES).map(decoded) {
            Ok(Ok(decoded)) => self.artifacts.push(Artifact {
                name: format!("{}{path}", self.shown),
                path,
                text: Arc::from(decoded.text),
            }),
            Ok(Err(problem)) => self.report(
                code::FILE_ENCODING,
                format!("`{}{path}` is {problem}", self.shown),
            ),
            Err(problem) => self.report_unreadable(&path, problem),
        }
    }
}

fn is_artifact(path: &str) -> bool {
    path.ends_with(".json") || path.contains("/specification/")
}
