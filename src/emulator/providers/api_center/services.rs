//! Services: creation, update, soft delete and restore.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::core::handler::{FollowUp, HandlerError, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::{HandlerResponse, arm_error, location_required, refused};
use crate::emulator::core::tracked::{TrackedResource, same_location, tags};
use crate::emulator::core::{identity, job, roles};
use crate::emulator::providers::api_center::namespace::NAMESPACE;
use crate::emulator::providers::api_center::path::{ServicePath, check_service_name};
use crate::emulator::providers::api_center::{existing, jobs, seed};
use crate::emulator::store::{Changes, ServiceRecord, StoreError, View, service_key};

/// Documented: how long a deleted service can be restored.
const RETENTION: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 60 * 60);

/// Observed: a GET carries an etag header; the etag of a service that lists show does not.
pub(in crate::emulator) fn get(view: View<'_>, place: &ServicePath, path: &str) -> HandlerResult {
    let service = existing::service(view, place)?;
    Ok(HandlerResponse::ok(rendered(&service, path)).with_header("etag", &service.etag))
}

/// The living services of a subscription, or of a resource group.
pub(in crate::emulator) fn list(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> HandlerResult {
    let services = view.services(subscription, group)?;
    let living = services.iter().filter(|service| service.deleted.is_none());
    let value: Vec<Value> = living
        .map(|service| rendered(service, &path_of(service)))
        .collect();
    Ok(HandlerResponse::ok(json!({"value": value})))
}

/// The soft-deleted services; a single one by its name.
pub(in crate::emulator) fn list_deleted(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
    name: Option<&str>,
) -> HandlerResult {
    let services = view.services(subscription, group)?;
    let mut deleted = services
        .iter()
        .filter_map(|service| Some((service, service.deleted?)));
    let Some(name) = name else {
        let value: Vec<Value> = deleted
            .map(|(service, at)| rendered_deleted(service, at))
            .collect();
        return Ok(HandlerResponse::ok(json!({"value": value})));
    };
    let found = deleted.find(|(service, _)| service.name.eq_ignore_ascii_case(name));
    let (service, at) = found.ok_or_else(|| {
        let group = group.unwrap_or_default();
        let message = format!(
            "The Resource '{NAMESPACE}/deletedServices/{name}' under resource group '{group}' was not found."
        );
        arm_error(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    })?;
    Ok(HandlerResponse::ok(rendered_deleted(service, at)))
}

/// Observed in the field: purging is not offered.
pub(in crate::emulator) fn delete_deleted() -> HandlerError {
    let message = "The requested operation is not supported on deleted services.";
    arm_error(
        StatusCode::BAD_REQUEST,
        "UnsupportedResourceOperation",
        message,
    )
    .into()
}

/// Creates (201) or replaces (200); with `properties.restore` brings a deleted one back. Observed since
/// June 2024: the plan must be sent, to replace it, too. Chosen here: not to restore.
pub(in crate::emulator) fn put(
    context: &HandlerContext,
    changes: &Changes<'_>,
    place: &ServicePath,
    path: &str,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    let stored = changes.view().service(&place.key)?;
    let restore = body
        .pointer("/properties/restore")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let has_sku = body.pointer("/sku/name").is_some_and(Value::is_string);
    if !has_sku && !restore {
        return Err(refused("A valid Sku is required.").into());
    }
    match stored {
        Some(service) if service.deleted.is_none() => update(changes, place, path, body, service),
        Some(service) if restore => revive(changes, place, path, service),
        _ if restore => Err(refused(format!(
            "Cannot restore '{}': the service does not exist or may have been permanently deleted.",
            place.name
        ))
        .into()),
        _ => create(context, changes, place, path, body),
    }
}

/// Creates a service unless it exists; an existing one remains as it is.
pub(in crate::emulator) fn ensure(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ServicePath,
    location: &str,
) -> HandlerResult<Option<FollowUp>> {
    let found = changes.view().service(&path.key)?;
    if found.is_some_and(|service| service.deleted.is_none()) {
        return Ok(None);
    }
    let ServicePath {
        subscription,
        group,
        name,
        ..
    } = path;
    let id = format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/{NAMESPACE}/services/{name}"
    );
    let body = json!({"location": location, "sku": {"name": "Standard"}});
    Ok(put(context, changes, path, &id, Some(&body))?.follow_up)
}

fn create(
    context: &HandlerContext,
    changes: &Changes<'_>,
    place: &ServicePath,
    path: &str,
    body: &Value,
) -> HandlerResult<WriteOutcome> {
    check_service_name(&place.name)?;
    let location = location(body)?.ok_or_else(location_required)?;
    if changes.view().name_taken(&place.name)? {
        return Err(refused(format!("The name '{}' is already taken.", place.name)).into());
    }
    let now = Ticks::now();
    let number = changes.next_number()?;
    let mut service = ServiceRecord {
        subscription: place.subscription.clone(),
        group: place.group.clone(),
        name: place.name.clone(),
        number,
        etag: etag(number, now),
        created: now,
        modified: now,
        location,
        sku: body
            .get("sku")
            .filter(|sku| sku.is_object())
            .cloned()
            .unwrap_or(json!({"name": "Free"})),
        identity: body
            .get("identity")
            .and_then(|sent| identity::completed(sent, None)),
        tags: tags(body).unwrap_or_default(),
        ready: false,
        deleted: None,
    };
    identity::record_principals(changes, service.identity.as_ref())?;
    changes.put_service(&place.key, &service)?;
    seed::default_workspace(changes, &place.key)?;
    let body = rendered(&service, path);
    let delay = context.options.seed_delay;
    let follow_up = if delay.is_zero() {
        let sample = context.options.seed_sample;
        seed::finish(changes, &place.key, &mut service, sample)?;
        None
    } else {
        Some(job::schedule(
            changes,
            jobs::SEED,
            place.key.as_str(),
            now.plus(delay),
        )?)
    };
    Ok(WriteOutcome {
        response: HandlerResponse::json(StatusCode::CREATED, body),
        follow_up,
    })
}

fn update(
    changes: &Changes<'_>,
    place: &ServicePath,
    path: &str,
    body: &Value,
    mut service: ServiceRecord,
) -> HandlerResult<WriteOutcome> {
    if let Some(location) = location(body)?
        && !same_location(&location, &service.location)
    {
        let message = format!(
            "The resource '{}' already exists in location '{}' in resource group '{}'. A resource with the same name \
             cannot be created in location '{location}'. Please select a new resource name.",
            service.name, service.location, service.group
        );
        return Err(arm_error(StatusCode::CONFLICT, "InvalidResourceLocation", message).into());
    }
    if let Some(sku) = body.get("sku").filter(|sku| sku.is_object()) {
        service.sku = sku.clone();
    }
    service.identity = body
        .get("identity")
        .and_then(|sent| identity::completed(sent, service.identity.as_ref()));
    service.tags = tags(body).unwrap_or_default();
    save(changes, place, &mut service)?;
    Ok(HandlerResponse::ok(rendered(&service, path)).into())
}

/// Changes tags and identity only. Observed: the response has `identity: {type: None}` where there
/// is none.
pub(in crate::emulator) fn patch(
    changes: &Changes<'_>,
    place: &ServicePath,
    path: &str,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let mut service = existing::service(changes.view(), place)?;
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    if let Some(tags) = tags(body) {
        service.tags = tags;
    }
    if let Some(sent) = body.get("identity") {
        service.identity = identity::completed(sent, service.identity.as_ref());
    }
    save(changes, place, &mut service)?;
    let etag = service.etag.clone();
    service.identity.get_or_insert(json!({"type": "None"}));
    Ok(HandlerResponse::ok(rendered(&service, path))
        .with_header("etag", &etag)
        .into())
}

/// Soft delete: hidden with everything below it, the name reserved. 204 when there is none
/// (observed).
pub(in crate::emulator) fn delete(
    changes: &Changes<'_>,
    place: &ServicePath,
) -> HandlerResult<WriteOutcome> {
    let found = changes
        .view()
        .service(&place.key)?
        .filter(|service| service.deleted.is_none());
    let Some(service) = found else {
        return Ok(HandlerResponse::empty(StatusCode::NO_CONTENT).into());
    };
    delete_stored(changes, service)?;
    Ok(HandlerResponse::empty(StatusCode::OK).into())
}

/// The same for a service that was found; one that is deleted stays as it is.
pub(in crate::emulator) fn delete_stored(
    changes: &Changes<'_>,
    mut service: ServiceRecord,
) -> Result<(), StoreError> {
    if service.deleted.is_some() {
        return Ok(());
    }
    roles::remove_at(changes, &path_of(&service))?;
    service.deleted = Some(Ticks::now());
    let key = service_key(&service.subscription, &service.group, &service.name);
    changes.put_service(&key, &service)
}

/// Documented. Chosen here: it is restored as it was, with 200.
fn revive(
    changes: &Changes<'_>,
    place: &ServicePath,
    path: &str,
    mut service: ServiceRecord,
) -> HandlerResult<WriteOutcome> {
    service.deleted = None;
    save(changes, place, &mut service)?;
    Ok(HandlerResponse::ok(rendered(&service, path)).into())
}

/// The services that are not deleted, as tracked resources.
pub(super) fn tracked(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> Result<Vec<TrackedResource>, StoreError> {
    let services = view.services(subscription, group)?;
    let living = services
        .into_iter()
        .filter(|service| service.deleted.is_none());
    let tracked = living.map(|service| TrackedResource {
        id: path_of(&service),
        resource_type: format!("{NAMESPACE}/services"),
        name: service.name,
        subscription: service.subscription,
        group: service.group,
        location: service.location,
        tags: service.tags,
        sku: service.sku,
        identity: service.identity,
    });
    Ok(tracked.collect())
}

fn save(
    changes: &Changes<'_>,
    place: &ServicePath,
    service: &mut ServiceRecord,
) -> Result<(), StoreError> {
    identity::record_principals(changes, service.identity.as_ref())?;
    service.modified = Ticks::now();
    service.etag = etag(changes.next_number()?, service.modified);
    changes.put_service(&place.key, service)
}

fn location(body: &Value) -> HandlerResult<Option<String>> {
    match body.get("location") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(refused("The field Location must be a non-empty string.").into()),
    }
}

pub(in crate::emulator) fn path_of(service: &ServiceRecord) -> String {
    let ServiceRecord {
        subscription,
        group,
        name,
        ..
    } = service;
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/{NAMESPACE}/services/{name}"
    )
}

