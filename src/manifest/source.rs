//! The files of a project: the only place that reads them from disk.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use super::words::nearest;
use crate::document::folder;
use crate::model::Files;

/// The usual name of the project file.
pub const PROJECT_FILE: &str = "apicenter.yaml";

/// The names that a project file may have, in any case, the usual one first.
const PROJECT_FILES: [&str; 2] = [PROJECT_FILE, "apicenter.yml"];

/// The manifests of a project that does not set `spec.manifests`, in any case.
const DEFAULT_MANIFESTS: [&str; 2] = ["**/*.yaml", "**/*.yml"];

/// The folder for state that may be lost, ignored by git.
pub const STATE_FOLDER: &str = ".apicenter";

/// The files of a project, wherever their texts are. Paths are relative to the project.
pub trait ProjectFiles: fmt::Debug {
    /// The project file.
    fn project_file(&self) -> &str;

    /// Every visible file that git does not ignore, sorted.
    ///
    /// # Errors
    /// If a folder cannot be listed.
    fn files(&self) -> Result<Vec<String>, ignore::Error>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// If the file cannot be read.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The text of a description file.
    ///
    /// # Errors
    /// If the file is missing, outside the project, or not text.
    fn read_document(&self, path: &Path) -> Result<Arc<str>, ReadProblem>;

    /// Every file below a folder that git does not ignore, hidden ones too, by its path below the folder.
    /// Files that tools leave behind, such as `.DS_Store`, do not count.
    ///
    /// # Errors
    /// If a file is missing or outside the project, or if there are more than `most` files or bytes; no
    /// more than these are read.
    fn read_folder(&self, folder: &Path, most: (usize, usize)) -> Result<Files, FolderProblem>;
}

/// A project's folder on disk.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    root: PathBuf,
    project_file: String,
}

/// Why a file could not be read.
#[derive(Debug)]
pub enum ReadProblem {
    /// It does not exist; a file of nearly that name may.
    Missing {
        /// The nearest name in the same folder.
        near: Option<String>,
    },
    /// It is outside the project, perhaps through a link.
    Outside,
    /// It is not UTF-8 text.
    NotText {
        /// Offset of the first byte that is not UTF-8.
        offset: usize,
    },
    /// The system reports an error.
    Unreadable(io::Error),
}

/// Why the files of a folder could not be read.
#[derive(Debug)]
pub enum FolderProblem {
    /// The folder itself cannot be read.
    Folder(ReadProblem),
    /// It is a file.
    NotFolder,
    /// A file below it, by its path, cannot be read.
    File(String, ReadProblem),
    /// A file below it has a name that cannot be sent.
    OddName(String),
    /// It has more bytes than allowed.
    TooLarge,
    /// It has more files than allowed.
    TooMany,
}

/// A set of globs, some of which leave files out.
#[derive(Debug, Clone)]
pub struct FileGlobs {
    include: GlobSet,
    exclude: GlobSet,
    /// The patterns of `exclude`, in its order.
    excluded: Vec<String>,
}

impl FileGlobs {
    /// Compiles globs relative to the project; a leading `!` excludes files.
    ///
    /// # Errors
    /// The position and the problem of a pattern that is not a glob.
    pub fn new(patterns: &[String]) -> Result<Self, (usize, String)> {
        Self::compile(patterns, false)
    }

    /// The manifests of a project that does not say which files are.
    #[must_use]
    pub fn default_manifests() -> Self {
        let patterns = DEFAULT_MANIFESTS.map(str::to_owned);
        Self::compile(&patterns, true).expect("the default patterns are globs")
    }

    fn compile(patterns: &[String], ignore_case: bool) -> Result<Self, (usize, String)> {
        let mut excluded = Vec::new();
        let mut include = GlobSetBuilder::new();
        let mut exclude = GlobSetBuilder::new();
        for (i, pattern) in patterns.iter().enumerate() {
            let (set, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => {
                    excluded.push(pattern.clone());
                    (&mut exclude, rest)
                }
                None => (&mut include, pattern.as_str()),
            };
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let glob = GlobBuilder::new(pattern)
                .literal_separator(true)
                .case_insensitive(ignore_case)
                .build()
                .map_err(|error| (i, error.kind().to_string()))?;
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| (0, error.to_string()));
        Ok(Self {
            include: build(include)?,
            exclude: build(exclude)?,
            excluded,
        })
    }

    /// The pattern with `!` that excludes a path relative to the project.
    #[must_use]
    pub fn excluded_by(&self, path: &str) -> Option<&str> {
        let first = *self.exclude.matches(path).first()?;
        self.excluded.get(first).map(String::as_str)
    }

    /// Whether the globs select a path relative to the project.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.include.is_match(path) && !self.exclude.is_match(path)
    }
}

impl ProjectFiles for DiskFiles {
    fn project_file(&self) -> &str {
        &self.project_file
    }

