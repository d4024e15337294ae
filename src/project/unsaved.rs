//! The files of a project as an editor sees them: unsaved texts over the files on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::manifest::source::{
    DiskFiles, FolderProblem, Listing, ProjectFiles, ReadProblem, Unlisted,
};
use crate::model::Files;

/// A project's folder, in which unsaved texts take the place of files.
#[derive(Debug, Clone)]
pub struct FilesWithUnsaved {
    disk: DiskFiles,
    texts: BTreeMap<String, Unsaved>,
}

/// A text that is not saved yet.
#[derive(Debug, Clone)]
struct Unsaved {
    text: Arc<str>,
    version: i32,
}

impl FilesWithUnsaved {
    /// The files on disk; no text is unsaved.
    #[must_use]
    pub fn new(disk: DiskFiles) -> Self {
        Self {
            disk,
            texts: BTreeMap::new(),
        }
    }

    /// The project's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.disk.root()
    }

    /// Every file that is hidden or that a `.gitignore` file excludes, with the reason.
    #[must_use]
    pub fn unlisted(&self) -> Vec<(String, Unlisted)> {
        self.disk.unlisted()
    }

    /// Puts a text in place of the file at `path`, relative to the project with `/` between its parts.
    /// `version` is the editor's number for the text.
    pub fn set(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>, version: i32) {
        let text = text.into();
        self.texts.insert(path.into(), Unsaved { text, version });
    }

    /// Goes back to the file on disk. Returns whether there was an unsaved text.
    pub fn discard(&mut self, path: &str) -> bool {
        self.texts.remove(path).is_some()
    }

    /// The editor's number for the unsaved text at `path`.
    #[must_use]
    pub fn version(&self, path: &str) -> Option<i32> {
        self.texts.get(path).map(|unsaved| unsaved.version)
    }

    fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.texts.get(path).map(|unsaved| &unsaved.text)
    }
}

impl ProjectFiles for FilesWithUnsaved {
    fn project_file(&self) -> &str {
        self.disk.project_file()
    }

    fn files(&self) -> Listing {
        let mut listing = self.disk.files();
        // A file that exists and is not listed is hidden or ignored; unsaved text does not change that.
        let is_new = |path: &&String| {
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            !is_hidden && !self.root().join(path).exists()
        };
        let new = self.texts.keys().filter(is_new).cloned();
        listing.files.extend(new);
        listing.files.sort();
        listing
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadProblem> {
        match self.text(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => self.disk.read(path, most),
        }
    }

    fn read_document(&self, path: &Path, most: usize) -> Result<Arc<str>, ReadProblem> {
        match self.text(&slashed(path)) {
            Some(text) => Ok(Arc::clone(text)),
            None => self.disk.read_document(path, most),
        }
    }

    fn read_folder(
        &self,
        folder: &Path,
        (most_files, most_bytes): (usize, usize),
    ) -> Result<Files, FolderProblem> {
        let start = match slashed(folder).as_str() {
            "" => String::new(),
            folder => format!("{folder}/"),
        };
        let unsaved: Files = self
            .texts
            .iter()
            .filter_map(|(path, unsaved)| {
                let name = path.strip_prefix(&start)?;
                Some((name.to_owned(), unsaved.text.as_bytes().to_vec()))
            })
            .collect();
        let mut files = match self.disk.read_folder(folder, (most_files, most_bytes)) {
            Err(FolderProblem::Folder(ReadProblem::Missing { .. })) if !unsaved.is_empty() => {
                Files::new()
            }
            files => files?,
        };
        files.extend(unsaved);
        if files.len() > most_files {
            return Err(FolderProblem::TooMany);
        }
        if files.values().map(Vec::len).sum::<usize>() > most_bytes {
            return Err(FolderProblem::TooLarge);
        }
        Ok(files)
    }
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
