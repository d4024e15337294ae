//! GET, PUT and DELETE of everything below a service, the same for every kind.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::core::clock::{Ticks, etag};
use crate::emulator::core::field;
use crate::emulator::core::response::{Answer, Outcome, invalid, refused, service_not_found};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::kinds::{Kind, Put};
use crate::emulator::providers::api_center::metadata;
use crate::emulator::providers::api_center::services;
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::api_center::target::{At, PROVIDER, ServicePlace, Step};
use crate::emulator::store::{Changes, Record, ServiceRecord, StoreError, View};

/// Which time stamps a body carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum Stamps {
    All,
    /// Observed: the answer to an updating PUT has no `createdAt`.
    ModifiedOnly,
}

/// The living service of a place.
pub(in crate::emulator) fn service(view: View<'_>, place: &ServicePlace) -> Outcome<ServiceRecord> {
    let found = view
        .service(&place.key)?
        .filter(|service| service.deleted.is_none());
    found.ok_or_else(|| service_not_found(&place.group, &place.name).into())
}

/// Refuses when one of these resources is not there, with the answer of the first that is missing.
pub(in crate::emulator) fn all_exist(view: View<'_>, steps: &[Step]) -> Outcome<()> {
    for step in steps {
        if view.resource(&step.key)?.is_none() {
            return Err(step.kind.missing().into());
        }
    }
    Ok(())
}

/// The kind of the resource, with the resources above it.
fn split(at: &At) -> Outcome<(&Step, &[Step])> {
    at.steps
        .split_last()
        .ok_or_else(|| service_not_found(&at.service.group, at.name()).into())
}

pub(in crate::emulator) fn get(view: View<'_>, at: &At) -> Outcome {
    service(view, &at.service)?;
    let (step, _) = split(at)?;
    let record = view
        .resource(&step.key)?
        .ok_or_else(|| step.kind.missing())?;
    let body = rendered(view, step.kind, &step.key, &at.path, &record, Stamps::All)?;
    Ok(stamped(step.kind, Answer::ok(body), &record))
}

fn stamped(kind: &dyn Kind, answer: Answer, record: &Record) -> Answer {
    if kind.stamped() {
        answer.with_header("etag", &record.etag)
    } else {
        answer
    }
}

/// Creates or replaces. Observed: 200 either way, and optional properties that are left out vanish.
pub(in crate::emulator) fn put(
    context: &Context,
    changes: &Changes<'_>,
    at: &At,
    body: Option<&Value>,
) -> Outcome<Done> {
    let view = changes.view();
    let service = service(view, &at.service)?;
    let (step, above) = split(at)?;
    all_exist(view, above)?;
    let kind = step.kind;
    check_name(kind.name_parameter(), &step.name)?;
    let sent = sent_properties(body)?;
    let mut properties = field::read(kind.fields(), sent).map_err(invalid)?;
    kind.complete(&service, &step.name, &mut properties)?;
    let old = view.resource(&step.key)?;
    if let Some(old) = &old {
        sources::keep(kind, old, &mut properties);
    }
    if let Some(entity) = kind.entity() {
        metadata::check(view, at.service.key.as_str(), entity, &properties)?;
    }
    let free = services::is_free(&service);
    let limits = context.options.limits;
    let put = Put {
        view,
        at,
        free,
        limits,
        properties: &properties,
        old: old.as_ref(),
    };
    kind.check(&put)?;
    if old.is_none() && limits {
        check_count(view, kind, at, free)?;
    }
    let record = stored(changes, at, kind, old, properties)?;
    let stamps = if record.created == record.modified {
        Stamps::All
    } else {
        Stamps::ModifiedOnly
    };
    let body = rendered(view, kind, &step.key, &at.path, &record, stamps)?;
    let follow = kind.after_put(context, changes, at, &record)?;
    Ok(Done {
        answer: stamped(kind, Answer::ok(body), &record),
        follow,
    })
}

