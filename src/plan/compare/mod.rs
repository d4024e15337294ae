//! What differs between the two states.

mod diff;
mod prune;
mod resource;

#[cfg(test)]
pub(in crate::plan) use diff::diff;
pub(in crate::plan) use prune::{deletable, undeclared};
pub(in crate::plan) use resource::{create, update};
