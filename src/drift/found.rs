//! What differs, as what was done in the portal.

use std::collections::BTreeSet;

use crate::model::{Address, LiveState};
use crate::plan::{Author, Change, FieldChange, Plan, PlanOptions, Step, marked_owner};

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
    /// Resources that were deleted or edited in the portal and in the repository, in other ways.
    pub in_conflict: Vec<Address>,
}

impl<'a> Found<'a> {
    /// What a plan differs in, without what its base says the repository changed. Resources that nobody declares count if they are below a declared one, have the marker
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
            match (&change.step, change.author) {
                (Step::Update { .. } | Step::Replace { .. }, _)
                    if change.fields.iter().any(is_of_portal) =>
                {
                    found.edited.push(change);
                }
                (Step::Create { .. }, Some(Author::Repository)) => {}
                (Step::Create { .. }, author) => {
                    let mut above = change.address.ancestors();
                    if above.any(|above| absent.contains(&above)) {
                        continue;
                    }
                    match author {
                        Some(Author::Both) => found.in_conflict.push(change.address.clone()),
                        _ => found.deleted.push(change),
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
            let list = match plan.unmanaged_authors.get(address) {
                // What the repository no longer has, the next prune deletes.
                Some(Author::Repository) => continue,
                Some(Author::Both) => &mut found.in_conflict,
                _ if counts => &mut found.created,
                _ => &mut found.unmanaged,
            };
            list.push(address.clone());
        }
        found.edited.sort_by(|a, b| a.address.cmp(&b.address));
        found
    }

    /// Whether nothing was done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edited.is_empty()
            && self.deleted.is_empty()
            && self.created.is_empty()
            && self.in_conflict.is_empty()
    }
}

/// Whether a field was edited in the portal, as far as it is known.
pub(super) fn is_of_portal(field: &FieldChange) -> bool {
    field.author != Some(Author::Repository)
}
