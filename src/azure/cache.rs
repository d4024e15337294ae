//! A cache of the digests of live documents, so that unchanged ones are not read again.
//!
//! A definition's `lastModifiedAt` changes with every import (observed), so a digest is valid as long
//! as that is the same. Losing the cache costs requests only.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The cache entry of one definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The definition's `lastModifiedAt` when its document was read.
    pub(super) modified: String,
    /// The digest of the document. That there is none is never cached: it costs no request.
    pub(super) digest: String,
}

/// Cache entries by the lower-case path of their definition.
type Digests = BTreeMap<String, Entry>;

/// The digests of one service, kept between runs.
#[derive(Debug, Clone)]
pub(super) struct DigestCache {
    file: Option<PathBuf>,
    entries: Arc<Mutex<Digests>>,
}

impl DigestCache {
    /// Opens the cache of a service; a missing or damaged file is an empty cache.
    pub(super) fn new(folder: Option<PathBuf>, endpoint: &str, base: &str) -> Self {
        let key = Sha256::digest(format!("{endpoint}{}", base.to_ascii_lowercase()));
        let name: String = key
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let file = folder.map(|folder| folder.join(format!("digests-{name}.json")));
        let entries = file
            .as_ref()
            .and_then(|file| std::fs::read(file).ok())
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self {
            file,
            entries: Arc::new(Mutex::new(entries)),
        }
    }

    pub(super) fn get(&self, path: &str, modified: &str) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .get(&path.to_ascii_lowercase())
            .filter(|entry| entry.modified == modified)
            .cloned()
    }

    pub(super) fn put(&self, path: &str, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(path.to_ascii_lowercase(), entry);
    }

    /// Writes the cache, whole or not at all. A failure is only logged.
    pub(super) fn save(&self) {
        let Some(file) = &self.file else { return };
        if let Err(error) = self.write(file) {
            tracing::debug!(%error, file = %file.display(), "the digest cache was not written");
        }
    }

    fn write(&self, file: &std::path::Path) -> std::io::Result<()> {
        let folder = file.parent().unwrap_or_else(|| std::path::Path::new("."));
        std::fs::create_dir_all(folder)?;
        let bytes = {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            serde_json::to_vec(&*entries)?
        };
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(&bytes)?;
        temporary.persist(file)?;
        Ok(())
    }
}
