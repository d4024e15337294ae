//! What description files of the project contained when their manifests were written.
//!
//! A build overwrites its output in place, and with it the document of the version before. The text that it had is
//! in the state folder after an import on this machine, and perhaps in the last commit. Both may be missing: then less
//! is known, and more stays as it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::git;
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
    let names: Vec<String> = paths.iter().map(|path| format!("HEAD:./{path}")).collect();
    let blobs = git::blobs(root, &names).unwrap_or_default();
    let texts = paths.into_iter().zip(blobs).filter_map(|(path, blob)| {
        let text = decoded(blob?).ok()?.text;
        Some((path.clone(), Arc::from(text)))
    });
    texts.collect()
}
