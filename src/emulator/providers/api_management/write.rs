//! PUT and PATCH of instances, APIs, operations, schemas and version sets.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::core::handler::{FollowUp, HandlerError, HandlerResult, WriteOutcome};
use crate::emulator::core::identity;
use crate::emulator::core::provider::{HandlerContext, ProviderEvent};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, location_required, method_not_allowed};
use crate::emulator::providers::api_management::errors::refused;
use crate::emulator::providers::api_management::path::{ApimPath, ApimResource};
use crate::emulator::providers::api_management::properties::Import;
use crate::emulator::providers::api_management::records::New;
use crate::emulator::providers::api_management::{
    long_running, openapi, properties, records, responses,
};
use crate::emulator::store::{Changes, StoreError, StoredResource};

pub(super) fn put(
    context: &HandlerContext,
    changes: &Changes<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResult<WriteOutcome> {
    let empty = Map::new();
    let body = request
        .body
        .as_ref()
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    if let ApimResource::Service = place.resource {
        return put_service(context, changes, request, place, body);
    }
    records::instance(changes.view(), place)?;
    let sent = body
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let (response, new) = match &place.resource {
        ApimResource::Api(id) => {
            let (api, there) = put_api(changes, place, id, sent)?;
            (
                responses::api(changes.view(), request, place, &api)?,
                !there,
            )
        }
        ApimResource::Operation(api, id) => {
            let api = records::api(changes.view(), place, api)?;
            let (operation, there) = put_operation(changes, &api, id, sent)?;
            (responses::plain(place, &operation), !there)
        }
        ApimResource::Schema(api, id) => {
            let api = records::api(changes.view(), place, api)?;
            let (schema, there) = put_schema(changes, &api, id, sent)?;
            (responses::plain(place, &schema), !there)
        }
        ApimResource::VersionSet(id) => {
            let (set, there) = put_version_set(changes, place, id, sent)?;
            (responses::plain(place, &set), !there)
        }
        _ => return Err(method_not_allowed(&request.method).into()),
    };
    let status = if new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let mut response = HandlerResponse { status, ..response };
    // What a description says was read, and refused if it is wrong, where the API was stored.
    if Import::sent(sent).is_some() && matches!(place.resource, ApimResource::Api(_)) {
        response = long_running::importing(context, request, place, response);
    }
    let follow_up = changed(context, changes, &place.instance_key())?;
    Ok(WriteOutcome {
        response,
        follow_up,
    })
}

/// Merges what is sent into what there is (observed for APIs): 200, or 404 when there is nothing.
pub(super) fn patch(
    context: &HandlerContext,
    changes: &Changes<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResult<WriteOutcome> {
    let view = changes.view();
    let instance = records::instance(view, place)?;
    let there = match &place.resource {
        ApimResource::Service => instance,
        ApimResource::Api(id) => records::api(view, place, id)?.record,
        ApimResource::Operation(api, id) => records::operation(view, place, api, id)?.record,
        ApimResource::VersionSet(id) => records::version_set(view, place, id)?.record,
        _ => return Err(method_not_allowed(&request.method).into()),
    };
    let mut body = Map::new();
    if place.resource == ApimResource::Service {
        body.extend(there.owned.clone());
    }
    let sent = request.body.as_ref().and_then(Value::as_object);
    let mut properties = there.properties;
    for (name, value) in sent.into_iter().flatten() {
        if name != "properties" {
            body.insert(name.clone(), value.clone());
        } else if let Some(sent) = value.as_object() {
            properties.extend(sent.clone());
        }
    }
    body.insert("properties".to_owned(), Value::Object(properties));
    let merged = HandlerRequest {
        body: Some(Value::Object(body)),
        ..request.clone()
    };
    put(context, changes, &merged, place)
}

pub(super) fn changed(
    context: &HandlerContext,
    changes: &Changes<'_>,
    instance: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let changed = ProviderEvent::InstanceChanged {
        instance,
        at_once: false,
    };
    context.publish(changes, &changed)
}

fn put_service(
    context: &HandlerContext,
    changes: &Changes<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    body: &Map<String, Value>,
) -> HandlerResult<WriteOutcome> {
    let old = changes.view().resource(&place.instance_key())?;
    let location = body.get("location").and_then(Value::as_str);
    let kept = old
        .as_ref()
        .and_then(|old| old.owned.get("location")?.as_str().map(str::to_owned));
    let location = location
        .map(str::to_owned)
        .or(kept)
        .ok_or_else(location_required)?;
    let before = old.as_ref().and_then(|old| old.owned.get("identity"));
    let managed = body
        .get("identity")
        .and_then(|sent| identity::completed(sent, before));
    identity::record_principals(changes, managed.as_ref())?;
    let default_sku = json!({"name": "Developer", "capacity": 1});
    let owned = [
        ("location", json!(location)),
        ("sku", body.get("sku").cloned().unwrap_or(default_sku)),
        (
            "tags",
            body.get("tags").cloned().unwrap_or_else(|| json!({})),
        ),
        ("identity", managed.unwrap_or(Value::Null)),
        ("group", json!(place.group())),
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
    let response = responses::service(context, place, &instance.record);
    if there {
        return Ok(response.into());
    }
    let status = StatusCode::CREATED;
    let response = HandlerResponse { status, ..response };
    Ok(long_running::begun(context, request, place, response).into())
}

/// Stores an API; a description in `format` and `value` brings its title, description, address and
/// operations, which what was sent overrules (documented).
pub(super) fn put_api(
    changes: &Changes<'_>,
    place: &ApimPath,
    id: &str,
    sent: &Map<String, Value>,
) -> HandlerResult<(StoredResource, bool)> {
    let id = &*records::addressed(changes.view(), place, id)?;
    let mut old = changes.view().resource(&records::api_key(place, id))?;
    // A new revision starts with the properties of its source (observed). Chosen here: its operations and
    // schemas are not copied.
    let source = sent.get("sourceApiId").and_then(Value::as_str);
    if let (None, Some((_, source))) = (&old, source.and_then(|id| id.rsplit_once("/apis/"))) {
        let source = records::addressed(changes.view(), place, source)?;
        let copied = changes.view().resource(&records::api_key(place, &source))?;
        old = copied.map(|mut copied| {
            copied.properties.shift_remove("apiRevision");
            copied.owned = Map::new();
            copied
        });
    }
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
    api: &StoredResource,
    id: &str,
    sent: &Map<String, Value>,
) -> HandlerResult<(StoredResource, bool)> {
    let text = |name: &'static str| {
        let found = sent.get(name).and_then(Value::as_str);
        found.ok_or_else(|| HandlerError::from(refused(name, "The value is required.")))
    };
    let (title, method, template) = (text("displayName")?, text("method")?, text("urlTemplate")?);
    let description = sent.get("description").and_then(Value::as_str);
    let mut properties = openapi::operation_properties(title, method, template, description);
    properties.insert(
        "request".to_owned(),
        json!({"queryParameters": [], "headers": [], "representations": []}),
    );
    let given = sent.iter().filter(|(_, value)| !value.is_null());
    properties.extend(given.map(|(name, value)| (name.clone(), value.clone())));
    // Observed: every parameter has a list of values.
    let parameters = properties.get_mut("templateParameters");
    for parameter in parameters
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.entry("values").or_insert_with(|| json!([]));
        }
    }
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
    api: &StoredResource,
    id: &str,
    sent: &Map<String, Value>,
) -> HandlerResult<(StoredResource, bool)> {
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
    place: &ApimPath,
    id: &str,
    sent: &Map<String, Value>,
) -> HandlerResult<(StoredResource, bool)> {
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