    fn files(&self) -> Result<Vec<String>, ignore::Error> {
        let mut walk = WalkBuilder::new(&self.root);
        walk.parents(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false);
        self.listed(&walk)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.root.join(path))
    }

    fn read_document(&self, path: &Path) -> Result<Arc<str>, ReadProblem> {
        let real = self.real_file(path)?;
        let bytes = std::fs::read(&real).map_err(ReadProblem::Unreadable)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Arc::from(text)),
            Err(error) => Err(ReadProblem::NotText {
                offset: error.utf8_error().valid_up_to(),
            }),
        }
    }

    fn read_folder(
        &self,
        folder: &Path,
        (most_files, most_bytes): (usize, usize),
    ) -> Result<Files, FolderProblem> {
        let real = self.real(folder).map_err(FolderProblem::Folder)?;
        if !real.is_dir() {
            return Err(FolderProblem::NotFolder);
        }
        let mut files = Files::new();
        let mut left = most_bytes as u64;
        for path in self.below(&real)? {
            let shown = path.strip_prefix(&real).unwrap_or(&path).to_string_lossy();
            let name = folder::path(&shown).filter(|_| !shown.contains('\u{fffd}'));
            let Some(name) = name else {
                return Err(FolderProblem::OddName(shown.into_owned()));
            };
            if folder::is_litter(&name) {
                continue;
            }
            let bytes = self
                .read_at_most(&path, left)
                .map_err(|problem| FolderProblem::File(name.clone(), problem))?
                .ok_or(FolderProblem::TooLarge)?;
            left -= bytes.len() as u64;
            files.insert(name, bytes);
            if files.len() > most_files {
                return Err(FolderProblem::TooMany);
            }
        }
        Ok(files)
    }
}

impl DiskFiles {
    /// The folder of the nearest project file, from `start` upward.
    #[must_use]
    pub fn find(start: &Path) -> Option<Self> {
        let start = start.canonicalize().ok()?;
        start.ancestors().find_map(|folder| {
            Some(Self {
                project_file: project_file_in(folder)?,
                root: folder.to_owned(),
            })
        })
    }

    /// A folder that need not exist yet, with this project file.
    #[must_use]
    pub fn new(root: PathBuf, project_file: String) -> Self {
        Self { root, project_file }
    }

    /// Every file that [`files`](ProjectFiles::files) does not list because it is hidden or because git
    /// ignores it, sorted. The folders of git and of this program's state do not count.
    ///
    /// # Errors
    /// If a folder cannot be listed.
    pub fn unlisted(&self) -> Result<Vec<String>, ignore::Error> {
        let mut walk = WalkBuilder::new(&self.root);
        walk.standard_filters(false).filter_entry(|entry| {
            let name = entry.file_name();
            name != ".git" && name != STATE_FOLDER
        });
        let listed = self.files()?;
        let mut files = self.listed(&walk)?;
        files.retain(|file| listed.binary_search(file).is_err());
        Ok(files)
    }

    fn listed(&self, walk: &WalkBuilder) -> Result<Vec<String>, ignore::Error> {
        let mut files = Vec::new();
        if !self.root.exists() {
            return Ok(files);
        }
        for entry in walk.build() {
            let entry = entry?;
            if entry.file_type().is_some_and(|kind| !kind.is_dir())
                && let Ok(path) = entry.path().strip_prefix(&self.root)
            {
                files.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
        files.sort();
        Ok(files)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The files below a folder, by their full paths.
    fn below(&self, folder: &Path) -> Result<Vec<PathBuf>, FolderProblem> {
        let wanted = folder.to_owned();
        let walk = WalkBuilder::new(&self.root)
            .hidden(false)
            .parents(false)
            .git_global(false)
            .git_exclude(false)
            .require_git(false)
            .filter_entry(move |entry| {
                let path = entry.path();
                path.starts_with(&wanted) || wanted.starts_with(path)
            })
            .build();
        let mut paths = Vec::new();
        for entry in walk {
            let entry = entry.map_err(|error| {
                let error = io::Error::other(error.to_string());
                FolderProblem::Folder(ReadProblem::Unreadable(error))
            })?;
            let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
            if is_file && entry.path().starts_with(folder) {
                paths.push(entry.into_path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// The bytes of a file; `None` if there are more than so many.
    fn read_at_most(&self, path: &Path, most: u64) -> Result<Option<Vec<u8>>, ReadProblem> {
        use std::io::Read as _;
        let real = self.real_file(path)?;
        let file = std::fs::File::open(real).map_err(ReadProblem::Unreadable)?;
        let mut bytes = Vec::new();
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(ReadProblem::Unreadable)?;
        Ok((bytes.len() as u64 <= most).then_some(bytes))
    }

    /// Where a path of the project really leads: to a file inside it.
    fn real_file(&self, path: &Path) -> Result<PathBuf, ReadProblem> {
        let real = self.real(path)?;
        if real.is_file() {
            return Ok(real);
        }
        let problem = io::Error::new(io::ErrorKind::InvalidInput, "not a regular file");
        Err(ReadProblem::Unreadable(problem))
    }

    /// Where a path of the project really leads: to something inside it.
    fn real(&self, path: &Path) -> Result<PathBuf, ReadProblem> {
        let full = self.root.join(path);
        let real = match full.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ReadProblem::Missing { near: near(&full) });
            }
            Err(error) => return Err(ReadProblem::Unreadable(error)),
        };
        if real.starts_with(&self.root) {
            Ok(real)
        } else {
            Err(ReadProblem::Outside)
        }
    }
}

/// The name of the project file in a folder; the usual name wins.
#[must_use]
pub fn project_file_in(folder: &Path) -> Option<String> {
    let exact = PROJECT_FILES
        .into_iter()
        .find(|name| folder.join(name).is_file());
    if let Some(name) = exact {
        return Some(name.to_owned());
    }
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_project_file(name) && folder.join(name).is_file())
        .collect();
    found.sort_by_key(|name| !name.eq_ignore_ascii_case(PROJECT_FILE));
    found.into_iter().next()
}

/// Whether a file of this name makes its folder a project.
pub(super) fn is_project_file(name: &str) -> bool {
    PROJECT_FILES
        .into_iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

fn near(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?;
    let names: Vec<String> = std::fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    nearest(wanted, &known).map(str::to_owned)
}
