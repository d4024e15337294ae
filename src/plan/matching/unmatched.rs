//! Declarations that are matched with live resources, and match none.

use std::collections::{BTreeMap, BTreeSet};

use super::match_states;
use super::matched::Missing;
use crate::model::view::{RoleAssignmentView, SyncedApiView};
use crate::model::{Address, DesiredState, LinkStatus, LiveState, Role, ServiceContext};
use crate::plan::model::PlanOptions;

/// The role assignments and synchronised APIs that are declared and surely not in the service.
///
/// What was not read, or may still come with the first synchronisation, is not among them.
#[must_use]
pub fn unmatched(
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) -> BTreeSet<Address> {
    // Other declarations change what matches: an integration that gets another gateway has no APIs yet.
    let mut matched_kinds = desired.clone();
    matched_kinds
        .resources
        .retain(|address, _| address.is(Role::RoleAssignment) || address.is(Role::SyncedApi));
    let matching = match_states(&matched_kinds, live, options, &BTreeMap::new());
    let assignments = matched_kinds.resources.values().filter(|declared| {
        let resource = &declared.resource;
        resource.address.is(Role::RoleAssignment)
            && !matching.live.resources.contains_key(&resource.address)
            && is_read(RoleAssignmentView::of(&resource.body), &live.context)
    });
    let synced = matching
        .missing
        .iter()
        .filter(|missing| matches!(missing.what, Missing::Api(_)))
        .filter_map(|missing| matched_kinds.resources.get(&missing.declaration))
        .filter(|declared| !may_still_come(SyncedApiView::of(&declared.resource.body), live));
    assignments
        .chain(synced)
        .map(|declared| declared.resource.address.clone())
        .collect()
}

/// Whether the role assignments at the scope of a declared one were read.
fn is_read(declared: RoleAssignmentView<'_>, context: &ServiceContext) -> bool {
    let scope = declared.scope();
    context
        .grants
        .contains_key(scope.as_ref().unwrap_or(&context.service_id))
}

/// Whether the integration has not finished its first synchronisation.
fn may_still_come(declared: SyncedApiView<'_>, live: &LiveState) -> bool {
    let links = &live.context.links;
    links
        .get(&declared.integration().to_ascii_lowercase())
        .is_some_and(|link| link.state == LinkStatus::Initializing)
}
