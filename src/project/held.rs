//! Which declarations the service holds already.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Address, DesiredState};
use crate::plan::Plan;

/// What is live as the manifests say, and stays so.
pub(super) struct HeldResources<'a> {
    desired: &'a DesiredState,
    /// What the plan changes, and whatever is above it.
    changed: BTreeSet<Address>,
    unchanged: BTreeSet<&'a Address>,
    /// The live resources that a declaration is found as, where it is found by something other than its name.
    found: BTreeMap<&'a Address, Vec<&'a Address>>,
}

impl<'a> HeldResources<'a> {
    /// What a plan leaves as it is.
    pub(super) fn of(plan: &'a Plan, desired: &'a DesiredState) -> Self {
        let changed = plan.changes.iter().map(|change| &change.address);
        let mut found: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
        for (live, declared_by) in &plan.matched {
            found.entry(declared_by).or_default().push(live);
        }
        Self {
            desired,
            changed: changed
                .flat_map(|address| std::iter::once(address.clone()).chain(address.ancestors()))
                .collect(),
            unchanged: plan.unchanged.iter().collect(),
            found,
        }
    }

    /// Whether all of these stay as they are, and the declared ones among them are live as declared.
    pub(super) fn hold(&self, about: &[Address]) -> bool {
        let is_declared = |address: &&Address| self.desired.resources.contains_key(address);
        about.iter().any(|address| is_declared(&address))
            && !about.iter().any(|address| self.changed.contains(address))
            && about
                .iter()
                .filter(is_declared)
                .all(|address| self.is_as_declared(address))
    }

    /// A declaration that is found by something other than its name is as declared if everything that it is
    /// found as is.
    fn is_as_declared(&self, address: &Address) -> bool {
        match self.found.get(address) {
            None => self.unchanged.contains(address),
            Some(found) => found.iter().all(|address| self.unchanged.contains(address)),
        }
    }
}
