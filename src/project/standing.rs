//! How each declared resource differs from what is live, for who shows resources one by one.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::LoadedProject;
use crate::kinds::{self, Location};
use crate::model::{Address, LiveState, Role};
use crate::plan::{Action, PlanOptions};

/// How a declared resource stands to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is live as declared.
    InStep,
    /// So many of its fields are others.
    Differs(usize),
    /// It is not live.
    NotLive,
}

impl LoadedProject {
    /// How each declared resource stands to a live state. The files that were read may be a part of the project: what
    /// is live and not declared does not count.
    #[must_use]
    pub fn standings(&self, live: &LiveState) -> BTreeMap<Address, Standing> {
        let live = self.concerned(live);
        let mut options = PlanOptions {
            changed: None,
            ..self.options.clone()
        };
        options.prune.enabled = false;
        let plan = self.plan(&live, &options);
        let mut standings = BTreeMap::new();
        let declared = |address: &Address| plan.matched.get(address).unwrap_or(address).clone();
        for address in &plan.unchanged {
            standings.insert(declared(address), Standing::InStep);
        }
        for change in &plan.changes {
            let is_live = change.before().is_some();
            let standing = match (change.action(), is_live) {
                (Action::Delete, _) => continue,
                (_, false) => Standing::NotLive,
                (_, true) => Standing::Differs(change.fields.len().max(1)),
            };
            standings.insert(declared(&change.address), standing);
        }
        standings
    }

    /// What is live of the declared resources, and whatever else they may refer to.
    fn concerned(&self, live: &LiveState) -> LiveState {
        let declared = self.desired.resources.keys();
        let is_matched =
            |address: &Address| matches!(kinds::of(address).location, Location::Matched);
        if declared.clone().any(is_matched) {
            return live.clone();
        }
        let former = self.desired.former_names.values().flatten();
        let named = declared.chain(former.map(|former| &former.address));
        let roots: BTreeSet<Address> = named.map(Address::root).collect();
        let is_concerned = |address: &Address| {
            let root = address.root();
            !root.is(Role::Api) || roots.contains(&root)
        };
        let resources = live.resources.iter();
        LiveState {
            resources: resources
                .filter(|(address, _)| is_concerned(address))
                .map(|(address, current)| (address.clone(), current.clone()))
                .collect(),
            origins: live.origins.clone(),
            context: live.context.clone(),
        }
    }
}
