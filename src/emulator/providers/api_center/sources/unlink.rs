//! Removing what was imported from an API source: after its deletion (documented), and when another
//! gateway becomes its source.

use serde_json::Value;

use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::kinds::api::ApiKind;
use crate::emulator::providers::api_center::kinds::environment::EnvironmentKind;
use crate::emulator::providers::api_center::sources::git;
use crate::emulator::providers::api_center::sources::link_state::{COLLECTION, is_deleting};
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::providers::api_center::sources::writing::Writing;
use crate::emulator::store::{Changes, ServiceKey, SourceLink, StoreError, StoredResource};

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
    if let Some(settings) = SourceSettings::read(&record.properties) {
        remove_imported(changes, (workspace, key), &settings, |_| true)?;
    }
    changes.remove_resource(key, &record, workspace, COLLECTION)?;
    Ok(None)
}

/// Removes what an API source brought in before it was pointed at this gateway: another instance,
/// another region, other keys. Chosen here: what the service does is not recorded.
pub(super) fn remove_other_gateways(
    changes: &Changes<'_>,
    key: &str,
    settings: &SourceSettings,
) -> Result<(), StoreError> {
    let now = settings.gateway_name();
    let of_another = |link: &SourceLink| !link.gateway.is_empty() && link.gateway != now;
    match workspace(key) {
        Some(workspace) => remove_imported(changes, (workspace, key), settings, of_another),
        None => Ok(()),
    }
}

/// The key of the workspace that a source is in.
fn workspace(source: &str) -> Option<&str> {
    let (above, _) = source.rsplit_once('/')?;
    above.rsplit_once('/').map(|(workspace, _)| workspace)
}

/// Removes those APIs with everything below them, and those environments that nothing else uses.
fn remove_imported(
    changes: &Changes<'_>,
    (workspace, key): (&str, &str),
    settings: &SourceSettings,
    which: impl Fn(&SourceLink) -> bool,
) -> Result<(), StoreError> {
    let writing = Writing {
        changes,
        service: ServiceKey::of_resource(key).as_str().to_owned(),
        settings,
        source: Some(key.to_owned()),
        seed: String::new(),
    };
    let linked = |kind: &dyn ResourceKind| {
        let mut found = writing.linked(workspace, kind.collection())?;
        found.retain(|one| one.record.link.as_ref().is_some_and(&which));
        Ok::<_, StoreError>(found)
    };
    writing.remove(&ApiKind, workspace, &linked(&ApiKind)?)?;
    for kind in git::kinds() {
        writing.remove(kind, workspace, &linked(kind)?)?;
    }
    let mut gone = Vec::new();
    for environment in linked(&EnvironmentKind)? {
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
) -> Result<Option<Heir>, StoreError> {
    let sources = changes
        .view()
        .children(workspace, COLLECTION, None, usize::MAX)?;
    let mut heirs = sources.into_iter().filter_map(|other| {
        let settings = SourceSettings::read(&other.record.properties)?;
        let shares = other.key != source
            && !is_deleting(&other.record)
            && names(&settings.environment, environment);
        shares.then(|| Heir {
            gateway: settings.gateway_name(),
            source: other.key,
        })
    });
    Ok(heirs.next())
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

/// Another source that an environment is handed over to.
struct Heir {
    source: String,
    gateway: String,
}

fn relink(
    changes: &Changes<'_>,
    environment: StoredResource,
    heir: Option<Heir>,
) -> Result<(), StoreError> {
    let StoredResource { key, mut record } = environment;
    record.link = heir.zip(record.link).map(|(heir, link)| SourceLink {
        source: heir.source,
        gateway: heir.gateway,
        origin: link.origin,
    });
    changes.put_resource(&key, &record, None)
}
