//! The resource types below a service: one file each, and the table that routes, stores and lists
//! them.
//!
//! Adding one: its file, its `mod` line, its row in [`KINDS`].

mod analyzer_config;
mod api;
mod api_source;
mod definition;
mod deployment;
mod environment;
mod metadata_schema;
mod version;
mod workspace;

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::core::clock::Ticks;
use crate::emulator::core::field::Field;
use crate::emulator::core::job::Follow;
use crate::emulator::core::response::{Answer, Outcome, bare_not_found};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, Record, ServiceRecord, StoreError, View};

/// Every resource type below a service, parents before children.
pub(in crate::emulator) static KINDS: &[&dyn Kind] = &[
    &workspace::Workspace,
    &metadata_schema::MetadataSchema,
    &environment::Environment,
    &api::Api,
    &version::Version,
    &definition::Definition,
    &deployment::Deployment,
    &api_source::ApiSource,
    &analyzer_config::AnalyzerConfig,
];

/// The API versions in which every type but the newer ones exists.
pub(in crate::emulator) static STABLE_ON: &[&str] =
    &["2024-03-01", "2024-03-15-preview", "2024-06-01-preview"];

/// The API version that newer types exist in.
pub(in crate::emulator) static NEWEST: &[&str] = &["2024-06-01-preview"];

/// What sets one resource type apart from the others. The defaults are what was observed of most
/// types.
pub(in crate::emulator) trait Kind: Sync {
    /// The path segment: `apis`.
    fn collection(&self) -> &'static str;

    /// The collection of the parent; empty when that is the service.
    fn parent(&self) -> &'static str;

    /// The type without the provider: `services/workspaces/apis`.
    fn type_path(&self) -> &'static str;

    /// How the service calls the name parameter in its messages: `ApiName`.
    fn name_parameter(&self) -> &'static str;

    /// What clients may write.
    fn fields(&self) -> &'static [Field];

    /// The documented number of resources per parent: on the free plan, on the others.
    fn most(&self) -> (u64, u64);

    /// The API versions that know the type.
    fn api_versions(&self) -> &'static [&'static str] {
        STABLE_ON
    }

    /// The name of the entity in metadata assignments, for types that carry custom metadata.
    fn entity(&self) -> Option<&'static str> {
        None
    }

    /// Whether answers carry an etag and `systemData`.
    fn stamped(&self) -> bool {
        true
    }

    /// Whether a new resource shows when it was last modified.
    fn modified_when_new(&self) -> bool {
        true
    }

    /// Whether writing or deleting one changes the parent's etag.
    fn touches_parent(&self) -> bool {
        false
    }

    /// The properties that only the service writes, of a new resource or of one that is replaced.
    fn owned(&self, old: Option<&Record>, _now: Ticks) -> Map<String, Value> {
        old.map(|old| old.owned.clone()).unwrap_or_default()
    }

    /// The properties that belong to the source, of what was synchronised from one: names, or an
    /// object's name and what is in it.
    fn source_owned(&self) -> &'static [&'static str] {
        &[]
    }

    /// Completes the properties that were sent, in the service's way.
    fn complete(
        &self,
        _service: &ServiceRecord,
        _name: &str,
        _properties: &mut Map<String, Value>,
    ) -> Outcome<()> {
        Ok(())
    }

    /// The answer to a GET of one that is not there.
    fn missing(&self) -> Answer {
        bare_not_found()
    }

    /// The status of a DELETE that removed one.
    fn deleted(&self) -> StatusCode {
        StatusCode::NO_CONTENT
    }

    /// Rules beyond the table of fields, before anything is written.
    fn check(&self, _put: &Put<'_>) -> Outcome<()> {
        Ok(())
    }

    /// Rules against deleting.
    fn check_delete(&self, _view: View<'_>, _at: &At, _record: &Record) -> Outcome<()> {
        Ok(())
    }

    /// Takes a DELETE over that does not end with its answer.
    fn delete_later(
        &self,
        _context: &Context,
        _changes: &Changes<'_>,
        _key: &str,
        _record: &Record,
    ) -> Result<Option<Done>, StoreError> {
        Ok(None)
    }

    /// What a PUT that was stored leaves for later.
    fn after_put(
        &self,
        _context: &Context,
        _changes: &Changes<'_>,
        _at: &At,
        _record: &Record,
    ) -> Result<Option<Follow>, StoreError> {
        Ok(None)
    }

    /// What a DELETE leaves for later.
    fn after_delete(
        &self,
        _context: &Context,
        _changes: &Changes<'_>,
        _at: &At,
        _record: &Record,
    ) -> Result<Option<Follow>, StoreError> {
        Ok(None)
    }

    /// Adds what is derived from other resources.
    fn derive(
        &self,
        _view: View<'_>,
        _key: &str,
        _properties: &mut Map<String, Value>,
    ) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A PUT whose properties passed the table of fields.
pub(in crate::emulator) struct Put<'a> {
    pub(in crate::emulator) view: View<'a>,
    pub(in crate::emulator) at: &'a At,
    /// The service's plan is the free one.
    pub(in crate::emulator) free: bool,
    /// Whether documented numbers are enforced.
    pub(in crate::emulator) limits: bool,
    pub(in crate::emulator) properties: &'a Map<String, Value>,
    pub(in crate::emulator) old: Option<&'a Record>,
}

/// The kind of a collection below a parent's collection, compared without case.
pub(in crate::emulator) fn find(parent: &str, collection: &str) -> Option<&'static dyn Kind> {
    KINDS
        .iter()
        .copied()
        .find(|kind| kind.parent() == parent && kind.collection().eq_ignore_ascii_case(collection))
}

/// The kinds whose resources live directly below this one's.
pub(in crate::emulator) fn below(parent: &str) -> impl Iterator<Item = &'static dyn Kind> {
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
