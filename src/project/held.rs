//! Which declarations the service holds already.

use std::collections::{BTreeMap, BTreeSet};

use super::loaded::LoadedProject;
use crate::model::{Address, DesiredState, LiveState, Patterns, Severity};
use crate::plan::{Plan, PlanOptions};

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

impl LoadedProject {
    /// Turns errors about what the service already holds into warnings. It holds a declaration if the
    /// resource is live as declared and stays so; what was not compared, or is not live, stays an error.
    /// `live` must be the whole service.
    pub fn downgrade_held(&mut self, live: &LiveState) {
        if self.is_valid() {
            return;
        }
        // What is wrong does not depend on what is selected.
        let options = PlanOptions {
            only: Patterns::default(),
            exclude: Patterns::default(),
            changed: None,
            ..self.options.clone()
        };
        let plan = self.plan(live, &options);
        let held = HeldResources::of(&plan, &self.desired);
        for diagnostic in &mut self.diagnostics {
            if diagnostic.severity == Severity::Error && held.hold(&diagnostic.about) {
                diagnostic.severity = Severity::Warning;
                let why = "the service holds this already, so nothing is written";
                diagnostic.help = Some(match diagnostic.help.take() {
                    Some(help) => format!("{help}; {why}"),
                    None => why.to_owned(),
                });
            }
        }
    }
}
