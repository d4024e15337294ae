//! Changes grouped by their topmost resource.

use std::collections::BTreeMap;

use crate::model::Address;
use crate::plan::Change;

/// The changes by the address of their topmost resource.
pub(super) fn by_root<'a>(changes: &[&'a Change]) -> BTreeMap<Address, Vec<&'a Change>> {
    let mut groups: BTreeMap<Address, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        groups
            .entry(change.address.root())
            .or_default()
            .push(change);
    }
    groups
}
