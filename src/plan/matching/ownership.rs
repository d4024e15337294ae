//! Whose a live resource is, by the marker that it carries.

use serde_json::Value;

use crate::model::{Address, LiveResource, LiveState, custom_property};
use crate::plan::model::{Ownership, PlanOptions, PruneScope};

/// Who else owns a resource, or one above it: what carries another owner's marker is not ours to
/// change. A repository that owns everything knows no other owner.
pub(in crate::plan) fn foreign_owner(
    address: &Address,
    live: &LiveState,
    options: &PlanOptions,
) -> Option<String> {
    let ownership = options.ownership.as_ref()?;
    if options.prune.scope == PruneScope::All {
        return None;
    }
    let path = std::iter::once(address.clone()).chain(address.ancestors());
    let (held, owner) = path
        .filter_map(|held| {
            let current = live.resources.get(&held)?;
            let owner = marker(current, &ownership.property)?.to_owned();
            Some((held, owner))
        })
        .find(|(_, owner)| *owner != ownership.owner)?;
    let property = custom_property(&ownership.property);
    Some(format!(
        "{held} is owned by `{owner}` ({property} in the service); clear that value there to take \
         it over"
    ))
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
