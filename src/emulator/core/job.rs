//! Jobs: work that a write leaves for later. A job is stored with the write, so that a restart resumes
//! it. Jobs are known by name, so that whoever schedules one need not know the code that runs it.

use std::time::Duration;

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::provider::{HandlerContext, Job};
use crate::emulator::store::{Changes, StoreError, View};

/// Stores a job and returns it as a follow-up. Scheduling the same job on the same subject again
/// postpones it.
pub(in crate::emulator) fn schedule(
    changes: &Changes<'_>,
    name: &str,
    subject: &str,
    due: Ticks,
) -> Result<FollowUp, StoreError> {
    changes.put_job(name, subject, due)?;
    Ok(FollowUp::Job {
        name: name.to_owned(),
        subject: subject.to_owned(),
        due,
    })
}

/// Schedules a job after a delay; without a delay, runs it within the current write.
pub(in crate::emulator) fn run_or_schedule(
    context: &HandlerContext,
    changes: &Changes<'_>,
    name: &str,
    subject: &str,
    delay: Duration,
) -> Result<Option<FollowUp>, StoreError> {
    if delay.is_zero() {
        return run(context, changes, name, subject);
    }
    schedule(changes, name, subject, Ticks::now().plus(delay)).map(Some)
}

/// Runs a stored job and removes it. A job that was postponed, or already ran, is left alone.
pub(in crate::emulator) fn run_due(
    context: &HandlerContext,
    changes: &Changes<'_>,
    name: &str,
    subject: &str,
    due: Ticks,
) -> Result<Option<FollowUp>, StoreError> {
    if changes.view().job(name, subject)? != Some(due) {
        return Ok(None);
    }
    changes.remove_job(name, subject)?;
    run(context, changes, name, subject)
}

fn run(
    context: &HandlerContext,
    changes: &Changes<'_>,
    name: &str,
    subject: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let mut jobs = context
        .providers
        .iter()
        .flat_map(|provider| provider.jobs());
    match jobs.find(|job: &&Job| job.name == name) {
        Some(job) => (job.run)(context, changes, subject),
        None => Ok(None),
    }
}

/// The work that an earlier run did not finish.
pub(in crate::emulator) fn unfinished(view: View<'_>) -> Result<Vec<FollowUp>, StoreError> {
    let jobs = view
        .jobs()?
        .into_iter()
        .map(|(name, subject, due)| FollowUp::Job { name, subject, due });
    let fetches = view
        .operations()?
        .into_iter()
        .filter(|(_, operation)| operation.work.is_none() && !operation.state.is_final())
        .map(|(operation, _)| FollowUp::Fetch { operation });
    Ok(jobs.chain(fetches).collect())
}
