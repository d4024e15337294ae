//! API sources: gateways whose APIs are synchronised into the center.

use serde_json::{Map, Value};

use super::Kind;
use crate::emulator::core::clock::Ticks;
use crate::emulator::core::field::{Field, Form, TEXT, optional, required};
use crate::emulator::core::job::Follow;
use crate::emulator::core::response::Outcome;
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, Record, ServiceRecord, StoreError};

pub(super) struct ApiSource;

/// Observed: known to the version before the one that documents the type, too.
static VERSIONS: &[&str] = &["2024-03-15-preview", "2024-06-01-preview"];

static FIELDS: &[Field] = &[
    optional("apiSourceType", TEXT),
    optional("azureApiManagementSource", Form::Object(API_MANAGEMENT)),
    optional("amazonApiGatewaySource", Form::Object(AMAZON)),
    optional("targetEnvironmentId", TEXT),
    optional("targetLifecycleStage", TEXT),
    optional("importSpecification", TEXT),
];
static API_MANAGEMENT: &[Field] = &[
    required("resourceId", TEXT),
    optional("msiResourceId", TEXT),
];
static AMAZON: &[Field] = &[
    required("accessKey", TEXT),
    required("secretAccessKey", TEXT),
    required("regionName", TEXT),
    optional("msiResourceId", TEXT),
];

impl Kind for ApiSource {
    fn collection(&self) -> &'static str {
        sources::COLLECTION
    }

    fn parent(&self) -> &'static str {
        "workspaces"
    }

    fn type_path(&self) -> &'static str {
        "services/workspaces/apiSources"
    }

    fn name_parameter(&self) -> &'static str {
        "ApiSourceName"
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn most(&self) -> (u64, u64) {
        (1, 3)
    }

    fn api_versions(&self) -> &'static [&'static str] {
        VERSIONS
    }

    fn complete(
        &self,
        service: &ServiceRecord,
        _name: &str,
        properties: &mut Map<String, Value>,
    ) -> Outcome<()> {
        *properties = sources::completed(service, properties)?;
        Ok(())
    }

    /// Observed for a new source; chosen here: one that was written again begins again.
    fn owned(&self, _old: Option<&Record>, now: Ticks) -> Map<String, Value> {
        let state = sources::state("initializing", None, now);
        Map::from_iter([("linkState".to_owned(), state)])
    }

    fn check(&self, put: &super::Put<'_>) -> Outcome<()> {
        sources::check_not_deleting(put.old)
    }

    fn after_put(
        &self,
        context: &Context,
        changes: &Changes<'_>,
        at: &At,
        _record: &Record,
    ) -> Result<Option<Follow>, StoreError> {
        sources::after_put(context, changes, at.key())
    }

    fn delete_later(
        &self,
        context: &Context,
        changes: &Changes<'_>,
        key: &str,
        record: &Record,
    ) -> Result<Option<Done>, StoreError> {
        sources::delete(context, changes, key, record).map(Some)
    }
}
