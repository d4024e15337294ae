//! What a branch changes in a project: its files now and where the branch begins, both read as a project.

use std::collections::BTreeSet;
use std::path::Path;

use super::branch_base::BranchPoint;
use super::error::WorkflowError;
use super::git;
use crate::manifest::source::{ProjectFiles as _, is_project_file};
use crate::plan::ChangedSince;
use crate::project::{Changes, LoadedProject, OpenError};

/// How a file begins that is kept outside of git, by Git LFS (documented). Its content is elsewhere.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

/// The modes of files with content (documented). Others are links and repositories of their own.
const REGULAR: [&str; 2] = ["100644", "100755"];

/// The mode of links.
const LINK: &str = "120000";

/// The mode of what does not exist.
const NOTHING: &str = "000000";

/// The file that says what is not listed.
const GITIGNORE: &str = ".gitignore";

/// How much of a project a plan has to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BranchExtent {
    /// What the branch changes, which may be nothing.
    Changes(ChangedSince),
    /// Everything, for this reason.
    Everything(String),
}

/// Compares a project with its state where a branch begins.
///
/// # Errors
/// If git cannot say how the files differ.
pub fn branch_extent(
    project: &LoadedProject,
    point: &BranchPoint,
) -> Result<BranchExtent, WorkflowError> {
    let root = project.files.root();
    let everything = |reason: String| Ok(BranchExtent::Everything(reason));
    let difference = Difference::read(root, &point.commit)?;
    if let Some(reason) = difference.concerns_everything(root, project.files.project_file()) {
        return everything(reason);
    }
    let mut files = project.files.clone();
    let mut unknown = BTreeSet::new();
    for (path, content) in difference.contents(root)? {
        match content {
            None => files.leave_out(path),
            Some(content) if content.starts_with(LFS_POINTER) => {
                unknown.insert(path);
            }
            Some(content) => files.replace(path, content),
        }
    }
    let earlier = match project.with_files(files) {
        Ok(earlier) => earlier,
        Err(OpenError::Target(_)) => {
            let target = &project.options.target.name;
            return everything(format!("there was no target `{target}` then"));
        }
        Err(_) => return everything("the project file could not be read then".to_owned()),
    };
    let is_unknown = |path: &str| !difference.known.contains(path) || unknown.contains(path);
    Ok(match project.changes_since(&earlier, is_unknown) {
        Changes::Everything(reason) => BranchExtent::Everything(reason),
        Changes::Resources(mut addresses) => {
            let options = &project.options;
            addresses.retain(|address| options.left_out_by(address).is_none());
            BranchExtent::Changes(ChangedSince {
                reference: point.reference.clone(),
                base: point.commit.clone(),
                addresses,
            })
        }
    })
}

/// A project as its files were at a commit, or why it cannot be opened so.
///
/// # Errors
/// If git cannot say how the files differ.
pub(super) fn project_at(
    project: &LoadedProject,
    commit: &str,
) -> Result<Result<LoadedProject, String>, WorkflowError> {
    let root = project.files.root();
    let difference = Difference::read(root, commit)?;
    let mut files = project.files.clone();
    for (path, content) in difference.contents(root)? {
        match content {
            None => files.leave_out(path),
            Some(content) => files.replace(path, content),
        }
    }
    for path in difference.new {
        files.leave_out(path);
    }
    Ok(project.with_files(files).map_err(|error| error.to_string()))
}

/// A file that differs from the one where the branch begins.
#[derive(Debug)]
struct Entry {
    path: String,
    /// Its mode and its object then.
    mode: String,
    object: String,
}

/// What files contained, by their paths; `None` for those that did not exist.
type Contents = Vec<(String, Option<Vec<u8>>)>;

/// How the files of a project differ from those where a branch begins.
#[derive(Debug)]
struct Difference {
    entries: Vec<Entry>,
    /// Files that git does not record yet and does not ignore.
    new: Vec<String>,
    /// Files whose content git knows where the branch begins, those included that did not exist.
    known: BTreeSet<String>,
    /// Links that git records.
    links: Vec<String>,
}

