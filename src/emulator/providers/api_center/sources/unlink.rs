//! Deleting an API source: answered at once, then what it brought in goes (documented).

use axum::http::StatusCode;

use super::COLLECTION;
use super::settings::Settings;
use super::sync::{is_deleting, service_of, set_state};
use super::writing::Writing;
use crate::emulator::core::clock::Ticks;
use crate::emulator::core::job::{self, Follow, Job};
use crate::emulator::core::response::Answer;
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::kinds;
use crate::emulator::store::{Changes, Child, Record, StoreError};

/// Removes a source and what it brought in; the subject is its key.
pub(in crate::emulator) const JOB: Job = Job {
    name: "unlink",
    run,
};

/// Answers a DELETE. The source stays, in the state `deleting`, until all of it is gone (chosen
/// here: that it takes a while is observed, the source was not looked at meanwhile).
pub(in crate::emulator) fn delete(
    context: &Context,
    changes: &Changes<'_>,
    key: &str,
    record: &Record,
) -> Result<Done, StoreError> {
    let answer = Answer::empty(StatusCode::NO_CONTENT);
    if is_deleting(record) {
        return Ok(answer.into());
    }
    set_state(changes, key, "deleting", None)?;
    let delay = context.options.unlink_delay;
    let follow = if delay.is_zero() {
        run(context, changes, key)?
    } else {
        Some(job::plan(changes, &JOB, key, Ticks::now().plus(delay))?)
    };
    Ok(Done { answer, follow })
}

fn run(_context: &Context, changes: &Changes<'_>, key: &str) -> Result<Option<Follow>, StoreError> {
    let Some(record) = changes.view().resource(key)? else {
        return Ok(None);
    };
    let Some((workspace, _)) = key
        .rsplit_once('/')
        .and_then(|(above, _)| above.rsplit_once('/'))
    else {
        return Ok(None);
    };
    if let Some(settings) = Settings::read(&record.properties) {
        let writing = Writing {
            changes,
            service: service_of(key).as_str().to_owned(),
            settings: &settings,
            source: Some(key.to_owned()),
            seed: String::new(),
        };
        for collection in ["apis", "environments"] {
            let kind = kinds::find("workspaces", collection);
            let Some(kind) = kind else { continue };
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
    settings: &Settings,
) -> Result<Option<String>, StoreError> {
    let sources = changes
        .view()
        .children(workspace, COLLECTION, None, usize::MAX)?;
    let shares = |other: &Child| {
        let environment = Settings::read(&other.record.properties).map(|other| other.environment);
        other.key != source
            && !is_deleting(&other.record)
            && environment.is_some_and(|id| id.eq_ignore_ascii_case(&settings.environment))
    };
    Ok(sources.into_iter().find(shares).map(|other| other.key))
}

fn hand_over(changes: &Changes<'_>, environments: &[Child], heir: &str) -> Result<(), StoreError> {
    for Child { key, record } in environments {
        let mut record = record.clone();
        if let Some(link) = &mut record.link {
            heir.clone_into(&mut link.source);
        }
        changes.put_resource(key, &record, None)?;
    }
    Ok(())
}
