//! Which files a project's folder has, and which of them are left out.
//!
//! The same files give the same list on any machine: only `.gitignore` files inside the project count. Those of
//! the folders above, `.git/info/exclude`, git's settings of the user and `.ignore` files hide nothing.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::regular::{ReadProblem, read_regular, real_path};

/// The folder for state that may be lost, ignored by git.
pub const STATE_FOLDER: &str = ".apicenter";

/// The name of the files that leave out others.
const GITIGNORE: &str = ".gitignore";

/// Largest file of that name, in bytes (chosen here).
const MOST_GITIGNORE_BYTES: u64 = 1024 * 1024;

/// The files of a project's folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// Their paths relative to the project, sorted.
    pub files: Vec<String>,
    /// Links to folders outside of the project, by their paths, sorted. What is in those folders is not listed.
    pub outer_folders: Vec<String>,
    /// Folders that could not be listed and `.gitignore` files that could not be read, by their paths.
    pub problems: Vec<(String, ReadProblem)>,
}

/// Why a file is not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unlisted {
    /// It, or a folder above it, has a name that starts with a dot.
    Hidden,
    /// A `.gitignore` file excludes it.
    Ignored {
        /// That file.
        file: String,
        /// The pattern in it.
        pattern: String,
    },
}

/// What a walk does with what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// It skips it.
    Visible,
    /// It skips what `.gitignore` files exclude, and lists what is hidden.
    Hidden,
    /// It lists it apart, with the reason.
    Everything,
}

/// Every visible file that no `.gitignore` file excludes.
pub(super) fn visible(root: &Path) -> Listing {
    let mut walk = Walk::new(root, Reach::Visible);
    walk.run(root);
    walk.listing.files.sort();
    walk.listing.outer_folders.sort();
    walk.listing
}

/// Every file below a folder that no `.gitignore` file excludes, by its full path, sorted.
pub(super) fn below(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, (String, ReadProblem)> {
    let mut walk = Walk::new(root, Reach::Hidden);
    walk.run(folder);
    if let Some(problem) = walk.listing.problems.pop() {
        return Err(problem);
    }
    walk.paths.sort();
    Ok(walk.paths)
}

/// Every file that [`visible`] leaves out, with the reason, sorted. The folders of git and of this program's
/// state do not count.
pub(super) fn unlisted(root: &Path) -> Vec<(String, Unlisted)> {
    let mut walk = Walk::new(root, Reach::Everything);
    walk.run(root);
    walk.unlisted.sort_by(|a, b| a.0.cmp(&b.0));
    walk.unlisted
}

struct Walk<'a> {
    root: &'a Path,
    reach: Reach,
    listing: Listing,
    /// The full paths of the files that are listed.
    paths: Vec<PathBuf>,
    unlisted: Vec<(String, Unlisted)>,
    waiting: Vec<Folder>,
}

/// A folder that is still to be listed.
struct Folder {
    path: PathBuf,
    ignores: Option<Rc<Ignores>>,
    /// Why everything in it is left out.
    unlisted: Option<Unlisted>,
}

/// The patterns of a folder, and those of the folders above it.
struct Ignores {
    /// The file.
    file: String,
    patterns: Gitignore,
    above: Option<Rc<Self>>,
}

