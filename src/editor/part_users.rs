//! Which manifests have descriptions that are split into several files.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{DesiredState, Sources};

/// The manifests that have a description with parts in a file, by that file.
pub(super) type PartUsers = BTreeMap<String, BTreeSet<String>>;

/// The users of all parts of a project's descriptions.
pub(super) fn part_users(desired: &DesiredState, sources: &Sources) -> PartUsers {
    let mut users = PartUsers::new();
    for resource in desired.resources.values() {
        let (Some(document), Some(place)) = (&resource.document, resource.place) else {
            continue;
        };
        let manifest = &sources.get(place.source).name;
        for part in &document.parts {
            let file = sources.get(part.source).name.clone();
            users.entry(file).or_default().insert(manifest.clone());
        }
    }
    users
}
