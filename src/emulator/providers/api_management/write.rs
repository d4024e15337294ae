//! PUT and DELETE of instances, APIs, operations and version sets.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::path::{Place, Spot};
use super::properties::{self, Import};
use super::records::{self, New};
use super::{openapi, refused, responses};
use crate::emulator::core::clock::Ticks;
use crate::emulator::core::request::{Call, encoded};
use crate::emulator::core::response::{Answer, Outcome, Refusal, arm_error};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::services;
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::authorization;
use crate::emulator::store::{Changes, Child, StoreError, child_key};

pub(super) fn put(
    context: &Context,
    changes: &Changes<'_>,
    call: &Call,
    place: &Place,
) -> Outcome<Done> {
    let empty = Map::new();
    let body = call
        .body
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if let Spot::Service = place.spot {
        return put_service(context, changes, call, place, body);
    }
    records::instance(changes.view(), place)?;
    let sent = body
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let (answer, new) = match &place.spot {
        Spot::Api(id) => {
            let (api, there) = put_api(changes, place, id, sent)?;
            (responses::api(changes.view(), call, place, &api)?, !there)
        }
        Spot::Operation(api, id) => {
            let api = records::api(changes.view(), place, api)?;
            let (operation, there) = put_operation(changes, &api, id, sent)?;
            (responses::plain(place, &operation), !there)
        }
        Spot::Schema(api, id) => {
            let api = records::api(changes.view(), place, api)?;
            let (schema, there) = put_schema(changes, &api, id, sent)?;
            (responses::plain(place, &schema), !there)
        }
        Spot::VersionSet(id) => {
            let (set, there) = put_version_set(changes, place, id, sent)?;
            (responses::plain(place, &set), !there)
        }
        _ => return Err(not_writable().into()),
    };
    let answer = if new {
        created(context, call, place, answer)
    } else {
        answer
    };
    let follow = sources::after_change(context, changes, &place.instance_key())?;
    Ok(Done { answer, follow })
}

fn not_writable() -> Answer {
    let message = "The http method is not supported for this resource.";
    arm_error(
        StatusCode::METHOD_NOT_ALLOWED,
        "HttpMethodNotSupported",
        message,
    )
}

/// A creation is a long-running operation: 201 with two addresses to poll (observed). The name of
/// the operation is the time it ends, so that nothing has to be kept.
fn created(context: &Context, call: &Call, place: &Place, answer: Answer) -> Answer {
    let due = Ticks::now().plus(context.options.operation_delay);
    let version = encoded(call.query.get("api-version").unwrap_or_default());
    let address = format!(
        "{}{}/operationResults/{:x}?api-version={version}",
        call.base,
        place.instance_id(),
        due.number()
    );
    Answer {
        status: StatusCode::CREATED,
        ..answer
    }
    .with_header("azure-asyncoperation", &address)
    .with_header("location", &address)
}

/// 200 with a status either way (observed).
pub(super) fn poll(place: &Place, id: &str) -> Outcome {
    let due = u64::from_str_radix(id, 16).map_err(|_| super::not_found("Operation"))?;
    let done = responses::is_past(Ticks::from_number(due));
    let id = format!("{}/operationResults/{id}", place.instance_id());
    let status = if done { "Succeeded" } else { "InProgress" };
    Ok(Answer::ok(json!({"id": id, "status": status})))
}

fn put_service(
    context: &Context,
    changes: &Changes<'_>,
    call: &Call,
    place: &Place,
    body: &Map<String, Value>,
) -> Outcome<Done> {
    let old = changes.view().resource(&place.instance_key())?;
    let location = body.get("location").and_then(Value::as_str);
    let kept = old
        .as_ref()
        .and_then(|old| old.owned.get("location")?.as_str().map(str::to_owned));
    let location = location.map(str::to_owned).or(kept).ok_or_else(|| {
        let message = "The location property is required for this definition.";
        arm_error(StatusCode::BAD_REQUEST, "LocationRequired", message)
    })?;
    let before = old.as_ref().and_then(|old| old.owned.get("identity"));
    let identity = body
        .get("identity")
        .and_then(|sent| services::identity(sent, before));
    authorization::note_identity(changes, identity.as_ref())?;
    let default_sku = json!({"name": "Developer", "capacity": 1});
    let owned = [
        ("location", json!(location)),
        ("sku", body.get("sku").cloned().unwrap_or(default_sku)),
        (
            "tags",
            body.get("tags").cloned().unwrap_or_else(|| json!({})),
        ),
        ("identity", identity.unwrap_or(Value::Null)),
    ];
    let owned = owned
        .map(|(key, value)| (key.to_owned(), value))
        .into_iter()
        .collect();
    let properties = body
        .get("properties")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let new = New {
        name: place.name.clone(),
        properties,
        owned,
    };
    let (instance, there) = records::put(changes, place.group_key(), "service", new)?;
    let answer = responses::service(context, place, &instance.record);
    Ok(if there {
        answer
    } else {
        created(context, call, place, answer)
    }
    .into())
}

