//! The position of each resource's change in a plan.

use std::collections::BTreeMap;

use super::change::{Change, Step};
use crate::model::{Address, Role};

/// Finds changes by their resource.
pub(in crate::plan) struct Positions(BTreeMap<Address, usize>);

impl Positions {
    pub(in crate::plan) fn new(changes: &[Change]) -> Self {
        Self(
            changes
                .iter()
                .enumerate()
                .map(|(i, change)| (change.address.clone(), i))
                .collect(),
        )
    }

    /// The position of a resource's change.
    pub(in crate::plan) fn get(&self, address: &Address) -> Option<usize> {
        self.0.get(address).copied()
    }

    /// The change whose request does this one: itself, or the delete with which it vanishes.
    pub(in crate::plan) fn carrier(&self, changes: &[Change], i: usize) -> usize {
        match &changes[i].step {
            Step::Delete {
                with: Some(top), ..
            } => self.0.get(top).copied().unwrap_or(i),
            _ => i,
        }
    }

    /// The service's own change.
    pub(in crate::plan) fn service(&self) -> Option<usize> {
        let (address, position) = self.0.first_key_value()?;
        (address.kind().role == Role::Service).then_some(*position)
    }
}
