//! The texts of a project's manifests, those of every target.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::LoadedProject;
use crate::manifest::source::ProjectFiles as _;
use crate::manifest::{LeftOutReason, MOST_MANIFEST_BYTES, claims_manifest, is_yaml_like};

impl LoadedProject {
    /// The project file, the manifests and the overlays of all targets, by path. What is not text is left out.
    #[must_use]
    pub fn manifest_texts(&self) -> BTreeMap<String, String> {
        let left_out: BTreeSet<&str> = self
            .left_out
            .iter()
            .filter(|file| !matches!(file.reason, LeftOutReason::OtherOverlay))
            .map(|file| file.path.as_str())
            .collect();
        let listing = self.files.files();
        let paths = listing.files.into_iter();
        let paths = paths.filter(|path| is_yaml_like(path) && !left_out.contains(path.as_str()));
        let texts = paths.filter_map(|path| {
            let bytes = self.files.read(&path, MOST_MANIFEST_BYTES).ok()?;
            Some((path, String::from_utf8(bytes).ok()?))
        });
        texts.filter(|(_, text)| claims_manifest(text)).collect()
    }
}
