//! Who owns a live resource, by its marker.

use serde_json::Value;

use crate::model::{Address, LiveResource, LiveState};
use crate::plan::model::{Ownership, PlanOptions, PruneScope};

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
            let owner = marker(current, &ownership.property)?.to_owned();
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
        marker(current, &ownership.property) == Some(ownership.owner.as_str())
            || describes_marker(current, ownership)
    })
}

/// The owner that a live resource is marked with.
fn marker<'a>(current: &'a LiveResource, property: &str) -> Option<&'a str> {
    current
        .resource
        .body
        .get("customProperties")?
        .get(property)?
        .as_str()
}

/// Whether a live assignment's description carries our marker.
fn describes_marker(current: &LiveResource, ownership: &Ownership) -> bool {
    let description = current.resource.body.get("description");
    description
        .and_then(Value::as_str)
        .is_some_and(|text| name_in(text, ownership).is_some())
}

/// The name in the marker of a description: `[PROPERTY: OWNER/NAME]` at its end.
pub(super) fn name_in<'a>(description: &'a str, ownership: &Ownership) -> Option<&'a str> {
    let marker = description.trim_end().strip_suffix(']')?;
    let (_, marker) = marker.rsplit_once('[')?;
    let (property, value) = marker.split_once(": ")?;
    let (owner, name) = value.rsplit_once('/')?;
    (property == ownership.property && owner == ownership.owner).then_some(name)
}
