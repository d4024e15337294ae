//! The background work that keeps a center up to date with its sources.

use std::time::Duration;

use serde_json::Value;

use super::settings::Settings;
use super::writing::Writing;
use super::{COLLECTION, access, offer, settings};
use crate::emulator::core::clock::{Ticks, etag};
use crate::emulator::core::job::{self, Follow, Job};
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::providers::api_center::services;
use crate::emulator::store::{
    Changes, Child, Record, ServiceKey, ServiceRecord, StoreError, child_key,
};

/// Synchronises one source; the subject is its key.
pub(in crate::emulator) const JOB: Job = Job { name: "sync", run };

/// Synchronises every source that links an instance; the subject is the instance's key.
pub(in crate::emulator) const CHANGED_JOB: Job = Job {
    name: "sync-changed",
    run: run_changed,
};

/// How often at most a source that cannot be read is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// After a source was written: now, or in the background.
pub(in crate::emulator) fn after_put(
    context: &Context,
    changes: &Changes<'_>,
    source: &str,
) -> Result<Option<Follow>, StoreError> {
    soon(context, changes, &JOB, source)
}

/// After something in an API Management instance was written.
pub(in crate::emulator) fn after_change(
    context: &Context,
    changes: &Changes<'_>,
    instance: &str,
) -> Result<Option<Follow>, StoreError> {
    soon(context, changes, &CHANGED_JOB, instance)
}

/// After a principal was given a role, or lost one: what is read as that principal is read anew.
pub(in crate::emulator) fn after_roles(
    context: &Context,
    changes: &Changes<'_>,
    principal: &str,
) -> Result<Option<Follow>, StoreError> {
    let mut follows = Vec::new();
    for (key, service) in changes.view().every_service()? {
        if !access::has_principal(&service, principal) {
            continue;
        }
        for source in sources_of(changes, &key)? {
            follows.extend(soon(context, changes, &JOB, &source.key)?);
        }
    }
    Ok((!follows.is_empty()).then_some(Follow::Several(follows)))
}

fn sources_of(changes: &Changes<'_>, service: &str) -> Result<Vec<Child>, StoreError> {
    let workspace = child_key(service, "workspaces", "default");
    let view = changes.view();
    view.children(&workspace, COLLECTION, None, usize::MAX)
}

fn soon(
    context: &Context,
    changes: &Changes<'_>,
    job: &Job,
    subject: &str,
) -> Result<Option<Follow>, StoreError> {
    let delay = context.options.sync_delay;
    if delay.is_zero() {
        return (job.run)(context, changes, subject);
    }
    job::plan(changes, job, subject, Ticks::now().plus(delay)).map(Some)
}

fn run_changed(
    context: &Context,
    changes: &Changes<'_>,
    instance: &str,
) -> Result<Option<Follow>, StoreError> {
    let mut follows = Vec::new();
    for (key, _) in changes.view().every_service()? {
        for source in sources_of(changes, &key)? {
            if links(&source.record, instance) {
                follows.extend(run(context, changes, &source.key)?);
            }
        }
    }
    Ok((!follows.is_empty()).then_some(Follow::Several(follows)))
}

fn links(source: &Record, instance: &str) -> bool {
    let id = Settings::read(&source.properties).and_then(|settings| settings.instance());
    let place = id.and_then(|id| crate::emulator::providers::api_management::Place::of_id(&id));
    place.is_some_and(|place| place.instance_key() == instance)
}

/// The service that a resource is below.
pub(super) fn service_of(key: &str) -> ServiceKey {
    let end = key
        .match_indices('/')
        .nth(2)
        .map_or(key.len(), |(at, _)| at);
    ServiceKey::stored(&key[..end])
}

fn run(context: &Context, changes: &Changes<'_>, key: &str) -> Result<Option<Follow>, StoreError> {
    let view = changes.view();
    let service_key = service_of(key);
    let service = view
        .service(&service_key)?
        .filter(|service| service.deleted.is_none());
    let (Some(service), Some(record)) = (service, view.resource(key)?) else {
        return Ok(None);
    };
    if is_deleting(&record) {
        return Ok(None);
    }
    let problem = synchronised(context, changes, (&service_key, &service), key, &record)?;
    let name = if problem.is_some() {
        "error"
    } else {
        "syncing"
    };
    set_state(changes, key, name, problem.as_deref())?;
    if problem.is_none() {
        return Ok(None);
    }
    let due = Ticks::now().plus(context.options.sync_delay.max(RETRY));
    job::plan(changes, &JOB, key, due).map(Some)
}

pub(super) fn is_deleting(source: &Record) -> bool {
    let state = source
        .owned
        .get("linkState")
        .and_then(|state| state.get("state"));
    state.and_then(Value::as_str) == Some("deleting")
}

/// Brings the center up to date; returns what is in the way.
fn synchronised(
    context: &Context,
    changes: &Changes<'_>,
    (service_key, service): (&ServiceKey, &ServiceRecord),
    key: &str,
    record: &Record,
) -> Result<Option<String>, StoreError> {
    let Some(settings) = Settings::read(&record.properties) else {
        return Ok(Some("The source is incomplete.".to_owned()));
    };
    if let Some(obstacle) = access::obstacle(context, changes.view(), service, &settings)? {
        return Ok(Some(obstacle));
    }
    let mut offered = match offer::of(changes, &settings)? {
        Ok(offered) => offered,
        Err(message) => return Ok(Some(message)),
    };
    let most = if services::is_free(service) {
        200
    } else {
        2000
    };
    let too_many = context.options.limits && offered.len() > most;
    if too_many {
        offered.truncate(most);
    }
    let writing = Writing {
        changes,
        service: service_key.as_str().to_owned(),
        settings: &settings,
        source: Some(key.to_owned()),
        seed: format!("{key}\0{}", record.number),
    };
    writing.environment(&offer::environment(&settings.gateway))?;
    writing.apis(&offered)?;
    Ok(too_many.then(|| format!("Only the first {most} APIs of the source are synchronized.")))
}

/// Sets the link state, if it is another one. Observed: the source's etag and `lastModifiedAt`
/// change with it.
pub(super) fn set_state(
    changes: &Changes<'_>,
    key: &str,
    name: &str,
    message: Option<&str>,
) -> Result<(), StoreError> {
    let Some(mut record) = changes.view().resource(key)? else {
        return Ok(());
    };
    let now = Ticks::now();
    let state = settings::state(name, message, now);
    let same = |member: &str| {
        record
            .owned
            .get("linkState")
            .and_then(|old| old.get(member))
            == state.get(member)
    };
    if same("state") && same("message") {
        return Ok(());
    }
    record.owned.insert("linkState".to_owned(), state);
    record.modified = now;
    record.etag = etag(changes.next_number()?, now);
    changes.put_resource(key, &record, None)
}
