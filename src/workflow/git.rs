//! Git, for what only the repository of the project knows.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The most bytes that are read of git's output.
pub(super) const MOST_OUTPUT: u64 = 256 * 1024 * 1024;

/// Git in the project's folder; `None` if that is not in a repository. Nothing is fetched, and no
/// monitor is started; a filter that `.git/config` names still runs where files are compared.
pub(super) fn command(root: &Path) -> Option<Command> {
    if !is_in_repository(root) {
        return None;
    }
    let mut git = Command::new("git");
    // Nothing is fetched that the repository lacks: that would run programs which its settings name.
    git.env("GIT_ALLOW_PROTOCOL", "")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .args(["-c", "safe.bareRepository=explicit"])
        .args(["-c", "core.fsmonitor=false", "-C"])
        .arg(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    Some(git)
}

/// What git prints; `None` if it fails, or prints too much.
pub(super) fn output(root: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let mut git = command(root)?
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut output = Vec::new();
    let read = git
        .stdout
        .take()?
        .take(MOST_OUTPUT + 1)
        .read_to_end(&mut output);
    if read.is_err() || output.len() as u64 > MOST_OUTPUT {
        let _ = git.kill();
        let _ = git.wait();
        return None;
    }
    git.wait().ok()?.success().then_some(output)
}

/// Whether git takes its settings from `.git` of the project's folder or of one above it. A checkout can have folders
/// that look like a repository themselves; their settings could run programs.
fn is_in_repository(root: &Path) -> bool {
    for folder in root.ancestors() {
        if folder.join(".git").exists() {
            return true;
        }
        if folder.join("HEAD").exists() && folder.join("objects").exists() {
            return false;
        }
    }
    false
}
