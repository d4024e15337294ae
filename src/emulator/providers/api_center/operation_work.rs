//! The work of long-running operations, and how they advance.

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::FollowUp;
use crate::emulator::core::job;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::providers::api_center::contents::set_archive;
use crate::emulator::providers::api_center::jobs;
use crate::emulator::providers::api_center::kinds;
use crate::emulator::providers::api_center::operations::subject;
use crate::emulator::providers::api_center::sources::copy;
use crate::emulator::store::{Changes, OperationState, StoreError, Work};

/// Runs the job: a waiting operation gets in progress, one in progress does its work and ends.
pub(super) fn run(
    context: &HandlerContext,
    changes: &Changes<'_>,
    key: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let Some(mut operation) = changes.view().operation(key)? else {
        return Ok(None);
    };
    let delay = context.options.operation_delay;
    let started = match operation.state {
        OperationState::InProgress { started } => started,
        _ => Ticks::now(),
    };
    if operation.state == OperationState::NotStarted && !delay.is_zero() {
        operation.state = OperationState::InProgress { started };
        changes.put_operation(key, &operation)?;
        return job::schedule(changes, jobs::OPERATION, key, started.plus(delay * 3 / 4)).map(Some);
    }
    let done = match &operation.work {
        Some(Work::Copy(copies)) => copy::run(context, changes, key, copies)?,
        Some(Work::Archive(archive)) => {
            let key = subject(key);
            let Some(kind) = kinds::of_key(key) else {
                return Ok(None);
            };
            set_archive(changes, kind, key, archive)?
        }
        None => return Ok(None),
    };
    operation.state = match done {
        Ok(()) => OperationState::Succeeded {
            started,
            ended: Ticks::now(),
        },
        Err(message) => OperationState::Failed { message },
    };
    changes.put_operation(key, &operation)?;
    Ok(None)
}
