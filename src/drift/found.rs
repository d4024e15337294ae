//! What differs, as what was done in the portal.

use std::collections::BTreeSet;

use crate::model::{Address, LiveState};
use crate::plan::{Change, Plan, PlanOptions, Step, marked_owner};

/// What was done in the portal since the manifests were applied: everything that differs.
#[derive(Debug, Clone, Default)]
pub struct Found<'a> {
    /// Declared resources that are live with other values.
    pub edited: Vec<&'a Change>,
    /// Declared resources that are not live, without those below them.
    pub deleted: Vec<&'a Change>,
    /// Live resources of this repository that are not declared, without those below them.
    pub created: Vec<Address>,
    /// Other live resources that are not declared.
    pub unmanaged: Vec<Address>,
}

impl<'a> Found<'a> {
    /// What a plan differs in. Resources that nobody declares count if they are below a declared one, have the marker
    /// of this repository, or if all of them are to (`include_unmanaged`).
    #[must_use]
    pub fn of(
        plan: &'a Plan,
        live: &LiveState,
        options: &PlanOptions,
        include_unmanaged: bool,
    ) -> Self {
        let mut found = Self::default();
        let absent: BTreeSet<&Address> = plan
            .changes
            .iter()
            .filter(|change| matches!(change.step, Step::Create { .. }))
            .map(|change| &change.address)
            .collect();
        for change in &plan.changes {
            match &change.step {
                Step::Update { .. } | Step::Replace { .. } if !change.fields.is_empty() => {
                    found.edited.push(change);
                }
                Step::Create { .. } => {
                    let mut above = change.address.ancestors();
                    if !above.any(|above| absent.contains(&above)) {
                        found.deleted.push(change);
                    }
                }
                // A pending rename is the repository's.
                _ => {}
            }
        }
        let owner = options.ownership.as_ref().map(|marker| &marker.owner);
        for address in &plan.unmanaged {
            let marked = marked_owner(address, live, options);
            let is_foreign = marked.is_some() && marked.as_ref() != owner;
            let is_own = address.parent().is_some() || marked.is_some();
            let counts = !is_foreign && (is_own || include_unmanaged);
            let list = match counts {
                true => &mut found.created,
                false => &mut found.unmanaged,
            };
            list.push(address.clone());
        }
        found.edited.sort_by(|a, b| a.address.cmp(&b.address));
        found
    }

    /// Whether nothing was done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edited.is_empty() && self.deleted.is_empty() && self.created.is_empty()
    }
}
