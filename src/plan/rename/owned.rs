//! Whose resources refer to what gets another name.

use crate::model::{DesiredState, LiveResource, LiveState, Redirection};
use crate::plan::matching::{carries_marker, foreign_owner};
use crate::plan::model::{PlanOptions, PruneScope};

/// What a project owns of a live state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owned<'a> {
    pub(super) desired: &'a DesiredState,
    pub(super) live: &'a LiveState,
    pub(super) options: &'a PlanOptions,
}

impl Owned<'_> {
    /// Whether texts in a resource that look like ids may be written: it, or what it belongs to, is declared here or
    /// marked as this repository's. An integration, or another repository, may mean something by the others.
    pub(super) fn contains(&self, current: &LiveResource, to: Redirection<'_>) -> bool {
        let declared = &self.desired.resources;
        if let Some(undone) = &self.options.undone {
            return undone.addresses.covers(to.former);
        }
        if declared.contains_key(to.present) {
            return true;
        }
        if current.synchronised || foreign_owner(to.former, self.live, self.options).is_some() {
            return false;
        }
        if self.options.prune.scope == PruneScope::All {
            return true;
        }
        let above = current.resource.parent();
        let above = above.map(|above| to.renames.present(&above).unwrap_or(above));
        let is_below_declared = above.is_some_and(|above| {
            declared.contains_key(&above) || declared.contains_key(&above.root())
        });
        let root = self.live.resources.get(&to.former.root());
        let is_marked = |one: &LiveResource| carries_marker(one, self.options);
        is_below_declared || is_marked(current) || root.is_some_and(is_marked)
    }
}
