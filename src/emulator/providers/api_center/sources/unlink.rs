//! Deleting an API source and what was imported from it, after the response (documented).

use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::kinds::api::ApiKind;
use crate::emulator::providers::api_center::kinds::environment::EnvironmentKind;
use crate::emulator::providers::api_center::sources::link_state::{COLLECTION, is_deleting};
use crate::emulator::providers::api_center::sources::settings::SourceSettings;
use crate::emulator::providers::api_center::sources::writing::Writing;
use crate::emulator::store::{Changes, ServiceKey, StoreError, StoredResource};

/// Deletes an API source and everything imported from it.
pub(in crate::emulator) fn run(
    _context: &HandlerContext,
    changes: &Changes<'_>,
    key: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let Some(record) = changes.view().resource(key)? else {
        return Ok(None);
    };
    let Some((workspace, _)) = key
        .rsplit_once('/')
        .and_then(|(above, _)| above.rsplit_once('/'))
    else {
        return Ok(None);
    };
    if let Some(settings) = SourceSettings::read(&record.properties) {
        let writing = Writing {
            changes,
            service: ServiceKey::of_resource(key).as_str().to_owned(),
            settings: &settings,
            source: Some(key.to_owned()),
            seed: String::new(),
        };
        for kind in [&ApiKind as &dyn ResourceKind, &EnvironmentKind] {
            let collection = kind.collection();
            let mut gone = writing.linked(workspace, collection)?;
            let heir =
                (collection == "environments").then(|| heir(changes, workspace, key, &settings));
            if let Some(heir) = heir.transpose()?.flatten() {
                hand_over(changes, &gone, &heir)?;
                gone.clear();
            }
            writing.remove(kind, workspace, &gone)?;
        }
    }
    changes.remove_resource(key, &record, workspace, COLLECTION)?;
    Ok(None)
}

/// Another source with the same environment, which stays for its sake (chosen here).
fn heir(
    changes: &Changes<'_>,
    workspace: &str,
    source: &str,
    settings: &SourceSettings,
) -> Result<Option<String>, StoreError> {
    let sources = changes
        .view()
        .children(workspace, COLLECTION, None, usize::MAX)?;
    let shares = |other: &StoredResource| {
        let environment =
            SourceSettings::read(&other.record.properties).map(|other| other.environment);
        other.key != source
            && !is_deleting(&other.record)
            && environment.is_some_and(|id| id.eq_ignore_ascii_case(&settings.environment))
    };
    Ok(sources.into_iter().find(shares).map(|other| other.key))
}

fn hand_over(
    changes: &Changes<'_>,
    environments: &[StoredResource],
    heir: &str,
) -> Result<(), StoreError> {
    for StoredResource { key, record } in environments {
        let mut record = record.clone();
        if let Some(link) = &mut record.link {
            heir.clone_into(&mut link.source);
        }
        changes.put_resource(key, &record, None)?;
    }
    Ok(())
}
