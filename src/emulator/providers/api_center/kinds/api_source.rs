//! API sources: gateways whose APIs are synchronised into the center, and repositories.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::field::{FieldRule, Form, TEXT, optional, required};
use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::job;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::providers::api_center::jobs;
use crate::emulator::providers::api_center::kind::{PutRequest, ResourceKind};
use crate::emulator::providers::api_center::sources::link_state::{is_deleting, set_state, state};
use crate::emulator::providers::api_center::sources::ownership::check_not_deleting;
use crate::emulator::providers::api_center::sources::settings;
use crate::emulator::store::{Changes, Record, ServiceRecord, StoreError};

pub(in crate::emulator) struct ApiSourceKind;

/// Observed: known to the version before the one that documents the type, too.
static VERSIONS: &[&str] = &["2024-03-15-preview", "2024-06-01-preview"];

static FIELDS: &[FieldRule] = &[
    optional("apiSourceType", TEXT),
    optional("azureApiManagementSource", Form::Object(API_MANAGEMENT)),
    optional("amazonApiGatewaySource", Form::Object(AMAZON)),
    optional("gitSource", Form::Any),
    optional("targetEnvironmentId", TEXT),
    optional("targetLifecycleStage", TEXT),
    optional("importSpecification", TEXT),
];
static API_MANAGEMENT: &[FieldRule] = &[
    required("resourceId", TEXT),
    optional("msiResourceId", TEXT),
];
static AMAZON: &[FieldRule] = &[
    required("accessKey", TEXT),
    required("secretAccessKey", TEXT),
    required("regionName", TEXT),
    optional("msiResourceId", TEXT),
];

impl ResourceKind for ApiSourceKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/apiSources"
    }

    fn name_parameter(&self) -> &'static str {
        "ApiSourceName"
    }

    fn fields(&self) -> &'static [FieldRule] {
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
    ) -> HandlerResult<()> {
        *properties = settings::completed(service, properties)?;
        Ok(())
    }

    /// Observed for a new source; chosen here: one that was written again begins again.
    fn owned(&self, _old: Option<&Record>, now: Ticks) -> Map<String, Value> {
        let state = state("initializing", None, now);
        Map::from_iter([("linkState".to_owned(), state)])
    }

    fn check(&self, put: &PutRequest<'_>) -> HandlerResult<()> {
        check_not_deleting(put.old)
    }

    fn after_put(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        key: &str,
    ) -> Result<Option<FollowUp>, StoreError> {
        job::run_or_schedule(
            context,
            changes,
            jobs::SYNC,
            key,
            context.options.sync_delay,
        )
    }

    /// Documented: the response comes at once, then what was imported is deleted. The source remains, in
    /// the state `deleting`, until all of it is deleted (chosen here: that it takes a while is observed,
    /// the source was not read meanwhile).
    fn delete_later(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        key: &str,
        record: &Record,
    ) -> Result<Option<WriteOutcome>, StoreError> {
        let response = HandlerResponse::empty(StatusCode::NO_CONTENT);
        if is_deleting(record) {
            return Ok(Some(response.into()));
        }
        set_state(changes, key, "deleting", None)?;
        let delay = context.options.unlink_delay;
        let follow_up = job::run_or_schedule(context, changes, jobs::UNLINK, key, delay)?;
        Ok(Some(WriteOutcome {
            response,
            follow_up,
        }))
    }
}