/// Stores an API; a description in `format` and `value` brings its title, description, address and
/// operations, which what was sent overrules (documented).
pub(super) fn put_api(
    changes: &Changes<'_>,
    place: &Place,
    id: &str,
    sent: &Map<String, Value>,
) -> Outcome<(Child, bool)> {
    let old = changes.view().resource(&records::api_key(place, id))?;
    let import = Import::read(sent)?;
    let taken = import
        .as_ref()
        .and_then(|import| openapi::parsed(import.text))
        .map(|description| openapi::taken(&description))
        .unwrap_or_default();
    let mut sent = sent.clone();
    for (name, value) in [
        ("displayName", &taken.title),
        ("description", &taken.description),
        ("serviceUrl", &taken.service_url),
    ] {
        if let Some(value) = value
            && sent.get(name).is_none_or(Value::is_null)
        {
            sent.insert(name.to_owned(), json!(value));
        }
    }
    let properties = properties::properties(id, &sent, old.as_ref().map(|old| &old.properties))?;
    let mut owned = old.map(|old| old.owned).unwrap_or_default();
    if let Some(import) = &import {
        owned.insert("documentFormat".to_owned(), json!(import.format));
    }
    let new = New {
        name: id.to_owned(),
        properties,
        owned,
    };
    let (api, there) = records::put(changes, &place.instance_key(), "apis", new)?;
    if let Some(import) = import {
        changes.put_content(&api.key, import.text)?;
        for gone in records::operations(changes.view(), &api)? {
            changes.remove_resource(&gone.key, &gone.record, &api.key, "operations")?;
        }
        for (name, properties) in taken.operations {
            records::put(
                changes,
                &api.key,
                "operations",
                New {
                    name,
                    properties,
                    owned: Map::new(),
                },
            )?;
        }
    }
    Ok((api, there))
}

pub(super) fn put_operation(
    changes: &Changes<'_>,
    api: &Child,
    id: &str,
    sent: &Map<String, Value>,
) -> Outcome<(Child, bool)> {
    let text = |name: &'static str| {
        let found = sent.get(name).and_then(Value::as_str);
        found.ok_or_else(|| Refusal::from(refused(name, "The value is required.")))
    };
    let (title, method, template) = (text("displayName")?, text("method")?, text("urlTemplate")?);
    let description = sent.get("description").and_then(Value::as_str);
    let mut properties = openapi::operation_properties(title, method, template, description);
    properties.extend(sent.clone());
    let new = New {
        name: id.to_owned(),
        properties,
        owned: Map::new(),
    };
    Ok(records::put(changes, &api.key, "operations", new)?)
}

/// A schema of an API; that of a GraphQL API is its description.
pub(super) fn put_schema(
    changes: &Changes<'_>,
    api: &Child,
    id: &str,
    sent: &Map<String, Value>,
) -> Outcome<(Child, bool)> {
    if !sent.get("contentType").is_some_and(Value::is_string) {
        return Err(refused("contentType", "The value is required.").into());
    }
    let new = New {
        name: id.to_owned(),
        properties: sent.clone(),
        owned: Map::new(),
    };
    Ok(records::put(changes, &api.key, "schemas", new)?)
}

pub(super) fn put_version_set(
    changes: &Changes<'_>,
    place: &Place,
    id: &str,
    sent: &Map<String, Value>,
) -> Outcome<(Child, bool)> {
    let given = |name: &str| sent.get(name).cloned().unwrap_or(Value::Null);
    if given("displayName").is_null() {
        return Err(refused("displayName", "The value is required.").into());
    }
    let names = [
        "displayName",
        "description",
        "versioningScheme",
        "versionQueryName",
        "versionHeaderName",
    ];
    let properties = names
        .into_iter()
        .map(|name| (name.to_owned(), given(name)))
        .collect();
    let new = New {
        name: id.to_owned(),
        properties,
        owned: Map::new(),
    };
    Ok(records::put(
        changes,
        &place.instance_key(),
        "apiVersionSets",
        new,
    )?)
}

/// Deletes an instance with all that is in it, an API with its revisions, an operation or a version
/// set; 204 when there is none (documented).
pub(super) fn delete(context: &Context, changes: &Changes<'_>, place: &Place) -> Outcome<Done> {
    let view = changes.view();
    let instance = place.instance_key();
    let (parent, collection, name) = match &place.spot {
        Spot::Service => (place.group_key().to_owned(), "service", place.name.clone()),
        Spot::Api(id) => (instance.clone(), "apis", id.clone()),
        Spot::VersionSet(id) => (instance.clone(), "apiVersionSets", id.clone()),
        Spot::Operation(api, id) => (child_key(&instance, "apis", api), "operations", id.clone()),
        Spot::Schema(api, id) => (child_key(&instance, "apis", api), "schemas", id.clone()),
        _ => return Err(not_writable().into()),
    };
    let key = child_key(&parent, collection, &name);
    let Some(record) = view.resource(&key)? else {
        return Ok(Answer::empty(StatusCode::NO_CONTENT).into());
    };
    if collection == "apis" {
        remove_revisions(changes, place, &name)?;
    }
    if matches!(place.spot, Spot::Service) {
        authorization::forget(changes, &place.instance_id())?;
    }
    changes.remove_resource(&key, &record, &parent, collection)?;
    let follow = sources::after_change(context, changes, &instance)?;
    let answer = Answer::empty(StatusCode::OK);
    Ok(Done { answer, follow })
}

fn remove_revisions(changes: &Changes<'_>, place: &Place, id: &str) -> Result<(), StoreError> {
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
