//! A cache of the digests of live documents, so that unchanged ones are not read again.
//!
//! A definition's `lastModifiedAt` changes with every import (observed), so a digest is valid as long
//! as that is the same. Losing the cache costs requests only.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Another version may compute other digests.
const VERSION: &str = env!("CARGO_PKG_VERSION");

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

/// What a file of the cache contains.
#[derive(Debug, Serialize, Deserialize)]
struct Content {
    /// The version of the program that computed the digests.
    version: String,
    /// Whose digests these are: the endpoint and the path of the service, in lower case.
    service: String,
    digests: Digests,
}

/// The most bytes of a file that is read (chosen here): many times what the largest service needs.
const MAX_BYTES: u64 = 128 << 20;

/// The digests of one service, kept between runs.
///
/// They are believed, so the folder must not be one that others can write to, such as the checkout.
#[derive(Debug, Clone)]
pub(super) struct DigestCache {
    file: Option<PathBuf>,
    service: String,
    entries: Arc<Mutex<Digests>>,
}

impl DigestCache {
    /// Opens the cache of a service in a folder; a missing or damaged file is an empty cache. Without a
    /// folder, nothing is kept.
    pub(super) fn new(folder: Option<PathBuf>, endpoint: &str, base: &str) -> Self {
        let service = format!("{endpoint}{base}").to_ascii_lowercase();
        let key = Sha256::digest(&service);
        let name: String = key
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let file = folder.map(|folder| folder.join(format!("digests-{name}.json")));
        let content = file.as_deref().and_then(read);
        let entries = content
            .filter(|content| content.version == VERSION && content.service == service)
            .map(|content| content.digests)
            .unwrap_or_default();
        Self {
            file,
            service,
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

    fn write(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        let bytes = {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            serde_json::to_vec(&Content {
                version: VERSION.to_owned(),
                service: self.service.clone(),
                digests: entries.clone(),
            })?
        };
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(&bytes)?;
        temporary.persist(file)?;
        Ok(())
    }
}

/// What a file contains; `None` if it cannot be read or is something else.
fn read(file: &Path) -> Option<Content> {
    // Opening a pipe would wait for a writer.
    let metadata = fs::metadata(file).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return None;
    }
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "/subscriptions/S/resourceGroups/rg/services/one";

    fn open(folder: &Path, endpoint: &str, base: &str) -> DigestCache {
        DigestCache::new(Some(folder.to_owned()), endpoint, base)
    }

    fn entry() -> Entry {
        Entry {
            modified: "t".to_owned(),
            digest: "sha256:00".to_owned(),
        }
    }

    #[test]
    fn a_digest_belongs_to_one_service_of_one_endpoint() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path(), "https://a/", BASE);
        cache.put("x", entry());
        cache.save();
        let same = open(folder.path(), "https://a/", &BASE.to_ascii_uppercase());
        assert_eq!(same.get("X", "t"), Some(entry()));
        assert_eq!(same.get("x", "u"), None);
        for (endpoint, base) in [
            ("https://b/", BASE),
            ("https://a/", "/subscriptions/S/other"),
        ] {
            assert_eq!(open(folder.path(), endpoint, base).get("x", "t"), None);
        }
    }

    #[test]
    fn a_file_of_another_service_or_version_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path(), "https://a/", BASE);
        cache.put("x", entry());
        cache.save();
        let file = cache.file.clone().unwrap();
        let text = String::from_utf8(fs::read(&file).unwrap()).unwrap();
        for (old, new) in [("services/one", "services/two"), (VERSION, "0.0.0")] {
            let altered = text.replacen(old, new, 1);
            assert_ne!(text, altered);
            fs::write(&file, altered).unwrap();
            assert_eq!(open(folder.path(), "https://a/", BASE).get("x", "t"), None);
        }
    }
}
