//! Who made a difference: the repository or somebody in the portal.

use std::collections::BTreeMap;

use crate::model::{Address, Body};

/// Which side differs from what both last agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// The manifests differ, and the service does not.
    Repository,
    /// The service differs, and the manifests do not.
    Portal,
    /// Both differ, and in other ways: a conflict.
    Both,
}

impl Author {
    /// The word in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Repository => "repository",
            Self::Portal => "portal",
            Self::Both => "both",
        }
    }
}

/// What both sides last agreed on: a snapshot after an apply, or the manifests that were applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlanBase {
    /// What the user calls it.
    pub name: String,
    /// What finds it again: the commit, or the path of the snapshot.
    pub source: String,
    /// Whether what is in it was declared. A snapshot also has what nobody ever declared.
    pub is_declared: bool,
    /// Every resource in canonical form.
    pub bodies: BTreeMap<Address, Body>,
}
