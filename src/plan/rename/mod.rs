//! Resources that get another name: the plan is made as if they had it already, and begins with the writes
//! that give it to them.
//!
//! What has the former name is copied as it is, with everything below it; what refers to it is written
//! again; then the former resource is deleted, and only then is anything changed. So whatever is in the
//! service after an interruption, the next plan goes on from there: as long as both exist, they are equal.

mod members;
mod owned;
mod pairs;
mod states;
mod steps;

pub(in crate::plan) use states::{RenameConflict, Renaming, rename};
pub(in crate::plan) use steps::{RenameGraph, rename_steps};
