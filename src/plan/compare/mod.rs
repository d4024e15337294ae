//! What differs between the two states.

mod cascade;
mod diff;
mod differing;
mod prune;
mod resource;
mod restored;

pub(in crate::plan) use cascade::{Cascades, delete_with};
pub(in crate::plan) use diff::diff;
pub use differing::differing;
pub(in crate::plan) use prune::{deletable, undeclared};
pub(in crate::plan) use resource::{create, renamed, update};
