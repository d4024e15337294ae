//! The jobs that keep a service up to date with its API sources.

use std::time::Duration;

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::job;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::sources::link_state::{
    COLLECTION, is_deleting, set_state,
};
use crate::emulator::providers::api_center::sources::settings::{SourceGateway, SourceSettings};
use crate::emulator::providers::api_center::sources::writing::Writing;
use crate::emulator::providers::api_center::sources::{access, identity, offer, unlink};
use crate::emulator::providers::api_center::{existing, jobs};
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::store::{
    Changes, Record, ServiceKey, ServiceRecord, StoreError, StoredResource, child_key,
};

/// The shortest delay until a source that cannot be read is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// Synchronises the sources that are read as a principal, after its roles changed.
pub(in crate::emulator) fn after_role_change(
    context: &HandlerContext,
    changes: &Changes<'_>,
    principal: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let mut follow_ups = Vec::new();
    for (key, service) in changes.view().every_service()? {
        if !identity::has_principal(&service, principal) {
            continue;
        }
        for source in sources_of(changes, &key)? {
            let delay = context.options.sync_delay;
            let key = source.key.as_str();
            follow_ups.extend(job::run_or_schedule(
                context,
                changes,
                jobs::SYNC,
                key,
                delay,
            )?);
        }
    }
    Ok(FollowUp::batch(follow_ups))
}

fn sources_of(changes: &Changes<'_>, service: &str) -> Result<Vec<StoredResource>, StoreError> {
    let workspace = child_key(service, "workspaces", "default");
    let view = changes.view();
    view.children(&workspace, COLLECTION, None, usize::MAX)
}

/// Synchronises every source that links an instance.
pub(in crate::emulator) fn run_instance(
    context: &HandlerContext,
    changes: &Changes<'_>,
    instance: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let mut follow_ups = Vec::new();
    for (key, _) in changes.view().every_service()? {
        for source in sources_of(changes, &key)? {
            if links(&source.record, instance) {
                follow_ups.extend(run(context, changes, &source.key)?);
            }
        }
    }
    Ok(FollowUp::batch(follow_ups))
}

fn links(source: &Record, instance: &str) -> bool {
    let id = SourceSettings::read(&source.properties).and_then(|settings| settings.instance());
    let place = id.and_then(|id| ApimPath::of_id(&id));
    place.is_some_and(|place| place.instance_key() == instance)
}

/// Synchronises one source.
pub(in crate::emulator) fn run(
    context: &HandlerContext,
    changes: &Changes<'_>,
    key: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let view = changes.view();
    let service_key = ServiceKey::of_resource(key);
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
    job::schedule(changes, jobs::SYNC, key, due).map(Some)
}

/// Updates the service; returns the problem, if there is one.
fn synchronised(
    context: &HandlerContext,
    changes: &Changes<'_>,
    (service_key, service): (&ServiceKey, &ServiceRecord),
    key: &str,
    record: &Record,
) -> Result<Option<String>, StoreError> {
    let Some(settings) = SourceSettings::read(&record.properties) else {
        return Ok(Some("The source is incomplete.".to_owned()));
    };
    unlink::remove_other_gateways(changes, key, &settings)?;
    if let Some(obstacle) = access::obstacle(context, changes.view(), service, &settings)? {
        return Ok(Some(obstacle));
    }
    let writing = Writing {
        changes,
        service: service_key.as_str().to_owned(),
        settings: &settings,
        source: Some(key.to_owned()),
        seed: format!("{key}\0{}{}", record.number, settings.gateway_name()),
    };
    if let SourceGateway::Git { repository, assets } = &settings.gateway {
        return writing.assets(repository, assets).map(|()| None);
    }
    let mut offered = match offer::of(changes, &settings)? {
        Ok(offered) => offered,
        Err(message) => return Ok(Some(message)),
    };
    let most = if existing::is_free(service) {
        200
    } else {
        2000
    };
    let too_many = context.options.limits && offered.len() > most;
    if too_many {
        offered.truncate(most);
    }
    writing.environment(&offer::environment(&settings.gateway))?;
    writing.apis(&offered)?;
    Ok(too_many.then(|| format!("Only the first {most} APIs of the source are synchronized.")))
}
