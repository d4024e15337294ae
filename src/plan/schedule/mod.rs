//! The order of a plan's writes.

mod acyclic;
mod order;

pub(in crate::plan) use order::set_dependencies;
