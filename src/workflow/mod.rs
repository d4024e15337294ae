//! What a command reads, in which order, and when it waits: from a loaded project to a plan, an apply and
//! the checks after it.
//!
//! Progress is reported as [`WorkflowEvent`]s to an [`Observer`]. Nothing here prints, and errors have no
//! exit codes.

mod apply;
mod error;
mod event;
mod linked_documents;
mod plan;
mod read;
mod vanished;
mod verify;
mod wait_for_sync;

pub use apply::{ApplySettings, FollowUp, FollowUpOutcome, apply, follow_up};
pub use error::{WorkflowError, api_management_error};
pub use event::{Observer, WorkflowEvent};
pub use plan::{plan, plan_against};
pub use read::read;
