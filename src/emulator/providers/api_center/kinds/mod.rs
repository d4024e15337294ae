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
pub(super) mod opaque;
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
    &opaque::SKILL,
    &opaque::SKILL_VERSION,
    &opaque::AGENT,
    &opaque::AGENT_VERSION,
    &opaque::PLUGIN,
    &opaque::MODEL,
    &opaque::MCP_REGISTRY,
    &opaque::LINK,
    &opaque::AUTH_CONFIG,
    &opaque::SECURITY_REQUIREMENT,
    &opaque::SKILL_EVALUATION,
    &opaque::AGENT_EVALUATION,
    &opaque::PORTAL,
    &opaque::EVENT_GRID_FILTER,
];

/// The kind of a collection below resources of a type (`services/workspaces`), compared without case.
pub(in crate::emulator) fn find(
    parent_type: &str,
    collection: &str,
) -> Option<&'static dyn ResourceKind> {
    below(parent_type).find(|kind| kind.collection().eq_ignore_ascii_case(collection))
}

/// The kind of a resource, by its key: subscription, group and service, then pairs of a collection and a name.
pub(super) fn of_key(key: &str) -> Option<&'static dyn ResourceKind> {
    let mut steps = key.split('/').skip(3).step_by(2);
    let first = find("services", steps.next()?)?;
    steps.try_fold(first, |above, collection| {
        find(above.type_path(), collection)
    })
}

/// The kinds whose resources are directly below those of a type.
pub(in crate::emulator) fn below(
    parent_type: &str,
) -> impl Iterator<Item = &'static dyn ResourceKind> {
    KINDS.iter().copied().filter(move |kind| {
        let parent = kind.type_path().rsplit_once('/').map(|(parent, _)| parent);
        parent == Some(parent_type)
    })
}

#[cfg(test)]
mod tests {
    use super::{KINDS, find};

    #[test]
    fn every_kind_has_a_parent_and_its_own_place() {
        for kind in KINDS {
            let (parent, _) = kind.type_path().rsplit_once('/').unwrap();
            assert!(parent == "services" || KINDS.iter().any(|one| one.type_path() == parent));
            let found = find(parent, &kind.collection().to_uppercase()).unwrap();
            assert_eq!(found.type_path(), kind.type_path());
        }
    }
}
