//! GET, PUT and DELETE of everything below a service, the same for every kind.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::response::{HandlerResponse, invalid, refused};
use crate::emulator::providers::api_center::kind::{PutRequest, ResourceKind};
use crate::emulator::providers::api_center::namespace::NAMESPACE;
use crate::emulator::providers::api_center::path::{PathSegment, ResourcePath, check_name};
use crate::emulator::providers::api_center::sources::ownership;
use crate::emulator::providers::api_center::{existing, metadata, metadata_uses};
use crate::emulator::store::{Changes, Record, StoreError, View};

/// Which time stamps a body carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum Stamps {
    All,
    /// Observed: the response to an updating PUT has no `createdAt`.
    ModifiedOnly,
}

/// The kind of the resource, with the resources above it.
fn split(path: &ResourcePath) -> HandlerResult<(&PathSegment, &[PathSegment])> {
    path.segments
        .split_last()
        .ok_or_else(|| existing::not_found(&path.service).into())
}

pub(in crate::emulator) fn get(view: View<'_>, path: &ResourcePath) -> HandlerResult {
    existing::service(view, &path.service)?;
    let (segment, _) = split(path)?;
    let record = view
        .resource(&segment.key)?
        .ok_or_else(|| segment.kind.missing())?;
    let body = rendered(
        view,
        segment.kind,
        &segment.key,
        &path.id,
        &record,
        Stamps::All,
    )?;
    Ok(stamped(segment.kind, HandlerResponse::ok(body), &record))
}

fn stamped(kind: &dyn ResourceKind, response: HandlerResponse, record: &Record) -> HandlerResponse {
    if kind.stamped() {
        response.with_header("etag", &record.etag)
    } else {
        response
    }
}

/// Creates or replaces. Observed: 200 either way, and omitted optional properties are removed.
pub(in crate::emulator) fn put(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let view = changes.view();
    let service = existing::service(view, &path.service)?;
    let (segment, above) = split(path)?;
    existing::all_exist(view, above)?;
    let kind = segment.kind;
    check_name(kind.name_parameter(), &segment.name)?;
    let sent = sent_properties(body)?;
    let mut properties = kind.accepted(sent).map_err(invalid)?;
    kind.complete(&service, &segment.name, &mut properties)?;
    let old = view.resource(&segment.key)?;
    if let Some(old) = &old {
        ownership::keep(kind, old, &mut properties);
    }
    if let Some(entity) = kind.entity() {
        metadata::check(view, path.service.key.as_str(), entity, &properties)?;
    }
    let free = existing::is_free(&service);
    let limits = context.options.limits;
    let put = PutRequest {
        view,
        service: &path.service.key,
        name: &segment.name,
        free,
        limits,
        properties: &properties,
        old: old.as_ref(),
    };
    kind.check(&put)?;
    if old.is_none() && limits {
        check_count(view, kind, path, free)?;
    }
    let status = if old.is_none() {
        kind.created()
    } else {
        StatusCode::OK
    };
    let record = stored(changes, path, kind, old, properties)?;
    let stamps = if record.created == record.modified {
        Stamps::All
    } else {
        Stamps::ModifiedOnly
    };
    let body = rendered(view, kind, &segment.key, &path.id, &record, stamps)?;
    let follow_up = kind.after_put(context, changes, &segment.key)?;
    Ok(WriteOutcome {
        response: stamped(kind, HandlerResponse::json(status, body), &record),
        follow_up,
    })
}

