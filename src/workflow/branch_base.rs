//! Where a branch begins, by what the user names.

use std::path::Path;

use super::error::WorkflowError;
use super::git::{self, GitProblem};

/// Where a branch begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPoint {
    /// What the branch is compared with, as the user named it.
    pub reference: String,
    /// The commit at which the branch left it.
    pub commit: String,
}

/// What helps in a clone that lacks commits.
const FETCH_MORE: &str = "fetch the history: `git fetch --unshallow`, or in a pipeline `fetch-depth: 0` (GitHub), `fetchDepth: 0` \
     (Azure Pipelines) or `GIT_DEPTH: 0` (GitLab)";

impl BranchPoint {
    /// Where the branch that is checked out left the one of this name, or this tag or commit.
    ///
    /// # Errors
    /// If git cannot be asked, or does not know it.
    pub fn find(root: &Path, reference: &str) -> Result<Self, WorkflowError> {
        require_git(root)?;
        let Some(named) = git::commit(root, reference) else {
            return Err(unknown(root, reference));
        };
        if git::commit(root, "HEAD").is_none() {
            let message = "--changed-since: nothing is committed yet in this repository";
            return Err(WorkflowError::usage(message));
        }
        let fork = git::output(root, &["merge-base", "--", &named, "HEAD"]);
        let Some(commit) = fork.as_deref().and_then(git::one_line) else {
            return Err(unrelated(root, reference));
        };
        Ok(Self {
            reference: reference.to_owned(),
            commit,
        })
    }

    /// The same as an earlier run found it.
    ///
    /// # Errors
    /// If git cannot be asked, or does not know the commit.
    pub fn again(root: &Path, reference: &str, commit: &str) -> Result<Self, WorkflowError> {
        require_git(root)?;
        let known = git::commit(root, commit).filter(|known| known == commit);
        match known {
            Some(commit) => Ok(Self {
                reference: reference.to_owned(),
                commit,
            }),
            None => Err(unknown(root, commit)),
        }
    }
}

fn require_git(root: &Path) -> Result<(), WorkflowError> {
    let folder = root.display();
    match git::problem(root) {
        None => Ok(()),
        Some(GitProblem::NoRepository) => Err(WorkflowError::usage(format!(
            "--changed-since: git knows no commit of `{folder}`, which is not in a git repository"
        ))
        .help("plan without --changed-since; an archive or a shallow clone without `.git` has no history")),
        Some(GitProblem::NotInstalled) => Err(WorkflowError::failed(
            "--changed-since needs git, which is not installed or not on the PATH",
        )
        .help("install git, or plan without --changed-since")),
        Some(GitProblem::Refused) => Err(WorkflowError::failed(format!(
            "--changed-since: git does not read the repository of `{folder}`"
        ))
        .help(format!(
            "`git -C {folder} status` says why; if another user owns it: git config --global --add \
             safe.directory '*'"
        ))),
    }
}

fn unknown(root: &Path, reference: &str) -> WorkflowError {
    let help = match is_shallow(root) {
        true => format!("this is a shallow clone: {FETCH_MORE}; or name a commit that is in it"),
        false => "name a branch, a tag or a commit that is in this clone; a shallow clone lacks most of them, and a \
                  branch of the server is called `origin/NAME`"
            .to_owned(),
    };
    WorkflowError::usage(format!(
        "--changed-since: git knows no commit `{reference}` from which this branch comes"
    ))
    .help(help)
}

fn unrelated(root: &Path, reference: &str) -> WorkflowError {
    let help = match is_shallow(root) {
        true => format!("this is a shallow clone: {FETCH_MORE}"),
        false => {
            "they have no history in common: name another branch, or plan without --changed-since"
                .to_owned()
        }
    };
    WorkflowError::usage(format!(
        "--changed-since: git knows no commit from which both `{reference}` and this branch come"
    ))
    .help(help)
}

fn is_shallow(root: &Path) -> bool {
    let output = git::output(root, &["rev-parse", "--is-shallow-repository"]);
    output.is_some_and(|output| output.starts_with(b"true"))
}
