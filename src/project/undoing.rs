//! A project whose service is to be as it was before an apply.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::loaded::LoadedProject;
use crate::model::{DesiredState, Exemptions, Patterns};
use crate::plan::{PruneOptions, PruneScope, Undone};

impl LoadedProject {
    /// Puts a former state of the service in place of what the manifests declare. Their problems, and what accepts these,
    /// are about something else then; the target and the settings stay.
    pub fn go_back_to(&mut self, desired: DesiredState, undone: Undone) {
        self.desired = desired;
        self.options.undone = Some(Arc::new(undone));
        self.options.prune = PruneOptions {
            enabled: true,
            scope: PruneScope::All,
        };
        self.external = Patterns::default();
        self.diagnostics.clear();
        self.exempted.clear();
        self.left_out.clear();
        self.notes.clear();
        self.exemptions = Exemptions::default();
        self.used_exemptions = BTreeSet::new();
        self.rules = self.rules.of_undo();
    }
}
