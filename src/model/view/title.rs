//! What people call a resource.

use super::{ApiView, MetadataSchemaView};
use crate::model::{Resource, Role};

/// The title of a resource, if it has one.
#[must_use]
pub fn title_of(resource: &Resource) -> Option<&str> {
    match resource.address.kind().role {
        Role::MetadataSchema => MetadataSchemaView::of(&resource.body).title(),
        // Every other kind with a title has it in the same field.
        _ => ApiView::of(&resource.body).title(),
    }
}
