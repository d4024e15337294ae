//! Resources that an integration synchronises are not written: the gateway would overwrite them.

use super::rule::ChangeInput;
use crate::model::Role;

pub(super) fn check(input: &ChangeInput<'_>) -> Option<String> {
    let change = input.change;
    let root = change.address.root();
    let origin = input
        .live
        .origins
        .get(&root)
        .filter(|origin| origin.is_confirmed)?;
    let is_declared = input.desired.resources.contains_key(&root);
    // A rewrite sets custom metadata again, which the catalogue owns.
    let is_write = change.after().is_some() && !change.is_rewrite();
    (is_write && is_declared && input.declared_by.is_none()).then(|| {
        let instead = if root.is(Role::Api) {
            "declare what the catalogue adds to it as a SyncedApi"
        } else {
            "change it in the repository"
        };
        format!("{} keeps {root}: {instead}", origin.integration)
    })
}
