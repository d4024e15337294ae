//! Resources as the provider writes them: optional properties that are not set are null (observed).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::providers::api_management::path::{ApimPath, NAMESPACE};
use crate::emulator::providers::api_management::records;
use crate::emulator::store::{Record, StoreError, StoredResource, View};

/// Quoted base64 of a counter (observed).
fn quoted_etag(record: &Record) -> String {
    format!("\"{}\"", counter(record))
}

fn counter(record: &Record) -> String {
    let digits = record.etag.split('-').next().unwrap_or_default();
    let counter = u64::from_str_radix(digits, 16).unwrap_or(record.number);
    STANDARD.encode(counter.to_be_bytes())
}

/// An instance, with its etag in the body.
pub(super) fn service_body(
    context: &HandlerContext,
    place: &ApimPath,
    name: &str,
    record: &Record,
) -> Value {
    let ready = record.created.plus(context.options.operation_delay);
    let state = if ready.remaining().is_zero() {
        "Succeeded"
    } else {
        "Created"
    };
    let host = format!("https://{}", record.name.to_ascii_lowercase());
    let text = |key: &str| record.properties.get(key).cloned().unwrap_or(Value::Null);
    let sender = record.properties.get("notificationSenderEmail").cloned();
    // Observed where none was given.
    let sender = sender.unwrap_or_else(|| "apimgmt-noreply@mail.windowsazure.com".into());
    let owned = |key: &str| record.owned.get(key).cloned().unwrap_or(Value::Null);
    json!({
        "id": format!("{}/service/{name}", place.provider_path),
        "name": name,
        "type": format!("{NAMESPACE}/service"),
        "tags": owned("tags"),
        "location": owned("location"),
        "etag": counter(record),
        "properties": {
            "publisherEmail": text("publisherEmail"),
            "publisherName": text("publisherName"),
            "notificationSenderEmail": sender,
            "provisioningState": state,
            "targetProvisioningState": "",
            "createdAtUtc": record.created.stamp(),
            "gatewayUrl": format!("{host}.azure-api.net"),
            "gatewayRegionalUrl": Value::Null,
            "portalUrl": Value::Null,
            "developerPortalUrl": format!("{host}.developer.azure-api.net"),
            "managementApiUrl": Value::Null,
            "scmUrl": Value::Null,
            "publicIPAddresses": Value::Null,
            "privateIPAddresses": Value::Null,
            "virtualNetworkType": "None",
            "platformVersion": "stv2",
        },
        "sku": owned("sku"),
        "identity": owned("identity"),
        "zones": Value::Null,
        "systemData": {
            "createdAt": record.created.stamp(),
            "lastModifiedAt": record.modified.stamp(),
        },
    })
}

pub(super) fn service(
    context: &HandlerContext,
    place: &ApimPath,
    record: &Record,
) -> HandlerResponse {
    HandlerResponse::ok(service_body(context, place, &place.name, record))
        .with_header("etag", &quoted_etag(record))
}

/// The properties of an API that are null where nothing is set; the other ones are absent then (observed).
const SHOWN_AS_NULL: [&str; 2] = ["description", "serviceUrl"];

/// An API as the request wants it.
pub(super) fn api(
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    api: &StoredResource,
) -> Result<HandlerResponse, StoreError> {
    let body = api_body(view, request, place, &api.record)?;
    Ok(HandlerResponse::ok(body).with_header("etag", &quoted_etag(&api.record)))
}