/// Observed: keys in this order, no identity without one, a data host name only some seconds after
/// the creation.
fn rendered(service: &ServiceRecord, id: &str) -> Value {
    let mut body = json!({"type": format!("{NAMESPACE}/services"), "location": service.location});
    if let Some(identity) = &service.identity {
        body["identity"] = identity.clone();
    }
    body["sku"] = service.sku.clone();
    body["properties"] = if service.ready {
        let host = format!(
            "{}.data.{}.azure-apicenter.ms",
            service.name, service.location
        );
        json!({"dataApiHostname": host})
    } else {
        json!({})
    };
    body["id"] = json!(id);
    body["name"] = json!(id.rsplit('/').next().unwrap_or_default());
    body["tags"] = Value::Object(service.tags.clone());
    body["systemData"] =
        json!({"createdAt": service.created.stamp(), "lastModifiedAt": service.modified.stamp()});
    body
}

fn rendered_deleted(service: &ServiceRecord, at: Ticks) -> Value {
    let ServiceRecord {
        subscription,
        group,
        name,
        ..
    } = service;
    json!({
        "type": format!("{NAMESPACE}/deletedServices"),
        "properties": {
            "scheduledPurgeDate": at.plus(RETENTION).stamp(),
            "softDeletionDate": at.stamp(),
        },
        "id": format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/{NAMESPACE}/deletedServices/{name}"
        ),
        "name": name,
    })
}
