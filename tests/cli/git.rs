//! Git in the folder of a project, without the settings of the machine.

use std::path::Path;
use std::process::{Command, Stdio};

use super::harness::Project;

/// A project in a repository; `None` if there is no git.
pub(crate) fn in_git(project: Project) -> Option<Project> {
    git(&project, &["init", "-q", "-b", "main"]).then_some(project)
}

/// Runs git in a project, and says whether it could.
pub(crate) fn git(project: &Project, arguments: &[&str]) -> bool {
    let done = command(project)
        .args(arguments)
        .stdout(Stdio::null())
        .status();
    done.is_ok_and(|status| status.success())
}

/// Commits everything that is in the project.
pub(crate) fn commit(project: &Project) {
    assert!(git(project, &["add", "-A"]));
    assert!(git(project, &["commit", "-qm", "a change"]));
}

/// Changes the title of `one` on a branch `edit`, which is left checked out, and that of `two` on `main` meanwhile.
pub(crate) fn diverge(project: &Project) {
    assert!(git(project, &["checkout", "-qb", "edit"]));
    project.edit("one.yaml", "title: one", "title: First");
    commit(project);
    assert!(git(project, &["checkout", "-q", "main"]));
    project.edit("two.yaml", "title: two", "title: Second");
    commit(project);
    assert!(git(project, &["checkout", "-q", "edit"]));
}

/// The id of a commit.
pub(crate) fn id(project: &Project, name: &str) -> String {
    let output = command(project).args(["rev-parse", name]).output();
    let output = output.expect("git runs");
    String::from_utf8(output.stdout)
        .expect("an id is text")
        .trim()
        .to_owned()
}

/// Git in a folder, without the settings of the machine.
pub(crate) fn git_in(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .arg("-C")
        .arg(folder);
    git
}

fn command(project: &Project) -> Command {
    let mut git = git_in(project.root());
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    git
}