impl Difference {
    fn read(root: &Path, commit: &str) -> Result<Self, WorkflowError> {
        let ask = |arguments: &[&str]| {
            git::output(root, arguments).ok_or_else(|| {
                WorkflowError::failed(format!(
                    "git cannot compare the files with the commit {commit}"
                ))
                .help(format!(
                    "`git diff {commit}` says why; a clone that lacks objects must fetch them first"
                ))
            })
        };
        let differ = ask(&[
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=dirty",
            "--relative",
            commit,
            "--",
        ])?;
        let new = ask(&["ls-files", "-z", "--others", "--exclude-standard"])?;
        let recorded = ask(&["ls-files", "-z", "--stage"])?;
        let (entries, new) = (entries(&differ), texts(&new).collect::<Vec<_>>());
        let recorded: Vec<String> = texts(&recorded).collect();
        let of_modes = |modes: &'static [&str]| {
            let lines = recorded.iter();
            lines.filter_map(move |line| path_with_mode(line, modes))
        };
        let differing = entries.iter().map(|entry| &entry.path);
        let differing = differing.chain(&new).cloned();
        Ok(Self {
            known: of_modes(&REGULAR).chain(differing).collect(),
            links: of_modes(&[LINK]).collect(),
            entries,
            new,
        })
    }

    /// Why it has to be assumed that everything differs; `None` if it need not be.
    fn concerns_everything(&self, root: &Path, project_file: &str) -> Option<String> {
        for path in self.paths() {
            let name = path.rsplit('/').next().unwrap_or(path);
            if name == GITIGNORE {
                return Some(format!("`{path}` differs, so other files may be manifests"));
            }
            if is_project_file(name) && path != project_file {
                return Some(format!(
                    "`{path}` differs, which says to which project the files beside it belong"
                ));
            }
        }
        let is_odd = |entry: &&Entry| {
            let mode = entry.mode.as_str();
            mode != NOTHING && !REGULAR.contains(&mode)
        };
        if let Some(entry) = self.entries.iter().find(is_odd) {
            let what = match entry.mode.as_str() {
                LINK => "link",
                _ => "submodule",
            };
            return Some(format!("the {what} `{}` differs", entry.path));
        }
        let mut links = self.links.iter();
        links.find_map(|link| self.behind_link(root, link))
    }

    /// Why a link matters: what it leads to differs, and may be read by another path than git names.
    fn behind_link(&self, root: &Path, link: &str) -> Option<String> {
        let target = root.join(link).canonicalize().ok()?;
        let inside = target.strip_prefix(root).ok()?;
        let is_behind = |path: &&String| Path::new(path).starts_with(inside);
        let path = self.paths().find(is_behind)?;
        Some(format!(
            "`{path}` differs, to which the link `{link}` leads"
        ))
    }

    fn paths(&self) -> impl Iterator<Item = &String> {
        let entries = self.entries.iter().map(|entry| &entry.path);
        entries.chain(&self.new)
    }

    /// What the files contained that differ.
    fn contents(&self, root: &Path) -> Result<Contents, WorkflowError> {
        let (absent, there): (Vec<&Entry>, Vec<&Entry>) =
            self.entries.iter().partition(|entry| entry.mode == NOTHING);
        let absent = absent.into_iter().map(|entry| &entry.path);
        let absent = absent.chain(&self.new).map(|path| (path.clone(), None));
        let mut contents: Vec<_> = absent.collect();
        if there.is_empty() {
            return Ok(contents);
        }
        let objects: Vec<String> = there.iter().map(|entry| entry.object.clone()).collect();
        let blobs = git::blobs(root, &objects).unwrap_or_default();
        let mut blobs = blobs.into_iter();
        for entry in there {
            let Some(content) = blobs.next().flatten() else {
                let path = &entry.path;
                return Err(WorkflowError::failed(format!(
                    "git does not have the content that `{path}` had where the branch begins"
                ))
                .help(
                    "a partial clone lacks such files: fetch without `--filter`, or plan without --changed-since",
                ));
            };
            contents.push((entry.path.clone(), Some(content)));
        }
        Ok(contents)
    }
}

/// The items of a list that git ends with zero bytes.
fn texts(output: &[u8]) -> impl Iterator<Item = String> + '_ {
    output
        .split(|byte| *byte == 0)
        .filter(|item| !item.is_empty())
        .map(|item| String::from_utf8_lossy(item).into_owned())
}

/// Reads `:MODE MODE OBJECT OBJECT STATUS` and the path after it.
fn entries(output: &[u8]) -> Vec<Entry> {
    let mut items = texts(output);
    let mut entries = Vec::new();
    while let (Some(line), Some(path)) = (items.next(), items.next()) {
        let mut words = line.trim_start_matches(':').split(' ');
        let (mode, _, object) = (words.next(), words.next(), words.next());
        if let (Some(mode), Some(object)) = (mode, object) {
            entries.push(Entry {
                path,
                mode: mode.to_owned(),
                object: object.to_owned(),
            });
        }
    }
    entries
}

/// The path in `MODE OBJECT STAGE<tab>PATH`, if it has one of these modes.
fn path_with_mode(line: &str, modes: &[&str]) -> Option<String> {
    let (head, path) = line.split_once('\t')?;
    let mode = head.split(' ').next()?;
    modes.contains(&mode).then(|| path.to_owned())
}
