//! Metadata schemas that change while they are in use.

mod describe;
mod schema;
mod steps;
mod usage;

pub(in crate::plan) use describe::{describe, explain};
pub(in crate::plan) use schema::{holds, is_schema, required};
pub(in crate::plan) use steps::{Interim, find as find_steps, handles};
pub(in crate::plan) use usage::{InUse, find as find_usage, set_again};
