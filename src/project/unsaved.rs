//! The files of a project as an editor sees them, or as they were at an earlier commit: other contents over the files on
//! disk.

use std::collections::{BTreeMap, BTreeSet};
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
    /// Contents that need not be text.
    contents: BTreeMap<String, Vec<u8>>,
    /// Files on disk that do not count.
    absent: BTreeSet<String>,
    /// The only files that are listed, if not all are.
    listed: Option<BTreeSet<String>>,
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
            contents: BTreeMap::new(),
            absent: BTreeSet::new(),
            listed: None,
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

    /// Puts this content in place of the file at a path.
    pub fn replace(&mut self, path: impl Into<String>, content: Vec<u8>) {
        self.contents.insert(path.into(), content);
    }

    /// Lets a file on disk not count.
    pub fn leave_out(&mut self, path: impl Into<String>) {
        self.absent.insert(path.into());
    }

    /// Lists these files only. Any can still be read by its path.
    pub fn list_only(&mut self, paths: BTreeSet<String>) {
        self.listed = Some(paths);
    }

    /// Goes back to the file on disk. Returns whether there was an unsaved text.
    pub fn discard(&mut self, path: &str) -> bool {
        self.texts.remove(path).is_some()
    }

    /// The paths of the unsaved texts.
    #[must_use]
    pub fn unsaved(&self) -> Vec<String> {
        self.texts.keys().cloned().collect()
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
        if let Some(listed) = &self.listed {
            return Listing {
                files: listed.iter().cloned().collect(),
                ..Listing::default()
            };
        }
        let mut listing = self.disk.files();
        // A file that exists and is not listed is hidden or ignored; unsaved text does not change that.
        let is_new = |path: &&String| {
            let is_hidden = path.split('/').any(|part| part.starts_with('.'));
            !is_hidden && !self.root().join(path).exists()
        };
        let new = self.texts.keys().chain(self.contents.keys());
        let new = new.filter(is_new).cloned();
        listing.files.retain(|path| !self.absent.contains(path));
        listing.files.extend(new);
        listing.files.sort();
        listing
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, ReadProblem> {
        match (self.text(path), self.contents.get(path)) {
            (Some(text), _) => Ok(text.as_bytes().to_vec()),
            (None, Some(content)) if content.len() > most => Err(ReadProblem::TooLarge {
                bytes: content.len() as u64,
                most: most as u64,
                head: content[..most].to_vec(),
            }),
            (None, Some(content)) => Ok(content.clone()),
            (None, None) if self.absent.contains(path) => Err(ReadProblem::Missing { near: None }),
            (None, None) => self.disk.read(path, most),
        }
    }

    fn read_document(&self, path: &Path, most: usize) -> Result<Arc<str>, ReadProblem> {
        let name = slashed(path);
        if let Some(text) = self.text(&name) {
            return Ok(Arc::clone(text));
        }
        if !self.contents.contains_key(&name) && !self.absent.contains(&name) {
            return self.disk.read_document(path, most);
        }
        let text = String::from_utf8(self.read(&name, most)?);
        text.map(Arc::from).map_err(|error| ReadProblem::NotText {
            offset: error.utf8_error().valid_up_to(),
        })
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
        let texts = self.texts.iter();
        let texts = texts.map(|(path, unsaved)| (path, unsaved.text.as_bytes()));
        let contents = self.contents.iter();
        let contents = contents.map(|(path, content)| (path, content.as_slice()));
        let unsaved: Files = texts
            .chain(contents)
            .filter_map(|(path, content)| {
                let name = path.strip_prefix(&start)?;
                Some((name.to_owned(), content.to_vec()))
            })
            .collect();
        let mut files = match self.disk.read_folder(folder, (most_files, most_bytes)) {
            Err(FolderProblem::Folder(ReadProblem::Missing { .. })) if !unsaved.is_empty() => {
                Files::new()
            }
            files => files?,
        };
        files.retain(|name, _| !self.absent.contains(&format!("{start}{name}")));
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
