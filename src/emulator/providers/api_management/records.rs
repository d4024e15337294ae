//! Instances and what is in them, as they are stored. The keys begin with `@apim`, see
//! [`path`](super::path).

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::arm_error;
use crate::emulator::providers::api_management::errors::not_found;
use crate::emulator::providers::api_management::path::{ApimPath, group_key};
use crate::emulator::store::{Changes, Record, StoreError, StoredResource, View, child_key};

/// What is written of a resource.
pub(super) struct New {
    pub(super) name: String,
    pub(super) properties: Map<String, Value>,
    pub(super) owned: Map<String, Value>,
}

/// The instance, or the 404 of Azure Resource Manager.
pub(super) fn instance(view: View<'_>, place: &ApimPath) -> HandlerResult<Record> {
    let found = view.resource(&place.instance_key())?;
    found.ok_or_else(|| {
        let message = format!(
            "The Resource 'Microsoft.ApiManagement/service/{}' under resource group '{}' was not found. \
             For more details please go to https://aka.ms/ARMResourceNotFoundFix",
            place.name,
            place.group()
        );
        arm_error(StatusCode::NOT_FOUND, "ResourceNotFound", message)
            .with_header("x-ms-failure-cause", "gateway")
            .into()
    })
}

/// The instances of a subscription, or of one group in it, each with its place; in order of creation.
pub(super) fn instances(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> Result<Vec<(ApimPath, Record)>, StoreError> {
    let mut found = Vec::new();
    let mut add = |group: &str, record: Record| {
        let written = record.owned.get("group").and_then(Value::as_str);
        let place = ApimPath::instance(subscription, written.unwrap_or(group), &record.name);
        found.push((place, record));
    };
    if let Some(group) = group {
        let key = group_key(subscription, group);
        for stored in view.children(&key, "service", None, usize::MAX)? {
            add(group, stored.record);
        }
    } else {
        for (key, record) in view.resources_below(&group_key(subscription, ""))? {
            let segments: Vec<&str> = key.split('/').collect();
            if let [_, _, group, "service", _] = segments.as_slice() {
                add(group, record);
            }
        }
    }
    found.sort_by_key(|(_, record)| record.number);
    Ok(found)
}

pub(super) fn api_key(place: &ApimPath, id: &str) -> String {
    child_key(&place.instance_key(), "apis", id)
}

/// The name of the API that an id addresses: the current revision can be addressed with its number, and is
/// called without it all the same (observed for a PUT).
pub(super) fn addressed(view: View<'_>, place: &ApimPath, id: &str) -> Result<String, StoreError> {
    let Some((base, number)) = id.split_once(";rev=") else {
        return Ok(id.to_owned());
    };
    let current = view.resource(&api_key(place, base))?;
    let is_current = current.is_some_and(|api| {
        api.properties.get("apiRevision").and_then(Value::as_str) == Some(number)
    });
    Ok(if is_current { base } else { id }.to_owned())
}

/// The key of the API that an id addresses.
pub(super) fn addressed_key(
    view: View<'_>,
    place: &ApimPath,
    id: &str,
) -> Result<String, StoreError> {
    Ok(api_key(place, &addressed(view, place, id)?))
}

fn found(view: View<'_>, key: String, what: &str) -> HandlerResult<StoredResource> {
    let record = view.resource(&key)?.ok_or_else(|| not_found(what))?;
    Ok(StoredResource { key, record })
}

pub(super) fn api(view: View<'_>, place: &ApimPath, id: &str) -> HandlerResult<StoredResource> {
    found(view, addressed_key(view, place, id)?, "API")
}

pub(super) fn version_set(
    view: View<'_>,
    place: &ApimPath,
    id: &str,
) -> HandlerResult<StoredResource> {
    let key = child_key(&place.instance_key(), "apiVersionSets", id);
    found(view, key, "ApiVersionSet")
}

/// Whether the versions of this set are in the path.
pub(super) fn is_segment(view: View<'_>, place: &ApimPath, set: &str) -> Result<bool, StoreError> {
    let found = view.resource(&child_key(&place.instance_key(), "apiVersionSets", set))?;
    let scheme = found.and_then(|set| {
        set.properties
            .get("versioningScheme")?
            .as_str()
            .map(str::to_owned)
    });
    Ok(scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case("Segment")))
}

pub(super) fn operation(
    view: View<'_>,
    place: &ApimPath,
    api: &str,
    id: &str,
) -> HandlerResult<StoredResource> {
    let key = child_key(&addressed_key(view, place, api)?, "operations", id);
    found(view, key, "Operation")
}

pub(super) fn schema(
    view: View<'_>,
    place: &ApimPath,
    api: &str,
    id: &str,
) -> HandlerResult<StoredResource> {
    let key = child_key(&addressed_key(view, place, api)?, "schemas", id);
    found(view, key, "Schema")
}

/// The GraphQL schema of an API, if it has one.
pub(super) fn graphql(view: View<'_>, api: &StoredResource) -> Result<Option<String>, StoreError> {
    let schemas = view.children(&api.key, "schemas", None, usize::MAX)?;
    Ok(schemas.iter().find_map(|schema| {
        let properties = &schema.record.properties;
        let is_graphql = properties.get("contentType")?.as_str()?.contains("graphql");
        let text = properties.get("document")?.get("value")?.as_str()?;
        is_graphql.then(|| text.to_owned())
    }))
}

/// The APIs of an instance in order of creation, revisions that are not current among them.
pub(super) fn apis(view: View<'_>, place: &ApimPath) -> Result<Vec<StoredResource>, StoreError> {
    view.children(&place.instance_key(), "apis", None, usize::MAX)
}

pub(super) fn operations(
    view: View<'_>,
    api: &StoredResource,
) -> Result<Vec<StoredResource>, StoreError> {
    view.children(&api.key, "operations", None, usize::MAX)
}

/// An API's id without the revision.
pub(super) fn without_revision(id: &str) -> &str {
    id.split_once(";rev=").map_or(id, |(base, _)| base)
}

/// Whether this is the revision that serves calls.
pub(super) fn is_current(api: &Record) -> bool {
    !api.name.contains(";rev=")
}

/// Creates or replaces a resource; returns whether it existed.
pub(super) fn put(
    changes: &Changes<'_>,
    parent: &str,
    collection: &str,
    new: New,
) -> Result<(StoredResource, bool), StoreError> {
    let key = child_key(parent, collection, &new.name);
    let old = changes.view().resource(&key)?;
    let now = Ticks::now();
    let number = changes.next_number()?;
    let record = Record {
        name: old.as_ref().map_or(new.name, |old| old.name.clone()),
        number: old.as_ref().map_or(number, |old| old.number),
        etag: etag(number, now),
        created: old.as_ref().map_or(now, |old| old.created),
        modified: now,
        properties: new.properties,
        owned: new.owned,
        link: None,
    };
    let new_in = old.is_none().then_some((parent, collection));
    changes.put_resource(&key, &record, new_in)?;
    Ok((StoredResource { key, record }, old.is_some()))
}
