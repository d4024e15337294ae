//! How a live resource differs from a form of it.

use std::sync::Arc;

use super::resource::update;
use crate::model::{DesiredResource, Document, FieldPlaces, LiveResource, LiveState, Resource};
use crate::plan::model::{FieldChange, PlanOptions};

/// The fields in which a live resource differs from this form of it, as a plan sees it. Content counts by its digest,
/// if the form has one.
#[must_use]
pub fn differing(
    wanted: &Resource,
    current: &LiveResource,
    live: &LiveState,
    options: &PlanOptions,
) -> Vec<FieldChange> {
    let field = wanted.address.kind().digest_field();
    let digest = field.and_then(|field| wanted.body.get(field)?.as_str());
    let document = digest.map(|digest| {
        Arc::new(Document {
            digest: digest.to_owned(),
            text: Arc::from(""),
            link: None,
            files: None,
            file: None,
            parts: Vec::new(),
        })
    });
    let declared = DesiredResource {
        resource: Arc::new(wanted.clone()),
        place: None,
        places: FieldPlaces::default(),
        document,
    };
    let change = update(&declared, current, live, options);
    change.map(|change| change.fields).unwrap_or_default()
}
