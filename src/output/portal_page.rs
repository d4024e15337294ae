//! Where the portal shows resources.

use super::review::{Portal, Review};
use crate::model::{Address, Role, url_path};

/// The page of the API that a resource is, or that it belongs to, where the target is Azure.
pub(super) fn portal_page(review: &Review<'_>, address: &Address) -> Option<String> {
    let portal = review.portal.as_ref()?;
    let root = address.root();
    root.is(Role::Api).then(|| portal_address(portal, address))
}

/// The page of a resource: for one that is below others, that of the topmost one.
#[must_use]
pub fn portal_address(portal: &Portal, address: &Address) -> String {
    let root = address.root();
    format!("{}{}", portal.service, url_path(&(portal.path)(&root)))
}
