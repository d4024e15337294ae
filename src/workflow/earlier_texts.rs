//! What a description file of the project contained when the manifests were written.
//!
//! A build overwrites its output in place, and with it the document of the version before. The text that it had is
//! in the state folder after an import on this machine, or else in the last commit. Both may be missing: then less
//! is known, and more stays as it is written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::document;
use crate::export::ExportFile;
use crate::import::DescriptionFile;
use crate::manifest::source::STATE_FOLDER;

/// The texts that description files had earlier.
pub(super) struct EarlierTexts {
    root: PathBuf,
}

impl EarlierTexts {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    fn folder(&self) -> PathBuf {
        self.root.join(STATE_FOLDER).join("imported")
    }

    /// The earlier text of a file of the project, if it is known and differs from the present one.
    pub(super) fn of(&self, path: &str, now: &str) -> Option<Arc<str>> {
        let kept = std::fs::read(self.folder().join(path)).ok();
        let kept = kept.and_then(|bytes| String::from_utf8(bytes).ok());
        let text = kept.or_else(|| self.committed(path))?;
        (document::digest(&text) != document::digest(now)).then(|| Arc::from(text))
    }

    /// The text in the last commit, if the project is in a git repository.
    fn committed(&self, path: &str) -> Option<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(["cat-file", "blob", &format!("HEAD:./{path}")])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = output.status.success().then_some(output.stdout)?;
        String::from_utf8(text).ok()
    }

    /// Keeps the texts of files for the next import, as they are after this one wrote some. What cannot be written is
    /// not kept.
    pub(super) fn keep(&self, files: &[DescriptionFile], written: &[ExportFile]) {
        let folder = self.folder();
        let state = self.root.join(STATE_FOLDER);
        for file in files {
            let Some(path) = &file.inside else { continue };
            if path.starts_with(STATE_FOLDER) {
                continue;
            }
            let target = folder.join(path);
            let parent = target.parent().unwrap_or(&folder);
            if std::fs::create_dir_all(parent).is_ok() {
                let ignore = state.join(".gitignore");
                if !ignore.exists() {
                    drop(std::fs::write(ignore, "*\n"));
                }
                let written = written.iter().find(|written| written.path == *path);
                let bytes = written.map_or(file.text.as_bytes(), |written| &written.bytes);
                drop(std::fs::write(target, bytes));
            }
        }
    }
}
