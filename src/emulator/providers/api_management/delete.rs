//! DELETE of instances, APIs, operations, schemas and version sets.

use axum::http::StatusCode;

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, method_not_allowed};
use crate::emulator::core::roles;
use crate::emulator::providers::api_management::path::{ApimPath, ApimResource};
use crate::emulator::providers::api_management::write::changed;
use crate::emulator::providers::api_management::{long_running, records};
use crate::emulator::store::{Changes, StoreError, child_key};

/// Deletes an instance with all that is in it, an API with its revisions, an operation, a schema or a version
/// set; 204 when there is none (documented). Chosen here: the number of the current revision deletes the API.
pub(super) fn delete(
    context: &HandlerContext,
    changes: &Changes<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResult<WriteOutcome> {
    let view = changes.view();
    let instance = place.instance_key();
    let (parent, collection, name) = match &place.resource {
        ApimResource::Service => (place.group_key().to_owned(), "service", place.name.clone()),
        ApimResource::Api(id) => (
            instance.clone(),
            "apis",
            records::addressed(view, place, id)?,
        ),
        ApimResource::VersionSet(id) => (instance.clone(), "apiVersionSets", id.clone()),
        ApimResource::Operation(api, id) => (
            records::addressed_key(view, place, api)?,
            "operations",
            id.clone(),
        ),
        ApimResource::Schema(api, id) => (
            records::addressed_key(view, place, api)?,
            "schemas",
            id.clone(),
        ),
        _ => return Err(method_not_allowed(&request.method).into()),
    };
    let key = child_key(&parent, collection, &name);
    let Some(record) = view.resource(&key)? else {
        return Ok(HandlerResponse::empty(StatusCode::NO_CONTENT).into());
    };
    if collection == "apis" {
        remove_revisions(changes, place, &name)?;
    }
    if matches!(place.resource, ApimResource::Service) {
        roles::remove_at(changes, &place.instance_id())?;
    }
    changes.remove_resource(&key, &record, &parent, collection)?;
    let follow_up = changed(context, changes, &instance)?;
    let response = if collection == "apis" {
        long_running::deleted(context, request, place)
    } else {
        HandlerResponse::empty(StatusCode::OK)
    };
    Ok(WriteOutcome {
        response,
        follow_up,
    })
}

fn remove_revisions(changes: &Changes<'_>, place: &ApimPath, id: &str) -> Result<(), StoreError> {
    let start = format!("{id};rev=").to_ascii_lowercase();
    for revision in records::apis(changes.view(), place)? {
        if revision
            .record
            .name
            .to_ascii_lowercase()
            .starts_with(&start)
        {
            changes.remove_resource(
                &revision.key,
                &revision.record,
                &place.instance_key(),
                "apis",
            )?;
        }
    }
    Ok(())
}