pub(super) fn api_body(
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    record: &Record,
) -> Result<Value, StoreError> {
    let mut properties = record.properties.clone();
    let version = request.query.get("api-version").unwrap_or_default();
    properties.retain(|name, value| match name.as_str() {
        // Observed in 2021-08-01; in later versions chosen here.
        "type" => version >= "2022-04" || value != "http",
        "isOnline" => version >= "2022-04",
        name => !value.is_null() || SHOWN_AS_NULL.contains(&name),
    });
    if records::is_current(record) {
        properties.insert("isCurrent".to_owned(), json!(true));
    }
    let set = properties
        .get("apiVersionSetId")
        .and_then(Value::as_str)
        .map(str::to_owned);
    if let Some(set) = set {
        let id = format!("{}/apiVersionSets/{set}", place.instance_id());
        properties.insert("apiVersionSetId".to_owned(), json!(id));
        let expand = request.query.get("expandApiVersionSet");
        if expand.is_some_and(|value| value.eq_ignore_ascii_case("true"))
            && let Ok(found) = records::version_set(view, place, &set)
        {
            properties.insert("apiVersionSet".to_owned(), expanded(&id, &found.record));
        }
    }
    Ok(resource(
        &format!("{}/apis/{}", place.instance_id(), record.name),
        "apis",
        &record.name,
        properties,
    ))
}

fn expanded(id: &str, set: &Record) -> Value {
    let text = |key: &str| set.properties.get(key).cloned().unwrap_or(Value::Null);
    json!({
        "id": id,
        "name": text("displayName"),
        "description": text("description"),
        "versioningScheme": text("versioningScheme"),
        "versionQueryName": text("versionQueryName"),
        "versionHeaderName": text("versionHeaderName"),
    })
}

/// An API in a list, which shows less of it (observed).
pub(super) fn listed_api(
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    record: &Record,
) -> Result<Value, StoreError> {
    let mut body = api_body(view, request, place, record)?;
    for name in ["authenticationSettings", "subscriptionKeyParameterNames"] {
        body["properties"][name] = Value::Null;
    }
    Ok(body)
}

/// A revision, as the list of revisions shows it.
pub(super) fn revision(record: &Record) -> Value {
    let text = |key: &str| record.properties.get(key).cloned().unwrap_or(Value::Null);
    let number = text("apiRevision");
    let base = records::without_revision(&record.name);
    let number = number.as_str().unwrap_or("1");
    let address = format!("{base};rev={number}");
    let path = record.properties.get("path").and_then(Value::as_str);
    let path = path.unwrap_or_default();
    let is_current = records::is_current(record);
    json!({
        "id": format!("/apis/{address}/revisions/{address}"),
        "apiId": format!("/apis/{address}"),
        "apiRevision": number,
        "createdDateTime": record.created.stamp(),
        "updatedDateTime": record.modified.stamp(),
        "description": text("apiRevisionDescription"),
        "privateUrl": if is_current { format!("/{path}") } else { format!("/{path};rev={number}") },
        "isOnline": text("isOnline"),
        "isCurrent": is_current,
    })
}

/// A version set, an operation or a schema: its properties are shown as they are stored.
pub(super) fn plain_body(place: &ApimPath, child: &StoredResource) -> Value {
    let key = child.key.strip_prefix(&place.instance_key());
    let mut segments: Vec<&str> = key.unwrap_or_default().split('/').skip(1).collect();
    if let [first, ..] = segments.as_mut_slice()
        && *first == "apiversionsets"
    {
        *first = "apiVersionSets";
    }
    if let Some(last) = segments.last_mut() {
        *last = &child.record.name;
    }
    let kinds: Vec<&str> = segments.iter().step_by(2).copied().collect();
    let id = format!("{}/{}", place.instance_id(), segments.join("/"));
    let properties = child.record.properties.clone();
    resource(&id, &kinds.join("/"), &child.record.name, properties)
}

pub(super) fn plain(place: &ApimPath, child: &StoredResource) -> HandlerResponse {
    HandlerResponse::ok(plain_body(place, child)).with_header("etag", &quoted_etag(&child.record))
}

fn resource(id: &str, kind: &str, name: &str, properties: Map<String, Value>) -> Value {
    json!({
        "id": id,
        "type": format!("{NAMESPACE}/service/{kind}"),
        "name": name,
        "properties": properties,
    })
}
