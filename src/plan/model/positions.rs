//! The position of each resource's change in a plan.

use std::collections::BTreeMap;

use super::change::{Change, Step};
use crate::model::Address;

/// Where each resource's change stands in the plan.
pub(in crate::plan) struct Positions(BTreeMap<Address, usize>);

impl Positions {
    pub(in crate::plan) fn new(changes: &[Change]) -> Self {
        let pairs = changes.iter().enumerate();
        Self(
            pairs
                .map(|(i, change)| (change.address.clone(), i))
                .collect(),
        )
    }

    /// The position of a resource's change.
    pub(in crate::plan) fn get(&self, address: &Address) -> Option<usize> {
        self.0.get(address).copied()
    }

    /// The change that carries this one out: its own, or that of the resource with which it vanishes.
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
        (address.kind().name == "Service").then_some(*position)
    }
}
