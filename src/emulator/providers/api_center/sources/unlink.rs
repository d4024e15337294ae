//! Removing what was imported from an API source: after its deletion (documented), and when another
//! gateway becomes its source.

use serde_json::Value;

use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::kind::ResourceKind as _;
use crate::emulator::providers::api_center::kinds::api::ApiKind;
use crate::emulator::providers::api_center::kinds::environment::EnvironmentKind;
use crate::emulator::providers::api_center::sources::link_state::{COLLECTION, is_deleting};
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::providers::api_center::sources::writing::Writing;
use crate::emulator::store::{Changes, Record, ServiceKey, SourceLink, StoreError, StoredResource};

/// Deletes an API source and everything imported from it.
pub(in crate::emulator) fn run(
    _context: &HandlerContext,
    changes: &Changes<'_>,
    key: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let Some(record) = changes.view().resource(key)? else {
        return Ok(None);
    };
    let Some(workspace) = workspace(key) else {
        return Ok(None);
    };
    remove_imported(changes, workspace, key, &record)?;
    changes.remove_resource(key, &record, workspace, COLLECTION)?;
    Ok(None)
}

/// Removes everything imported from an API source that a PUT has pointed at another gateway: another
/// instance, another region, other keys. Chosen here, at once: what the service does is not recorded.
pub(in crate::emulator) fn if_repointed(
    changes: &Changes<'_>,
    key: &str,
    old: &Record,
) -> Result<(), StoreError> {
    let now = changes.view().resource(key)?;
    let now = now.and_then(|record| SourceSettings::read(&record.properties));
    let (Some(before), Some(now)) = (SourceSettings::read(&old.properties), now) else {
        return Ok(());
    };
    match workspace(key) {
        Some(workspace) if !before.same_gateway(&now) => {
            remove_imported(changes, workspace, key, old)
        }
        _ => Ok(()),
    }
}

/// The key of the workspace that a source is in.
fn workspace(source: &str) -> Option<&str> {
    let (above, _) = source.rsplit_once('/')?;
    above.rsplit_once('/').map(|(workspace, _)| workspace)
}

/// Removes the APIs with everything below them, and the environments that nothing else uses.
fn remove_imported(
    changes: &Changes<'_>,
    workspace: &str,
    key: &str,
    record: &Record,
) -> Result<(), StoreError> {
    let Some(settings) = SourceSettings::read(&record.properties) else {
        return Ok(());
    };
    let writing = Writing {
        changes,
        service: ServiceKey::of_resource(key).as_str().to_owned(),
        settings: &settings,
        source: Some(key.to_owned()),
        seed: String::new(),
    };
    let apis = writing.linked(workspace, ApiKind.collection())?;
    writing.remove(&ApiKind, workspace, &apis)?;
    let mut gone = Vec::new();
    for environment in writing.linked(workspace, EnvironmentKind.collection())? {
        if let Some(heir) = heir(changes, workspace, key, &environment.key)? {
            relink(changes, environment, Some(heir))?;
        } else if is_used(changes, workspace, &environment.key)? {
            relink(changes, environment, None)?;
        } else {
            gone.push(environment);
        }
    }
    writing.remove(&EnvironmentKind, workspace, &gone)
}

/// Another source with the same environment, which stays for its sake (chosen here).
fn heir(
    changes: &Changes<'_>,
    workspace: &str,
    source: &str,
    environment: &str,
) -> Result<Option<String>, StoreError> {
    let sources = changes
        .view()
        .children(workspace, COLLECTION, None, usize::MAX)?;
    let shares = |other: &StoredResource| {
        let settings = SourceSettings::read(&other.record.properties);
        other.key != source
            && !is_deleting(&other.record)
            && settings.is_some_and(|other| names(&other.environment, environment))
    };
    Ok(sources.into_iter().find(shares).map(|other| other.key))
}

/// Whether a deployment that remains is in the environment: those of copies and of other APIs keep it
/// (chosen here).
fn is_used(changes: &Changes<'_>, workspace: &str, environment: &str) -> Result<bool, StoreError> {
    let view = changes.view();
    for api in view.children(workspace, "apis", None, usize::MAX)? {
        for deployment in view.children(&api.key, "deployments", None, usize::MAX)? {
            let id = deployment.record.properties.get("environmentId");
            if id
                .and_then(Value::as_str)
                .is_some_and(|id| names(id, environment))
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether an id relative to the service names the environment of this key.
fn names(id: &str, environment: &str) -> bool {
    let service = ServiceKey::of_resource(environment);
    let place = environment.strip_prefix(service.as_str());
    place.is_some_and(|place| place.eq_ignore_ascii_case(id))
}

fn relink(
    changes: &Changes<'_>,
    environment: StoredResource,
    heir: Option<String>,
) -> Result<(), StoreError> {
    let StoredResource { key, mut record } = environment;
    let link = record.link.take();
    record.link = heir.zip(link).map(|(source, link)| SourceLink {
        source,
        origin: link.origin,
    });
    changes.put_resource(&key, &record, None)
}
