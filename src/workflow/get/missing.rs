//! What somebody means who names a resource that does not exist.

use crate::manifest::did_you_mean;
use crate::model::Address;

/// "did you mean `api/orders`?", if a known address with the same parent is near.
pub(super) fn near<'a>(
    wanted: &Address,
    known: impl Iterator<Item = &'a Address>,
) -> Option<String> {
    let (kind, parent) = (wanted.kind(), wanted.parent());
    let siblings = known.filter(|one| one.kind() == kind && one.parent() == parent);
    let texts: Vec<String> = siblings.map(ToString::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    did_you_mean(&wanted.to_string(), &texts)
}
