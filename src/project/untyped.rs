//! Live resources that manifests declare by their properties alone, although a kind covers their type.

use std::borrow::Cow;

use crate::kinds;
use crate::model::{Address, DesiredState, LiveResource, LiveState};

/// The live state with such resources under the address of their declaration.
pub(super) fn as_declared<'a>(desired: &DesiredState, live: &'a LiveState) -> Cow<'a, LiveState> {
    let declared = desired.resources.values().map(|one| &one.resource);
    let untyped = declared.filter(|one| *one.address.kind() == kinds::RESOURCE.info);
    let moved: Vec<(Address, &Address)> = untyped
        .filter_map(|one| Some((kinds::typed_address(one)?, &one.address)))
        .filter(|(typed, _)| live.resources.contains_key(typed))
        .collect();
    if moved.is_empty() {
        return Cow::Borrowed(live);
    }
    let mut live = live.clone();
    for (typed, address) in moved {
        let Some(current) = live.resources.remove(&typed) else {
            continue;
        };
        let canonical = kinds::as_untyped(address, &current.resource, &current.unmodelled);
        let current = LiveResource {
            resource: canonical.resource,
            unmodelled: canonical.unmodelled,
            ..current
        };
        live.resources.insert(address.clone(), current);
    }
    Cow::Owned(live)
}
