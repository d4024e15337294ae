//! Work that a change leaves for later. It is stored with the change, so that a restart resumes it.
//!
//! Adding a job: a [`Job`] beside the behaviour it belongs to, and its row in [`JOBS`].

use crate::emulator::core::clock::Ticks;
use crate::emulator::providers::api_center::actions::Context;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::seed;
use crate::emulator::providers::api_center::sources;
use crate::emulator::store::{Changes, StoreError, View};

/// Every job.
static JOBS: &[Job] = &[
    seed::JOB,
    operations::JOB,
    sources::SYNC_JOB,
    sources::CHANGED_JOB,
    sources::UNLINK_JOB,
];

/// A change that is made once it is due.
#[derive(Debug)]
pub(in crate::emulator) struct Job {
    /// Stored, so it must stay.
    pub(in crate::emulator) name: &'static str,
    /// Makes the change, and tells what is to follow it; the subject may be gone by then.
    pub(in crate::emulator) run:
        fn(&Context, &Changes<'_>, &str) -> Result<Option<Follow>, StoreError>,
}

/// Work that goes on after an answer, and after a restart.
#[derive(Debug, Clone)]
pub(in crate::emulator) enum Follow {
    /// A job on this subject (a key), once it is due.
    Job {
        name: String,
        subject: String,
        due: Ticks,
    },
    /// The document of an import by link.
    Fetch { operation: String },
    /// All of these.
    Several(Vec<Self>),
}

/// Stores a job and returns what is to follow the answer. The same job on the same subject is put
/// off.
pub(in crate::emulator) fn plan(
    changes: &Changes<'_>,
    job: &Job,
    subject: &str,
    due: Ticks,
) -> Result<Follow, StoreError> {
    changes.put_job(job.name, subject, due)?;
    Ok(Follow::Job {
        name: job.name.to_owned(),
        subject: subject.to_owned(),
        due,
    })
}

/// Runs a stored job and forgets it. One that was put off, or is done already, is left alone.
pub(in crate::emulator) fn run(
    context: &Context,
    changes: &Changes<'_>,
    name: &str,
    subject: &str,
    due: Ticks,
) -> Result<Option<Follow>, StoreError> {
    if changes.view().job(name, subject)? != Some(due) {
        return Ok(None);
    }
    changes.remove_job(name, subject)?;
    match JOBS.iter().find(|job| job.name == name) {
        Some(job) => (job.run)(context, changes, subject),
        None => Ok(None),
    }
}

/// What an earlier run did not get done.
pub(in crate::emulator) fn left_open(view: View<'_>) -> Result<Vec<Follow>, StoreError> {
    let jobs = view.jobs()?.into_iter();
    let operations = view.operations()?.into_iter();
    let fetches = operations
        .filter(|(_, operation)| operation.work.is_none() && !operation.state.is_final())
        .map(|(operation, _)| Follow::Fetch { operation });
    Ok(jobs
        .map(|(name, subject, due)| Follow::Job { name, subject, due })
        .chain(fetches)
        .collect())
}
