//! Git, for what only the repository of the project knows.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The most bytes that are read of git's output.
const MOST_OUTPUT: u64 = 256 * 1024 * 1024;

/// Why git cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GitProblem {
    /// The project is not in a repository.
    NoRepository,
    /// There is no program of that name.
    NotInstalled,
    /// Git refuses the repository: it is damaged, or somebody else owns it.
    Refused,
}

/// Why git cannot be asked about the project's folder; `None` if it can.
pub(super) fn problem(root: &Path) -> Option<GitProblem> {
    let Some(mut git) = command(root) else {
        return Some(GitProblem::NoRepository);
    };
    let status = git
        .args(["rev-parse", "--git-dir"])
        .stdout(Stdio::null())
        .status();
    match status {
        Err(_) => Some(GitProblem::NotInstalled),
        Ok(status) if status.success() => None,
        Ok(_) => Some(GitProblem::Refused),
    }
}

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

/// The id of a commit. What looks like an option is not a name.
pub(super) fn commit(root: &Path, name: &str) -> Option<String> {
    if name.starts_with('-') {
        return None;
    }
    let commit = format!("{name}^{{commit}}");
    one_line(&output(
        root,
        &["rev-parse", "--verify", "--quiet", &commit],
    )?)
}

/// The first line of what git printed, unless it is empty.
pub(super) fn one_line(output: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(output).ok()?.lines().next()?;
    (!line.is_empty()).then(|| line.to_owned())
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

/// The contents of objects by the names that git has for them, in their order; `None` for what is missing or is not a file.
/// The list ends early where there would be too much of it.
pub(super) fn blobs(root: &Path, names: &[String]) -> Option<Vec<Option<Vec<u8>>>> {
    let output = output_for(root, names)?;
    let mut rest = output.as_slice();
    let mut blobs = Vec::new();
    while blobs.len() < names.len() {
        let Some(blob) = next_blob(&mut rest) else {
            break;
        };
        blobs.push(blob.map(<[u8]>::to_vec));
    }
    Some(blobs)
}

fn output_for(root: &Path, names: &[String]) -> Option<Vec<u8>> {
    let mut git = command(root)?
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = git.stdin.take()?;
    // It writes while it reads, so that neither side may wait for the other to end.
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for name in names {
                if writeln!(input, "{name}").is_err() {
                    break;
                }
            }
        });
        let mut output = Vec::new();
        let read = git
            .stdout
            .take()?
            .take(MOST_OUTPUT)
            .read_to_end(&mut output);
        // What is longer is not read to its end.
        let _ = git.kill();
        let _ = git.wait();
        read.ok().map(|_| output)
    })
}

/// What git says of the next object: `ID blob SIZE`, a line break, its bytes and another line break; or a line for
/// one that is missing or is not a file, which is `Some(None)`. `None` at the end.
fn next_blob<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at(end);
    let after = &after[1..];
    let line = std::str::from_utf8(line).unwrap_or_default();
    let words: Vec<&str> = line.rsplitn(3, ' ').collect();
    let [size, kind, id] = words.as_slice() else {
        *rest = after;
        return Some(None);
    };
    let is_object = matches!(*kind, "blob" | "tree" | "commit" | "tag") && !id.contains(':');
    let Some(size) = size.parse::<usize>().ok().filter(|_| is_object) else {
        *rest = after;
        return Some(None);
    };
    let bytes = after.get(..size)?;
    *rest = after.get(size + 1..).unwrap_or_default();
    Some((*kind == "blob").then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_git_are_split_by_their_sizes() {
        let output = b"0a blob 8\none\ntwo\n\nHEAD:./a b missing\n0b tree 3\nabc\n0c blob 0\n\n";
        let mut rest = output.as_slice();
        let mut found = Vec::new();
        while let Some(blob) = next_blob(&mut rest) {
            found.push(blob);
        }
        assert_eq!(found, [Some(&b"one\ntwo\n"[..]), None, None, Some(b"")]);
        assert_eq!(next_blob(&mut &b"0a blob 9\nshort"[..]), None);
    }
}
