//! The files of a project that differ from those at a commit.

use std::collections::BTreeSet;
use std::path::Path;

use super::git;

/// Where a branch begins, as git names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BranchBase {
    /// Where the branch left the one of this name, or at this commit.
    Reference(String),
    /// The first parent of this commit, if it is checked out and merges two: forges test a pull request on the commit
    /// that a merge would make.
    MergeCommit(String),
}

/// The paths of files in the project that differ from those at the base of the branch, also of files that were removed
/// and of new ones that are not ignored. `None` if git does not know the base, as in a checkout without history.
#[must_use]
pub fn changed_files(root: &Path, base: &BranchBase) -> Option<BTreeSet<String>> {
    let commit = match base {
        BranchBase::Reference(name) => {
            let named = git::commit(root, name)?;
            let fork = git::output(root, &["merge-base", "--", &named, "HEAD"])?;
            git::one_line(&fork)?
        }
        BranchBase::MergeCommit(name) => {
            let merge = git::commit(root, name)?;
            git::commit(root, "HEAD").filter(|head| *head == merge)?;
            git::commit(root, "HEAD^2")?;
            git::commit(root, "HEAD^1")?
        }
    };
    let differ = [
        "diff",
        "--name-only",
        "-z",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules",
        "--relative",
        &commit,
        "--",
    ];
    let new = ["ls-files", "-z", "--others", "--exclude-standard"];
    let mut files = BTreeSet::new();
    for arguments in [&differ[..], &new[..]] {
        let output = git::output(root, arguments)?;
        let paths = output
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty());
        files.extend(paths.map(|path| String::from_utf8_lossy(path).into_owned()));
    }
    Some(files)
}
