//! Which declarations the service holds already.

use super::loaded::LoadedProject;
use crate::model::{Address, DesiredState, LiveState, Patterns, Severity};
use crate::plan::{Plan, PlanOptions};

/// What is live as the manifests say, and stays so.
pub(super) struct HeldResources<'a> {
    pub(super) plan: Plan,
    pub(super) desired: &'a DesiredState,
}

impl HeldResources<'_> {
    /// Whether all of these stay as they are, and the declared ones among them are live as declared.
    pub(super) fn hold(&self, about: &[Address]) -> bool {
        let is_declared = |address: &&Address| self.desired.resources.contains_key(address);
        about.iter().any(|address| is_declared(&address))
            && !about.iter().any(|address| self.changes(address))
            && about
                .iter()
                .filter(is_declared)
                .all(|address| self.is_as_declared(address))
    }

    fn changes(&self, address: &Address) -> bool {
        let mut changes = self.plan.changes.iter().map(|change| &change.address);
        changes.any(|changed| changed == address || changed.is_below(address))
    }

    /// A declaration that is found by something other than its name is as declared if everything that it is
    /// found as is.
    fn is_as_declared(&self, address: &Address) -> bool {
        let is_unchanged = |address: &Address| self.plan.unchanged.contains(address);
        let matched = self.plan.matched.iter();
        let found: Vec<&Address> = matched
            .filter(|(_, declared_by)| *declared_by == address)
            .map(|(found, _)| found)
            .collect();
        match found.as_slice() {
            [] => is_unchanged(address),
            found => found.iter().all(|address| is_unchanged(address)),
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
        let held = HeldResources {
            plan: self.plan(live, &options),
            desired: &self.desired,
        };
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
