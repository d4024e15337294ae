//! Metadata schemas that change while resources have values of them.

mod describe;
mod schema;
mod steps;
mod usage;

pub(in crate::plan) use describe::{describe, explain};
pub(in crate::plan) use schema::{has_value, is_schema, required, retyped};
pub(in crate::plan) use steps::{MigrationGraph, is_ordered_by_steps, migration_steps};
pub(in crate::plan) use usage::{SchemaConflict, SchemaUsage, find_usages, rewrites};
