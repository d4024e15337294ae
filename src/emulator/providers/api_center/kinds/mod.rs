//! The resource types below a service: one file each, and the table that routes, stores and lists
//! them.
//!
//! Adding one: its file, its `mod` line, its row in [`KINDS`].

mod analyzer_config;
pub(super) mod api;
mod api_source;
pub(super) mod definition;
pub(super) mod deployment;
pub(super) mod environment;
mod metadata_schema;
pub(super) mod version;
mod workspace;

use crate::emulator::providers::api_center::kind::ResourceKind;

/// Every resource type below a service, parents before children.
pub(in crate::emulator) static KINDS: &[&dyn ResourceKind] = &[
    &workspace::WorkspaceKind,
    &metadata_schema::MetadataSchemaKind,
    &environment::EnvironmentKind,
    &api::ApiKind,
    &version::VersionKind,
    &definition::DefinitionKind,
    &deployment::DeploymentKind,
    &api_source::ApiSourceKind,
    &analyzer_config::AnalyzerConfigKind,
];

/// The kind of a collection below a parent's collection, compared without case.
pub(in crate::emulator) fn find(
    parent: &str,
    collection: &str,
) -> Option<&'static dyn ResourceKind> {
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.parent() == parent && kind.collection().eq_ignore_ascii_case(collection))
}

/// The kind of a resource, by its key.
pub(super) fn of_key(key: &str) -> Option<&'static dyn ResourceKind> {
    let collection = key.rsplit('/').nth(1)?;
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.collection().eq_ignore_ascii_case(collection))
}

/// The kinds whose resources live directly below this one's.
pub(in crate::emulator) fn below(parent: &str) -> impl Iterator<Item = &'static dyn ResourceKind> {
    KINDS
        .iter()
        .copied()
        .filter(move |kind| kind.parent() == parent)
}

#[cfg(test)]
mod tests {
    use super::{KINDS, find};

    #[test]
    fn every_kind_has_a_parent_and_its_own_place() {
        for kind in KINDS {
            assert!(
                kind.parent().is_empty()
                    || KINDS.iter().any(|one| one.collection() == kind.parent())
            );
            let found = find(kind.parent(), &kind.collection().to_uppercase()).unwrap();
            assert_eq!(found.type_path(), kind.type_path());
            assert!(kind.type_path().ends_with(kind.collection()));
        }
    }
}