impl<'a> Walk<'a> {
    fn new(root: &'a Path, reach: Reach) -> Self {
        Self {
            root,
            reach,
            listing: Listing::default(),
            paths: Vec::new(),
            unlisted: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Lists everything below `start`, which is the root or below it.
    fn run(&mut self, start: &Path) {
        let mut ignores = None;
        let mut path = self.root.to_owned();
        for step in start.strip_prefix(self.root).unwrap_or(Path::new("")) {
            ignores = self.ignores(&path, ignores);
            path.push(step);
            if let Some(Unlisted::Ignored { .. }) = self.reason(&path, true, ignores.as_ref()) {
                return;
            }
        }
        self.waiting.push(Folder {
            path,
            ignores,
            unlisted: None,
        });
        while let Some(folder) = self.waiting.pop() {
            self.list(folder);
        }
    }

    fn list(&mut self, folder: Folder) {
        let ignores = match folder.unlisted {
            None => self.ignores(&folder.path, folder.ignores),
            // What it holds is left out already.
            Some(_) => folder.ignores,
        };
        let entries =
            std::fs::read_dir(&folder.path).and_then(Iterator::collect::<Result<Vec<DirEntry>, _>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let name = self.name(&folder.path);
                let problem = ReadProblem::Unreadable(error);
                self.listing.problems.push((name, problem));
                return;
            }
        };
        for entry in entries {
            self.entry(&entry, ignores.as_ref(), folder.unlisted.as_ref());
        }
    }

    fn entry(
        &mut self,
        entry: &DirEntry,
        ignores: Option<&Rc<Ignores>>,
        unlisted: Option<&Unlisted>,
    ) {
        let path = entry.path();
        // A link is a file here, whatever it leads to: no folder is listed twice.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        let is_state = name == ".git" || name == STATE_FOLDER;
        if is_folder && is_state && self.reach != Reach::Hidden {
            return;
        }
        let unlisted = match unlisted {
            Some(reason) => Some(reason.clone()),
            None => self.reason(&path, is_folder, ignores),
        };
        if unlisted.is_some() && self.reach != Reach::Everything {
            return;
        }
        if is_folder {
            self.waiting.push(Folder {
                path,
                ignores: ignores.cloned(),
                unlisted,
            });
            return;
        }
        let name = self.name(&path);
        match unlisted {
            Some(reason) => self.unlisted.push((name, reason)),
            None => {
                if self.is_outer_folder(entry) {
                    self.listing.outer_folders.push(name.clone());
                }
                self.listing.files.push(name);
                self.paths.push(path);
            }
        }
    }

    /// Whether it is a link to a folder outside of the project.
    fn is_outer_folder(&self, entry: &DirEntry) -> bool {
        let path = entry.path();
        entry.file_type().is_ok_and(|kind| kind.is_symlink())
            && path.is_dir()
            && matches!(real_path(self.root, &path), Err(ReadProblem::Outside))
    }

    /// Why a file or a folder is left out; the innermost pattern that matches decides.
    fn reason(
        &self,
        path: &Path,
        is_folder: bool,
        ignores: Option<&Rc<Ignores>>,
    ) -> Option<Unlisted> {
        let mut next = ignores;
        while let Some(ignores) = next {
            match ignores.patterns.matched(path, is_folder) {
                Match::Ignore(glob) => {
                    return Some(Unlisted::Ignored {
                        file: ignores.file.clone(),
                        pattern: glob.original().to_owned(),
                    });
                }
                Match::Whitelist(_) => return None,
                Match::None => next = ignores.above.as_ref(),
            }
        }
        let name = path.file_name().unwrap_or_default();
        let is_hidden = self.reach != Reach::Hidden && name.as_encoded_bytes().starts_with(b".");
        is_hidden.then_some(Unlisted::Hidden)
    }

    /// The patterns that hold in a folder.
    fn ignores(&mut self, folder: &Path, above: Option<Rc<Ignores>>) -> Option<Rc<Ignores>> {
        let path = folder.join(GITIGNORE);
        if path.symlink_metadata().is_err() {
            return above;
        }
        let file = self.name(&path);
        let read = real_path(self.root, &path);
        match read.and_then(|real| read_regular(&real, MOST_GITIGNORE_BYTES)) {
            Ok(bytes) => Some(Rc::new(Ignores {
                file,
                patterns: patterns(folder, &String::from_utf8_lossy(&bytes)),
                above,
            })),
            Err(problem) => {
                self.listing.problems.push((file, problem));
                above
            }
        }
    }

    fn name(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}

/// The patterns of a `.gitignore` file. Like git, a line that is not a pattern excludes nothing.
fn patterns(folder: &Path, text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _not_a_pattern = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
