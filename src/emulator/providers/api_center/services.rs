//! Services: creation, update, soft delete and restore.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::core::clock::{Ticks, etag};
use crate::emulator::core::job;
use crate::emulator::core::response::{Answer, Outcome, Refusal, arm_error, refused};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::resources;
use crate::emulator::providers::api_center::seed;
use crate::emulator::providers::api_center::target::{PROVIDER, ServicePlace};
use crate::emulator::providers::authorization;
use crate::emulator::providers::login::TENANT;
use crate::emulator::store::{Changes, ServiceRecord, StoreError, View, service_key};

/// Documented: how long a deleted service can be restored.
const RETENTION: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 60 * 60);

/// Whether the service is on the free plan.
pub(in crate::emulator) fn is_free(service: &ServiceRecord) -> bool {
    service
        .sku
        .get("name")
        .and_then(Value::as_str)
        .is_none_or(|name| name.eq_ignore_ascii_case("Free"))
}

/// Observed: a GET carries an etag header; the etag of a service that lists show does not.
pub(in crate::emulator) fn get(view: View<'_>, place: &ServicePlace, path: &str) -> Outcome {
    let service = resources::service(view, place)?;
    Ok(Answer::ok(rendered(&service, path)).with_header("etag", &service.etag))
}

/// The living services of a subscription, or of a resource group.
pub(in crate::emulator) fn list(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> Outcome {
    let services = view.services(subscription, group)?;
    let living = services.iter().filter(|service| service.deleted.is_none());
    let value: Vec<Value> = living
        .map(|service| rendered(service, &path_of(service)))
        .collect();
    Ok(Answer::ok(json!({"value": value})))
}

/// The soft-deleted services; a single one by its name.
pub(in crate::emulator) fn list_deleted(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
    name: Option<&str>,
) -> Outcome {
    let services = view.services(subscription, group)?;
    let mut deleted = services
        .iter()
        .filter_map(|service| Some((service, service.deleted?)));
    let Some(name) = name else {
        let value: Vec<Value> = deleted
            .map(|(service, at)| rendered_deleted(service, at))
            .collect();
        return Ok(Answer::ok(json!({"value": value})));
    };
    let found = deleted.find(|(service, _)| service.name.eq_ignore_ascii_case(name));
    let (service, at) = found.ok_or_else(|| {
        let group = group.unwrap_or_default();
        let message = format!(
            "The Resource '{PROVIDER}/deletedServices/{name}' under resource group '{group}' was not found."
        );
        arm_error(StatusCode::NOT_FOUND, "ResourceNotFound", message)
    })?;
    Ok(Answer::ok(rendered_deleted(service, at)))
}

/// Observed in the field: purging is not offered.
pub(in crate::emulator) fn delete_deleted() -> Refusal {
    let message = "The requested operation is not supported on deleted services.";
    arm_error(
        StatusCode::BAD_REQUEST,
        "UnsupportedResourceOperation",
        message,
    )
    .into()
}

/// Creates (201) or replaces (200); with `properties.restore` brings a deleted one back.
pub(in crate::emulator) fn put(
    context: &Context,
    changes: &Changes<'_>,
    place: &ServicePlace,
    path: &str,
    body: Option<&Value>,
) -> Outcome<Done> {
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    let stored = changes.view().service(&place.key)?;
    let restore = body
        .pointer("/properties/restore")
        .and_then(Value::as_bool)
        .unwrap_or(false);
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

fn create(
    context: &Context,
    changes: &Changes<'_>,
    place: &ServicePlace,
    path: &str,
    body: &Value,
) -> Outcome<Done> {
    resources::check_name("ServiceName", &place.name)?;
    let location = location(body)?.ok_or_else(|| {
        let message = "The location property is required for this definition.";
        arm_error(StatusCode::BAD_REQUEST, "LocationRequired", message)
    })?;
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
        identity: body.get("identity").and_then(|sent| identity(sent, None)),
        tags: tags(body).unwrap_or_default(),
        ready: false,
        deleted: None,
    };
    authorization::note_identity(changes, service.identity.as_ref())?;
    changes.put_service(&place.key, &service)?;
    seed::default_workspace(changes, &place.key)?;
    let body = rendered(&service, path);
    let due = now.plus(context.options.seed_delay);
    let follow = if context.options.seed_delay.is_zero() {
        seed::finish(
            changes,
            &place.key,
            &mut service,
            context.options.seed_sample,
        )?;
        None
    } else {
        Some(job::plan(changes, &seed::JOB, place.key.as_str(), due)?)
    };
    Ok(Done {
        answer: Answer::json(StatusCode::CREATED, body),
        follow,
    })
}

fn update(
    changes: &Changes<'_>,
    place: &ServicePlace,
    path: &str,
    body: &Value,
    mut service: ServiceRecord,
) -> Outcome<Done> {
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
        .and_then(|sent| identity(sent, service.identity.as_ref()));
    service.tags = tags(body).unwrap_or_default();
    save(changes, place, &mut service)?;
    Ok(Answer::ok(rendered(&service, path)).into())
}

/// Changes tags and identity only. Observed: the answer shows `identity: {type: None}` where there
/// is none.
pub(in crate::emulator) fn patch(
    changes: &Changes<'_>,
    place: &ServicePlace,
    path: &str,
    body: Option<&Value>,
) -> Outcome<Done> {
    let mut service = resources::service(changes.view(), place)?;
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    if let Some(tags) = tags(body) {
        service.tags = tags;
    }
    if let Some(sent) = body.get("identity") {
        service.identity = identity(sent, service.identity.as_ref());
    }
    save(changes, place, &mut service)?;
    let etag = service.etag.clone();
    service.identity.get_or_insert(json!({"type": "None"}));
    Ok(Answer::ok(rendered(&service, path))
        .with_header("etag", &etag)
        .into())
}

/// Soft delete: hidden with everything below it, the name reserved. 204 when there is none
/// (observed).
pub(in crate::emulator) fn delete(changes: &Changes<'_>, place: &ServicePlace) -> Outcome<Done> {
    let found = changes
        .view()
        .service(&place.key)?
        .filter(|service| service.deleted.is_none());
    let Some(service) = found else {
        return Ok(Answer::empty(StatusCode::NO_CONTENT).into());
    };
    delete_stored(changes, service)?;
    Ok(Answer::empty(StatusCode::OK).into())
}

/// The same for a service that was found; one that is deleted stays as it is.
pub(in crate::emulator) fn delete_stored(
    changes: &Changes<'_>,
    mut service: ServiceRecord,
) -> Result<(), StoreError> {
    if service.deleted.is_some() {
        return Ok(());
    }
    authorization::forget(changes, &path_of(&service))?;
    service.deleted = Some(Ticks::now());
    let key = service_key(&service.subscription, &service.group, &service.name);
    changes.put_service(&key, &service)
}

/// Documented. Chosen here: it comes back as it was, and answers 200.
fn revive(
    changes: &Changes<'_>,
    place: &ServicePlace,
    path: &str,
    mut service: ServiceRecord,
) -> Outcome<Done> {
    service.deleted = None;
    save(changes, place, &mut service)?;
    Ok(Answer::ok(rendered(&service, path)).into())
}

fn save(
    changes: &Changes<'_>,
    place: &ServicePlace,
    service: &mut ServiceRecord,
) -> Result<(), StoreError> {
    authorization::note_identity(changes, service.identity.as_ref())?;
    service.modified = Ticks::now();
    service.etag = etag(changes.next_number()?, service.modified);
    changes.put_service(&place.key, service)
}

fn location(body: &Value) -> Outcome<Option<String>> {
    match body.get("location") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(_) => Err(refused("The field Location must be a non-empty string.").into()),
    }
}

