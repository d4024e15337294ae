//! Where an export writes what it makes.

use super::names::file_name;
use crate::kinds::{Kind, Location};
use crate::model::Address;

/// What is added to the path of a document that would take the file of a split one.
pub(super) const WHOLE: &str = "-whole";

/// Where a document is: a kind with children has a folder per resource.
pub(super) fn manifest_path(kind: &Kind, address: &Address) -> String {
    let slug = kind.info.slug;
    match kind.location {
        Location::Root(_) => format!("{slug}.yaml"),
        _ if kind.children.is_empty() => format!("{}.yaml", folder(address)),
        _ => format!("{}/{slug}.yaml", folder(address)),
    }
}

/// The folder of a resource that no other one is above.
pub(super) fn folder(top: &Address) -> String {
    // The name of a resource of any type is its path.
    let steps: Vec<String> = top.name().split('/').map(file_name).collect();
    format!("{}s/{}", top.kind().slug, steps.join("/"))
}

/// The path of a definition's document, relative to its API's manifest and without suffix.
pub(super) fn content_path(address: &Address) -> String {
    let steps: Vec<String> = address.segments()[1..]
        .iter()
        .map(|segment| file_name(&segment.name))
        .collect();
    steps.join("/")
}

/// Whether a path is where a definition's document may be written, relative to its API's manifest and without suffix.
pub(super) fn is_content_path(stem: &str, address: &Address) -> bool {
    let more = stem.strip_prefix(&content_path(address));
    more.is_some_and(|more| more.trim_end_matches(WHOLE).is_empty())
}
