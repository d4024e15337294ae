//! What differs between the two states.

mod diff;
mod prune;
mod resource;

pub(in crate::plan) use prune::{deletable, undeclared};
pub(in crate::plan) use resource::{create, update};
