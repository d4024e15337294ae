//! What description files of the project contained when their manifests were written.
//!
//! A build overwrites its output in place, and with it the document of the version before. The text that it had is
//! in the state folder after an import on this machine, and perhaps in the last commit. Both may be missing: then less
//! is known, and more stays as it is written.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use super::git::{self, MOST_OUTPUT};
use crate::export::ExportFile;
use crate::import::{DeclaredApis, DescriptionFile};
use crate::manifest::source::{STATE_FOLDER, destination, read_regular};
use crate::model::decoded;

/// The folder of the texts, in the state folder.
const FOLDER: &str = "imported";

/// Largest text, in bytes; no larger one is imported.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Finds what the files of APIs that the project declares contained earlier. Nothing else needs to know.
pub fn find_earlier_texts(root: &Path, files: &mut [DescriptionFile], declared: &DeclaredApis) {
    let declared = declared.files();
    let mut paths = Vec::new();
    for file in files.iter_mut() {
        let Some(path) = &file.inside else { continue };
        if declared.contains_key(path) {
            file.earlier.imported = kept(root, path);
            paths.push(path.clone());
        }
    }
    let mut committed = committed(root, &paths);
    for file in files {
        let path = file.inside.as_ref();
        file.earlier.committed = path.and_then(|path| committed.remove(path));
    }
}

/// Keeps the texts of files for the next import, as they are after this one wrote some. What cannot be written is
/// not kept.
pub fn keep_texts(root: &Path, files: &[DescriptionFile], written: &[ExportFile]) {
    let mut has_kept = false;
    let written: BTreeMap<&str, &ExportFile> = written
        .iter()
        .map(|written| (written.path.as_str(), written))
        .collect();
    for file in files {
        let Some(path) = &file.inside else { continue };
        if path.starts_with(STATE_FOLDER) {
            continue;
        }
        let bytes = written
            .get(path.as_str())
            .map_or(file.text.as_bytes(), |written| &written.bytes);
        has_kept |= write(root, &place(path), bytes).is_some();
    }
    let ignore = Path::new(STATE_FOLDER).join(".gitignore");
    if has_kept && !root.join(&ignore).exists() {
        write(root, &ignore, b"*\n");
    }
}

fn place(path: &str) -> PathBuf {
    Path::new(STATE_FOLDER).join(FOLDER).join(path)
}

/// Writes a file of the project, unless its path leads out of it or to something other than a file.
fn write(root: &Path, path: &Path, bytes: &[u8]) -> Option<()> {
    let target = destination(root, path).ok()?;
    std::fs::create_dir_all(target.parent()?).ok()?;
    std::fs::write(target, bytes).ok()
}

/// The text that the last import on this machine kept.
fn kept(root: &Path, path: &str) -> Option<Arc<str>> {
    let target = destination(root, &place(path)).ok()?;
    let bytes = read_regular(&target, MOST_BYTES).ok()?;
    Some(Arc::from(decoded(bytes).ok()?.text))
}

/// The texts of files in the last commit, if the project is in a git repository.
fn committed(root: &Path, paths: &[String]) -> BTreeMap<String, Arc<str>> {
    // Git reads one name in each line.
    let paths: Vec<&String> = paths.iter().filter(|path| !path.contains('\n')).collect();
    if paths.is_empty() {
        return BTreeMap::new();
    }
    let output = output_of_git(root, &paths).unwrap_or_default();
    let mut rest = output.as_slice();
    let mut texts = BTreeMap::new();
    for path in paths {
        let Some(blob) = next_blob(&mut rest) else {
            break;
        };
        if let Some(Ok(decoded)) = blob.map(|blob| decoded(blob.to_vec())) {
            texts.insert(path.clone(), Arc::from(decoded.text));
        }
    }
    texts
}

fn output_of_git(root: &Path, paths: &[&String]) -> Option<Vec<u8>> {
    let mut git = git::command(root)?
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
            for path in paths {
                if writeln!(input, "HEAD:./{path}").is_err() {
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
