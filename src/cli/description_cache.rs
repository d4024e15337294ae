//! What runs remember of descriptions, in a file for each project.
//!
//! It is believed, so the folder must not be one of the checkout. Losing it costs time only.

use std::path::{Path, PathBuf};

use super::kept_file;
use crate::manifest::KnownFacts;

/// Fewer descriptions are not worth a file: they are read again as fast (chosen here).
const FEWEST: usize = 100;

/// The file of one project.
#[derive(Debug)]
pub(super) struct DescriptionCache(Option<PathBuf>);

impl DescriptionCache {
    /// The file in a folder, unless that is part of the project's checkout.
    pub(super) fn of(folder: Option<&Path>, root: Option<&Path>) -> Self {
        let file = || kept_file::path(folder?, root?, "descriptions", "");
        Self(file())
    }

    /// What is remembered; nothing if the file is missing, damaged, or from another version.
    pub(super) fn read(&self) -> KnownFacts {
        let read = || KnownFacts::from_json(&kept_file::read(self.0.as_deref()?)?);
        read().unwrap_or_default()
    }

    /// Writes what is known, whole or not at all, if that is worth it. A failure is only logged.
    pub(super) fn write(&self, known: &KnownFacts) {
        let Some(file) = self.0.as_deref().filter(|_| known.count() >= FEWEST) else {
            return;
        };
        let Some(content) = known.changed_json() else {
            return;
        };
        if let Err(error) = kept_file::write(file, &content) {
            tracing::debug!(%error, file = %file.display(), "what is known of descriptions was not written");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn known(count: usize) -> KnownFacts {
        let known = KnownFacts::default();
        for i in 0..count {
            known.of(Some("a.md"), &format!("# Title {i}"));
        }
        known
    }

    fn cache(folder: &Path) -> DescriptionCache {
        DescriptionCache::of(Some(folder), Some(Path::new("/projects/one")))
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        cache.write(&known(FEWEST));
        assert_eq!(cache.read().count(), FEWEST);
        let file = cache.0.clone().unwrap();
        let text = String::from_utf8(fs::read(&file).unwrap()).unwrap();
        for (old, new) in [
            ("Title 7", "Title 8"),
            (env!("CARGO_PKG_VERSION"), "0.0.0"),
            ("}", ""),
            ("\n", ""),
        ] {
            let altered = text.replacen(old, new, 1);
            assert_ne!(text, altered);
            fs::write(&file, altered).unwrap();
            assert_eq!(cache.read().count(), 0, "{old}");
        }
        fs::write(&file, [0xff, 0xfe]).unwrap();
        assert_eq!(cache.read().count(), 0);
        fs::remove_file(&file).unwrap();
        fs::create_dir_all(file.join("x")).unwrap();
        assert_eq!(cache.read().count(), 0);
        cache.write(&known(FEWEST));
    }

    #[test]
    fn a_file_belongs_to_one_project_and_is_only_for_many_descriptions() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path());
        cache.write(&known(FEWEST - 1));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        cache.write(&known(FEWEST));
        let other = DescriptionCache::of(Some(folder.path()), Some(Path::new("/projects/two")));
        assert_eq!(other.read().count(), 0);
    }

    #[test]
    fn a_folder_of_the_checkout_is_not_used() {
        let checkout = tempfile::tempdir().unwrap();
        let root = checkout.path().canonicalize().unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        let cache = DescriptionCache::of(Some(&root.join("cache")), Some(&root));
        cache.write(&known(FEWEST));
        assert!(!root.join("cache").exists());
    }
}