/// Deletes a resource and all below it. Chosen here: deleting what does not exist returns 204.
pub(in crate::emulator) fn delete(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
) -> HandlerResult<WriteOutcome> {
    let view = changes.view();
    existing::service(view, &path.service)?;
    let (segment, _) = split(path)?;
    let Some(record) = view.resource(&segment.key)? else {
        return Ok(HandlerResponse::empty(StatusCode::NO_CONTENT).into());
    };
    ownership::check_unlinked(&record)?;
    segment
        .kind
        .check_delete(view, &path.service.key, &record)?;
    if let Some(done) = segment
        .kind
        .delete_later(context, changes, &segment.key, &record)?
    {
        return Ok(done);
    }
    metadata_uses::forget_uses(
        changes,
        path.service.key.as_str(),
        segment.kind,
        &segment.key,
        &record,
    )?;
    changes.remove_resource(
        &segment.key,
        &record,
        path.parent_key(),
        segment.kind.collection(),
    )?;
    if segment.kind.touches_parent() {
        changes.touch_resource(path.parent_key())?;
    }
    Ok(HandlerResponse::empty(segment.kind.deleted()).into())
}

fn sent_properties(body: Option<&Value>) -> HandlerResult<&Map<String, Value>> {
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    let properties = body.get("properties").and_then(Value::as_object);
    properties.ok_or_else(|| refused("The Properties field is required.").into())
}

fn check_count(
    view: View<'_>,
    kind: &dyn ResourceKind,
    path: &ResourcePath,
    free: bool,
) -> HandlerResult<()> {
    let (on_free, on_others) = kind.most();
    let most = if free { on_free } else { on_others };
    if view.count(path.parent_key(), kind.collection())? < most {
        return Ok(());
    }
    Err(refused(format!(
        "The maximum number of {} ({most}) is reached for the service's plan.",
        kind.collection()
    ))
    .into())
}

fn stored(
    changes: &Changes<'_>,
    path: &ResourcePath,
    kind: &dyn ResourceKind,
    old: Option<Record>,
    properties: Map<String, Value>,
) -> Result<Record, StoreError> {
    let now = Ticks::now();
    let number = changes.next_number()?;
    let before = old.as_ref().map(|record| record.properties.clone());
    let new_in = old
        .is_none()
        .then(|| (path.parent_key(), kind.collection()));
    let owned = kind.owned(old.as_ref(), now);
    let mut record = old.unwrap_or_else(|| Record {
        name: path.name().to_owned(),
        number,
        etag: String::new(),
        created: now,
        modified: now,
        properties: Map::new(),
        owned: Map::new(),
        link: None,
    });
    record.owned = owned;
    record.modified = now;
    record.etag = etag(number, now);
    record.properties = properties;
    changes.put_resource(path.key(), &record, new_in)?;
    if let Some(entity) = kind.entity() {
        let service = path.service.key.as_str();
        let after = Some(&record.properties);
        metadata_uses::record_uses(changes, service, entity, path.key(), before.as_ref(), after)?;
    }
    if kind.touches_parent() {
        changes.touch_resource(path.parent_key())?;
    }
    Ok(record)
}

/// A resource as the service writes it: `type, properties, id, name, systemData`.
pub(in crate::emulator) fn rendered(
    view: View<'_>,
    kind: &dyn ResourceKind,
    key: &str,
    id: &str,
    record: &Record,
    stamps: Stamps,
) -> Result<Value, StoreError> {
    let mut properties = record.properties.clone();
    kind.derive(view, key, &mut properties)?;
    properties.extend(record.owned.clone());
    let mut body = json!({
        "type": format!("{NAMESPACE}/{}", kind.type_path()),
        "properties": properties,
        "id": id,
        "name": id.rsplit('/').next().unwrap_or_default(),
    });
    if kind.stamped() {
        body["systemData"] = system_data(kind, record, stamps);
    }
    Ok(body)
}

fn system_data(kind: &dyn ResourceKind, record: &Record, stamps: Stamps) -> Value {
    let mut data = Map::new();
    if stamps == Stamps::All {
        data.insert("createdAt".to_owned(), json!(record.created.stamp()));
    }
    if kind.modified_when_new() || record.modified != record.created {
        data.insert("lastModifiedAt".to_owned(), json!(record.modified.stamp()));
    }
    Value::Object(data)
}
