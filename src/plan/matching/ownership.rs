//! Who owns a live resource, by its marker.

use crate::model::view::{CustomProperties, RoleAssignmentView};
use crate::model::{Address, LiveResource, LiveState, OwnershipMarker, Role};
use crate::plan::model::{PlanOptions, PruneScope};

/// Another owner of a resource.
pub(in crate::plan) struct ForeignOwner {
    /// The resource that carries the other marker: the resource itself or one above it.
    pub(in crate::plan) address: Address,
    /// The name in the marker.
    pub(in crate::plan) owner: String,
    /// The property that holds the marker.
    pub(in crate::plan) property: String,
}

/// The other owner of a resource, if there is one. A repository that owns everything
/// (`prune.scope: all`) knows no other owner.
pub(in crate::plan) fn foreign_owner(
    address: &Address,
    live: &LiveState,
    options: &PlanOptions,
) -> Option<ForeignOwner> {
    let ownership = options.ownership.as_ref()?;
    if options.prune.scope == PruneScope::All {
        return None;
    }
    std::iter::once(address.clone())
        .chain(address.ancestors())
        .filter_map(|address| {
            let current = live.resources.get(&address)?;
            let owner = CustomProperties::of(&current.resource.body)
                .text(&ownership.property)?
                .to_owned();
            let property = ownership.property.clone();
            Some(ForeignOwner {
                address,
                owner,
                property,
            })
        })
        .find(|found| found.owner != ownership.owner)
}

/// Whether a live resource carries our marker.
pub(in crate::plan) fn carries_marker(current: &LiveResource, options: &PlanOptions) -> bool {
    options.ownership.as_ref().is_some_and(|ownership| {
        CustomProperties::of(&current.resource.body).text(&ownership.property)
            == Some(ownership.owner.as_str())
            || describes_marker(current, ownership)
    })
}

/// Whether the description of a role assignment ends with our marker.
fn describes_marker(current: &LiveResource, ownership: &OwnershipMarker) -> bool {
    let resource = &current.resource;
    resource.address.kind().role == Role::RoleAssignment
        && RoleAssignmentView::of(&resource.body)
            .description()
            .is_some_and(|text| ownership.parse(text).is_some())
}
