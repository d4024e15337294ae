//! The addresses that the manifests of a project declare, found fast and offline.

use std::collections::BTreeSet;
use std::path::Path;

use crate::manifest::source::{DiskFiles, ProjectFiles as _};
use crate::manifest::{MOST_MANIFEST_BYTES, declared_in, is_yaml_like};
use crate::model::Address;

/// The addresses that the nearest project declares, from `start` upward, as far as names are written in its manifests.
#[must_use]
pub fn declared_names(start: &Path) -> BTreeSet<Address> {
    let Some(files) = DiskFiles::find(start) else {
        return BTreeSet::new();
    };
    let paths = files
        .files()
        .files
        .into_iter()
        .filter(|path| is_yaml_like(path));
    let texts = paths.filter_map(|path| {
        let bytes = files.read(&path, MOST_MANIFEST_BYTES).ok()?;
        String::from_utf8(bytes).ok()
    });
    // Most other files are recognised without reading them as YAML.
    let manifests = texts.filter(|text| text.contains("apicenter/"));
    manifests.flat_map(|text| declared_in(&text)).collect()
}