/// Deletes a resource and all below it. Chosen here: deleting what is not there answers 204.
pub(in crate::emulator) fn delete(
    context: &Context,
    changes: &Changes<'_>,
    at: &At,
) -> Outcome<Done> {
    let view = changes.view();
    service(view, &at.service)?;
    let (step, _) = split(at)?;
    let Some(record) = view.resource(&step.key)? else {
        return Ok(Answer::empty(StatusCode::NO_CONTENT).into());
    };
    sources::check_unlinked(&record)?;
    step.kind.check_delete(view, at, &record)?;
    if let Some(done) = step
        .kind
        .delete_later(context, changes, &step.key, &record)?
    {
        return Ok(done);
    }
    metadata::forget_uses(
        changes,
        at.service.key.as_str(),
        step.kind,
        &step.key,
        &record,
    )?;
    changes.remove_resource(&step.key, &record, at.parent_key(), step.kind.collection())?;
    if step.kind.touches_parent() {
        touch(changes, at.parent_key())?;
    }
    let follow = step.kind.after_delete(context, changes, at, &record)?;
    Ok(Done {
        answer: Answer::empty(step.kind.deleted()),
        follow,
    })
}

/// Documented pattern; the message follows the service's style.
pub(in crate::emulator) fn check_name(parameter: &str, name: &str) -> Outcome<()> {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if (3..=90).contains(&name.len()) && name.chars().all(allowed) {
        return Ok(());
    }
    Err(refused(format!(
        "The field {parameter} must match the regular expression '^[a-zA-Z0-9-]{{3,90}}$'."
    ))
    .into())
}

fn sent_properties(body: Option<&Value>) -> Outcome<&Map<String, Value>> {
    let body = body.ok_or_else(|| refused("A non-empty request body is required."))?;
    let properties = body.get("properties").and_then(Value::as_object);
    properties.ok_or_else(|| refused("The Properties field is required.").into())
}

fn check_count(view: View<'_>, kind: &dyn Kind, at: &At, free: bool) -> Outcome<()> {
    let (on_free, on_others) = kind.most();
    let most = if free { on_free } else { on_others };
    if view.count(at.parent_key(), kind.collection())? < most {
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
    at: &At,
    kind: &dyn Kind,
    old: Option<Record>,
    properties: Map<String, Value>,
) -> Result<Record, StoreError> {
    let now = Ticks::now();
    let number = changes.next_number()?;
    let before = old.as_ref().map(|record| record.properties.clone());
    let new_in = old.is_none().then(|| (at.parent_key(), kind.collection()));
    let owned = kind.owned(old.as_ref(), now);
    let mut record = old.unwrap_or_else(|| Record {
        name: at.name().to_owned(),
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
    changes.put_resource(at.key(), &record, new_in)?;
    if let Some(entity) = kind.entity() {
        let service = at.service.key.as_str();
        let after = Some(&record.properties);
        metadata::record_uses(changes, service, entity, at.key(), before.as_ref(), after)?;
    }
    if kind.touches_parent() {
        touch(changes, at.parent_key())?;
    }
    Ok(record)
}

/// Observed for an API whose version is created: a new etag, the same `lastModifiedAt`.
pub(in crate::emulator) fn touch(changes: &Changes<'_>, key: &str) -> Result<(), StoreError> {
    if let Some(mut record) = changes.view().resource(key)? {
        record.etag = etag(changes.next_number()?, Ticks::now());
        changes.put_resource(key, &record, None)?;
    }
    Ok(())
}

/// A resource as the service writes it: `type, properties, id, name, systemData`.
pub(in crate::emulator) fn rendered(
    view: View<'_>,
    kind: &dyn Kind,
    key: &str,
    id: &str,
    record: &Record,
    stamps: Stamps,
) -> Result<Value, StoreError> {
    let mut properties = record.properties.clone();
    kind.derive(view, key, &mut properties)?;
    properties.extend(record.owned.clone());
    let mut body = json!({
        "type": format!("{PROVIDER}/{}", kind.type_path()),
        "properties": properties,
        "id": id,
        "name": id.rsplit('/').next().unwrap_or_default(),
    });
    if kind.stamped() {
        body["systemData"] = system_data(kind, record, stamps);
    }
    Ok(body)
}

fn system_data(kind: &dyn Kind, record: &Record, stamps: Stamps) -> Value {
    let mut data = Map::new();
    if stamps == Stamps::All {
        data.insert("createdAt".to_owned(), json!(record.created.stamp()));
    }
    if kind.modified_when_new() || record.modified != record.created {
        data.insert("lastModifiedAt".to_owned(), json!(record.modified.stamp()));
    }
    Value::Object(data)
}
