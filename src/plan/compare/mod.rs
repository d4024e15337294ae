//! What differs between the two states.

mod cascade;
mod diff;
mod prune;
mod resource;

pub(in crate::plan) use cascade::{Cascades, delete_with};
pub(in crate::plan) use diff::diff;
pub(in crate::plan) use prune::{deletable, undeclared};
pub(in crate::plan) use resource::{create, renamed, update};
