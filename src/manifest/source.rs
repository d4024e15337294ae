//! The files of a project: the only place that reads them from disk.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::glob_reach::GlobReach;
use super::listing;
pub use super::listing::{Listing, STATE_FOLDER, Unlisted};
use super::regular::real_path;
pub use super::regular::{ReadProblem, destination, has_content, read_regular};
use crate::document::folder;
use crate::model::Files;

/// Largest manifest, in bytes. The largest service has 10,000 APIs; one file never needs this much.
pub const MOST_MANIFEST_BYTES: usize = 16 * 1024 * 1024;

/// The usual name of the project file.
pub const PROJECT_FILE: &str = "apicenter.yaml";

/// The names that a project file may have, in any case, the usual one first.
const PROJECT_FILES: [&str; 2] = [PROJECT_FILE, "apicenter.yml"];

/// The manifests of a project that does not set `spec.manifests`, in any case.
const DEFAULT_MANIFESTS: [&str; 2] = ["**/*.yaml", "**/*.yml"];

/// The files of a project, wherever their texts are. Paths are relative to the project.
pub trait ProjectFiles: fmt::Debug + Sync {
    /// The project file.
    fn project_file(&self) -> &str;

    /// Every visible file that no `.gitignore` file of the project excludes.
    fn files(&self) -> Listing;

    /// The bytes of a file.
    ///
    /// # Errors
    /// If the file is missing, outside the project, not a regular file, or larger than `most` bytes; no more than
    /// these are read.
    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadProblem>;

    /// The text of a description file.
    ///
    /// # Errors
    /// As for [`read`](Self::read), or if it is not text.
    fn read_document(&self, path: &Path, most: usize) -> Result<Arc<str>, ReadProblem>;

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
    /// All patterns as regular expressions, in their order.
    include_regexes: Vec<String>,
    exclude_regexes: Vec<String>,
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
        let (mut include_regexes, mut exclude_regexes) = (Vec::new(), Vec::new());
        let mut include = GlobSetBuilder::new();
        let mut exclude = GlobSetBuilder::new();
        for (i, pattern) in patterns.iter().enumerate() {
            let (set, regexes, pattern) = match pattern.strip_prefix('!') {
                Some(rest) => {
                    excluded.push(pattern.clone());
                    (&mut exclude, &mut exclude_regexes, rest)
                }
                None => (&mut include, &mut include_regexes, pattern.as_str()),
            };
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let glob = GlobBuilder::new(pattern)
                .literal_separator(true)
                .case_insensitive(ignore_case)
                .build()
                .map_err(|error| (i, error.kind().to_string()))?;
            regexes.push(glob.regex().to_owned());
            set.add(glob);
        }
        let build = |set: GlobSetBuilder| set.build().map_err(|error| (0, error.to_string()));
        Ok(Self {
            include: build(include)?,
            exclude: build(exclude)?,
            excluded,
            include_regexes,
            exclude_regexes,
        })
    }

    /// The pattern with `!` that excludes a path relative to the project.
    #[must_use]
    pub fn excluded_by(&self, path: &str) -> Option<&str> {
        let first = *self.exclude.matches(path).first()?;
        self.excluded.get(first).map(String::as_str)
    }

    /// What the globs can select in folders whose files are not known.
    pub(super) fn reach(&self) -> GlobReach {
        GlobReach::new(&self.include_regexes, &self.exclude_regexes)
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

    fn files(&self) -> Listing {
        listing::visible(&self.root)
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadProblem> {
        let real = real_path(&self.root, Path::new(path))?;
        read_regular(&real, most as u64)
    }

    fn read_document(&self, path: &Path, most: usize) -> Result<Arc<str>, ReadProblem> {
        let real = real_path(&self.root, path)?;
        let bytes = read_regular(&real, most as u64)?;
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
        let real = real_path(&self.root, folder).map_err(FolderProblem::Folder)?;
        if !real.is_dir() {
            return Err(FolderProblem::NotFolder);
        }
        let mut files = Files::new();
        let mut left = most_bytes as u64;
        let paths = listing::below(&self.root, &real);
        for path in paths.map_err(|(path, problem)| FolderProblem::File(path, problem))? {
            let shown = path.strip_prefix(&real).unwrap_or(&path).to_string_lossy();
            let name = folder::path(&shown).filter(|_| !shown.contains('\u{fffd}'));
            let Some(name) = name else {
                return Err(FolderProblem::OddName(shown.into_owned()));
            };
            if folder::is_litter(&name) {
                continue;
            }
            let read = real_path(&self.root, &path).and_then(|real| read_regular(&real, left));
            let bytes = read.map_err(|problem| match problem {
                ReadProblem::TooLarge { .. } => FolderProblem::TooLarge,
                problem => FolderProblem::File(name.clone(), problem),
            })?;
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

    /// The files that a file may refer to, and its path among them: those of its project or of its checkout, or else
    /// those below its folder. `None` for what is not a file.
    #[must_use]
    pub fn around(file: &Path) -> Option<(Self, String)> {
        let real = file.canonicalize().ok().filter(|real| real.is_file())?;
        let folder = real.parent()?;
        let checkout = || {
            let mut above = folder.ancestors();
            above.find(|folder| folder.join(".git").exists())
        };
        let files = Self::find(folder).unwrap_or_else(|| Self {
            root: checkout().unwrap_or(folder).to_owned(),
            project_file: PROJECT_FILE.to_owned(),
        });
        let path = real.strip_prefix(&files.root).ok()?;
        let path = path.to_string_lossy().replace('\\', "/");
        Some((files, path))
    }

    /// A folder that need not exist yet, with this project file.
    #[must_use]
    pub fn new(root: PathBuf, project_file: String) -> Self {
        Self { root, project_file }
    }

    /// Every file that [`files`](ProjectFiles::files) does not list, with the reason, sorted.
    #[must_use]
    pub fn unlisted(&self) -> Vec<(String, Unlisted)> {
        listing::unlisted(&self.root)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

/// The name of the project file in a folder, as the folder has it; the usual name wins.
#[must_use]
pub fn project_file_in(folder: &Path) -> Option<String> {
    let rank = |name: &str| {
        let mut known = PROJECT_FILES.into_iter();
        let place = known.position(|known| known.eq_ignore_ascii_case(name));
        (!PROJECT_FILES.contains(&name), place)
    };
    // Where case does not count, a file is found by another name than it has, and listed by its own.
    let listed = std::fs::read_dir(folder).into_iter().flatten();
    let named = listed
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_project_file(name) && is_there(&folder.join(name)))
        .min_by_key(|name| rank(name));
    // A folder that cannot be listed may still be entered.
    named.or_else(|| {
        let mut known = PROJECT_FILES.into_iter();
        let found = known.find(|name| is_there(&folder.join(name)))?;
        Some(found.to_owned())
    })
}

/// Whether a path names something other than a folder, even if it cannot be read.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| !metadata.is_dir())
}

/// Whether a file of this name makes its folder a project.
#[must_use]
pub fn is_project_file(name: &str) -> bool {
    PROJECT_FILES
        .into_iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}
