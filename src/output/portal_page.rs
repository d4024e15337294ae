//! Where the portal shows resources.

use super::review::Review;
use crate::model::{Address, Role, url_path};

/// The page of the API that a resource is, or that it belongs to, where the target is Azure.
pub(super) fn portal_page(review: &Review<'_>, address: &Address) -> Option<String> {
    let portal = review.portal.as_ref()?;
    let root = address.root();
    root.is(Role::Api)
        .then(|| format!("{}{}", portal.service, url_path(&(portal.path)(&root))))
}
