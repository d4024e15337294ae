//! What a plan depends on besides the two states.

use std::collections::BTreeMap;

use crate::model::{Address, OwnershipMarker, Patterns, ServiceId};

/// The service that a plan is for. Two plans for different targets never have the same id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The entry of `spec.targets`.
    pub name: String,
    /// The service.
    pub service: ServiceId,
}

/// What a prune may reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PruneScope {
    /// What has the marker, and children of declared resources.
    #[default]
    Owned,
    /// Everything: this repository is the only owner.
    All,
}

/// Whether and which undeclared resources are deleted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PruneOptions {
    /// Off by default: undeclared resources are only listed.
    pub enabled: bool,
    /// What it may delete.
    pub scope: PruneScope,
}

/// How many deletes one plan may have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MaxDeletes {
    /// A share of what could be deleted, in percent.
    Percent(f64),
    /// A number of resources.
    Count(usize),
}

/// Limits on what one plan may delete.
#[derive(Debug, Clone)]
pub struct Safety {
    /// How much may be deleted.
    pub max_deletes: MaxDeletes,
    /// Number of deletable resources from which the limit applies.
    pub min_existing: usize,
    /// Resources that are never deleted.
    pub protect: Patterns,
}

impl Default for Safety {
    fn default() -> Self {
        Self {
            max_deletes: MaxDeletes::Percent(30.0),
            min_existing: 10,
            protect: Patterns::default(),
        }
    }
}

/// A field that is left to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoreRule {
    /// Kind, such as `Api`.
    pub kind: String,
    /// Path of the field, such as `customProperties.compliance-status`.
    pub field: String,
}

/// Everything that a plan depends on besides the two states.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// The service.
    pub target: Target,
    /// The ownership marker, if the project uses one.
    pub ownership: Option<OwnershipMarker>,
    /// Deleting what is not declared.
    pub prune: PruneOptions,
    /// Limits on what is deleted.
    pub safety: Safety,
    /// Fields left to others.
    pub ignore: Vec<IgnoreRule>,
    /// Only these resources and what is below them; everything if it is empty.
    pub only: Patterns,
    /// Not these resources and what is below them, whatever `only` says.
    pub exclude: Patterns,
    /// Service limits that the project overrides, by name.
    pub limits: BTreeMap<String, usize>,
}

impl PlanOptions {
    /// Whether `--only` covers an address, or is not given, and `--exclude` does not.
    #[must_use]
    pub fn selects(&self, address: &Address) -> bool {
        (self.only.is_empty() || self.only.covers(address)) && !self.exclude.covers(address)
    }

    /// Whether something is left out by `--only` or `--exclude`.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.only.is_empty() || !self.exclude.is_empty()
    }

    /// The flag that leaves an address out which is not selected.
    #[must_use]
    pub fn left_out_by(&self, address: &Address) -> &'static str {
        match self.exclude.covers(address) {
            true => "--exclude",
            false => "--only",
        }
    }
}
