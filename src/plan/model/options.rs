//! What a plan depends on besides the two states.

use std::collections::BTreeMap;

use std::sync::Arc;

use super::author::PlanBase;
use crate::model::{Address, AddressSet, Body, OwnershipMarker, Patterns, Resource, ServiceId};

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

/// What a branch changes, to which a plan is limited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedSince {
    /// What the branch is compared with, as the user named it.
    pub reference: String,
    /// The commit at which the branch begins.
    pub base: String,
    /// The resources that are declared differently since then; those that are no longer declared with everything
    /// below them.
    pub addresses: AddressSet,
}

/// What a plan goes back to that undoes an apply. What the apply created is not in the desired state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// The resources that the apply wrote or deleted, each by itself: nothing else is planned.
    pub addresses: AddressSet,
    /// Role assignments as the apply made them: nothing else says which of the live ones they are.
    pub assigned: BTreeMap<Address, Resource>,
    /// The fields that resources had before and no kind models.
    pub unmodelled: BTreeMap<Address, Body>,
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
    /// Only what a branch changes; everything if it is `None`.
    pub changed: Option<Arc<ChangedSince>>,
    /// Service limits that the project overrides, by name.
    pub limits: BTreeMap<String, usize>,
    /// What both sides last agreed on, to say who made each difference.
    pub base: Option<Arc<PlanBase>>,
    /// Where both sides made one, the repository wins for these.
    pub ours: Patterns,
    /// The same for the service: these stay as they are live.
    pub theirs: Patterns,
    /// The service that the desired state was read from; `None` if manifests declare it.
    pub from: Option<Target>,
    /// The apply that is undone; `None` if manifests declare the desired state.
    pub undone: Option<Arc<Undone>>,
}

impl PlanOptions {
    /// Whether an address is among what is planned: by default, everything is.
    #[must_use]
    pub fn selects(&self, address: &Address) -> bool {
        let (changed, undone) = (self.changed.as_deref(), self.undone.as_deref());
        self.left_out_by(address).is_none()
            && changed.is_none_or(|changed| changed.addresses.covers(address))
            && undone.is_none_or(|undone| undone.addresses.covers(address))
    }

    /// Whether something is left out of the plan.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.is_read_in_part() || !self.exclude.is_empty()
    }

    /// Whether not everything has to be read.
    #[must_use]
    pub fn is_read_in_part(&self) -> bool {
        !self.only.is_empty() || self.changed.is_some() || self.undone.is_some()
    }

    /// The flag that leaves an address out: `--only` or `--exclude`.
    #[must_use]
    pub fn left_out_by(&self, address: &Address) -> Option<&'static str> {
        if self.exclude.covers(address) {
            return Some("--exclude");
        }
        let is_selected = self.only.is_empty() || self.only.covers(address);
        (!is_selected).then_some("--only")
    }
}