/// `East US` and `eastus` are one region everywhere in Azure.
pub(in crate::emulator) fn same_location(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.replace(' ', "").to_ascii_lowercase();
    plain(one) == plain(other)
}

pub(in crate::emulator) fn tags(body: &Value) -> Option<Map<String, Value>> {
    body.get("tags").and_then(Value::as_object).cloned()
}

/// The identity as the service completes it: principals are made up once and kept over updates
/// (observed).
pub(in crate::emulator) fn identity(sent: &Value, before: Option<&Value>) -> Option<Value> {
    let kind = sent.get("type").and_then(Value::as_str)?;
    let mut identity = Map::from_iter([("type".to_owned(), json!(kind))]);
    let kept = |pointer: &str| before.and_then(|before| before.pointer(pointer)).cloned();
    if kind.contains("SystemAssigned") {
        let principal = kept("/principalId").unwrap_or_else(new_principal);
        identity.insert("principalId".to_owned(), principal);
        identity.insert("tenantId".to_owned(), json!(TENANT));
    }
    if let Some(users) = sent
        .get("userAssignedIdentities")
        .and_then(Value::as_object)
    {
        let completed = users.keys().map(|id| {
            let known = before.and_then(|before| before.get("userAssignedIdentities")?.get(id));
            let filled = known.cloned().unwrap_or_else(|| user_assigned(id));
            (id.clone(), filled)
        });
        identity.insert(
            "userAssignedIdentities".to_owned(),
            Value::Object(completed.collect()),
        );
    }
    Some(Value::Object(identity))
}

/// A user-assigned identity is the same wherever it is used: its ids follow from its name.
fn user_assigned(id: &str) -> Value {
    let made = |what: &str| {
        let text = format!("{what}:{}", id.to_ascii_lowercase());
        json!(uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, text.as_bytes()).to_string())
    };
    json!({"principalId": made("principal"), "clientId": made("client")})
}

fn new_principal() -> Value {
    json!(uuid::Uuid::new_v4().to_string())
}

pub(in crate::emulator) fn path_of(service: &ServiceRecord) -> String {
    let ServiceRecord {
        subscription,
        group,
        name,
        ..
    } = service;
    format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/{PROVIDER}/services/{name}"
    )
}

/// Observed: keys in this order, no identity without one, a data host name only some seconds after
/// the creation.
fn rendered(service: &ServiceRecord, id: &str) -> Value {
    let mut body = json!({"type": format!("{PROVIDER}/services"), "location": service.location});
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
        "type": format!("{PROVIDER}/deletedServices"),
        "properties": {
            "scheduledPurgeDate": at.plus(RETENTION).stamp(),
            "softDeletionDate": at.stamp(),
        },
        "id": format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/{PROVIDER}/deletedServices/{name}"
        ),
        "name": name,
    })
}
