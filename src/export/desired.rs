//! A live state as a desired one: what an export would declare, without writing it.

use std::sync::Arc;

use super::files::ExportOptions;
use super::left_out::reason_against;
use super::service_additions::synced_apis;
use crate::kinds::{self, SYNCED_API};
use crate::model::view::CustomProperties;
use crate::model::{
    Address, DesiredResource, DesiredState, Document, FieldPlaces, LiveResource, LiveState,
    Resource, Role,
};

/// What the manifests of a live state would declare, besides the service itself and roles on it. Documents of which
/// only the digest is known count by that.
#[must_use]
pub fn desired(live: &LiveState, options: &ExportOptions) -> DesiredState {
    let mut desired = DesiredState::default();
    let marker = options.ownership_property.as_deref();
    for (address, current) in &live.resources {
        let above = address.parent().or_else(|| current.resource.within.clone());
        let is_carried =
            |above: &Address| above.is(Role::Service) || desired.resources.contains_key(above);
        let is_marker = address.is(Role::MetadataSchema)
            && marker.is_some_and(|marker| marker.eq_ignore_ascii_case(address.name()));
        if address.is(Role::Service)
            || is_marker
            || !above.as_ref().is_none_or(is_carried)
            || reason_against(current, live).is_some()
        {
            continue;
        }
        let mut resource = current.resource.clone();
        if let Some(marker) = marker {
            CustomProperties::remove(&mut resource.body, marker);
        }
        if let Some(field) = kinds::of(address).info.open_field
            && !current.unmodelled.is_empty()
        {
            let open = current.unmodelled.clone().into();
            resource.body.insert(field.to_owned(), open);
        }
        resource.id = None;
        insert(&mut desired, resource, document(current));
    }
    for addition in synced_apis(live, options, &mut Vec::new()) {
        let address = Address::top(&SYNCED_API.info, addition.name);
        let resource = SYNCED_API.declared(address, addition.body);
        insert(&mut desired, resource, None);
    }
    desired
}

fn insert(desired: &mut DesiredState, resource: Resource, document: Option<Document>) {
    let declared = DesiredResource {
        place: None,
        places: FieldPlaces::default(),
        document: document.map(Arc::new),
        resource: Arc::new(resource),
    };
    let address = declared.resource.address.clone();
    desired.resources.insert(address, declared);
}

/// The content of a live resource, where it was read.
fn document(current: &LiveResource) -> Option<Document> {
    let content = kinds::of(&current.resource.address).content.as_ref()?;
    let digest = current.resource.body.get(content.field)?.as_str()?;
    Some(Document {
        digest: digest.to_owned(),
        text: Arc::clone(current.text.as_ref()?),
        link: None,
        files: current.files.clone(),
        file: None,
        parts: Vec::new(),
    })
}
