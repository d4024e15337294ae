//! The contract of a kind of resource below a service.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::field::{self, FieldRule};
use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::{HandlerResponse, bare_not_found};
use crate::emulator::providers::api_center::namespace::STABLE_ON;
use crate::emulator::store::{Changes, Record, ServiceKey, ServiceRecord, StoreError, View};

/// A kind of resource. The defaults are what was observed of most kinds.
pub(in crate::emulator) trait ResourceKind: Sync {
    /// The path segment: `apis`.
    fn collection(&self) -> &'static str {
        let path = self.type_path();
        path.rsplit_once('/').map_or(path, |(_, last)| last)
    }

    /// The type without the provider: `services/workspaces/apis`.
    fn type_path(&self) -> &'static str;

    /// How the service calls the name parameter in its messages: `ApiName`.
    fn name_parameter(&self) -> &'static str;

    /// What clients may write.
    fn fields(&self) -> &'static [FieldRule];

    /// The properties that are stored of those that were sent, or everything that is wrong with them.
    fn accepted(&self, sent: &Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
        field::read(self.fields(), sent)
    }

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

    /// Whether responses have an etag and `systemData`.
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

    /// The properties that the source owns in synchronised resources: a name, or `object/name`.
    fn source_owned(&self) -> &'static [&'static str] {
        &[]
    }

    /// Completes the properties that were sent, in the service's way.
    fn complete(
        &self,
        _service: &ServiceRecord,
        _name: &str,
        _properties: &mut Map<String, Value>,
    ) -> HandlerResult<()> {
        Ok(())
    }

    /// The response to a GET of a missing one.
    fn missing(&self) -> HandlerResponse {
        bare_not_found()
    }

    /// The status of a PUT that created one.
    fn created(&self) -> StatusCode {
        StatusCode::OK
    }

    /// The status of a DELETE that removed one.
    fn deleted(&self) -> StatusCode {
        StatusCode::NO_CONTENT
    }

    /// Rules beyond the table of fields, before anything is written.
    fn check(&self, _put: &PutRequest<'_>) -> HandlerResult<()> {
        Ok(())
    }

    /// Rules against deleting.
    fn check_delete(
        &self,
        _view: View<'_>,
        _service: &ServiceKey,
        _record: &Record,
    ) -> HandlerResult<()> {
        Ok(())
    }

    /// Takes over a DELETE that continues after its response.
    fn delete_later(
        &self,
        _context: &HandlerContext,
        _changes: &Changes<'_>,
        _key: &str,
        _record: &Record,
    ) -> Result<Option<WriteOutcome>, StoreError> {
        Ok(None)
    }

    /// The work that a stored PUT leaves for later.
    fn after_put(
        &self,
        _context: &HandlerContext,
        _changes: &Changes<'_>,
        _key: &str,
    ) -> Result<Option<FollowUp>, StoreError> {
        Ok(None)
    }

    /// Accepts an imported archive with files of these names, and sets the properties that the service
    /// owns from then on; otherwise the message of the failed operation.
    fn import_archive(
        &self,
        _names: &[String],
        _owned: &mut Map<String, Value>,
    ) -> Result<(), String> {
        Ok(())
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
pub(in crate::emulator) struct PutRequest<'a> {
    pub(in crate::emulator) view: View<'a>,
    /// The service that the resource is in.
    pub(in crate::emulator) service: &'a ServiceKey,
    pub(in crate::emulator) name: &'a str,
    /// The service's plan is the free one.
    pub(in crate::emulator) free: bool,
    /// Whether documented numbers are enforced.
    pub(in crate::emulator) limits: bool,
    pub(in crate::emulator) properties: &'a Map<String, Value>,
    pub(in crate::emulator) old: Option<&'a Record>,
}
