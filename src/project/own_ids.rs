//! Full ids in what manifests declare by its properties: whether one is of the own service depends on the target.

use std::sync::Arc;

use serde_json::Value;

use crate::kinds;
use crate::model::{DesiredState, ServiceId};

/// The desired state in which such resources refer also to what they name by full ids of the service.
pub(super) fn referring(mut desired: DesiredState, service: &ServiceId) -> DesiredState {
    let service = kinds::API_CENTER.id(service);
    for declared in desired.resources.values_mut() {
        let resource = &declared.resource;
        let kind = &kinds::RESOURCE;
        let Some(field) = kind
            .info
            .open_field
            .filter(|_| *resource.address.kind() == kind.info)
        else {
            continue;
        };
        let mut body = resource.body.clone();
        let Some(Value::Object(open)) = body.shift_remove(field) else {
            continue;
        };
        let named = kind.restored(resource.address.clone(), &body, &open, Some(&service));
        if named.references != resource.references {
            Arc::make_mut(&mut declared.resource).references = named.references;
        }
    }
    desired
}
