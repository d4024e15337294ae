//! Checks that what a path names exists.

use serde_json::Value;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::{HandlerResponse, resource_not_found};
use crate::emulator::providers::api_center::namespace::NAMESPACE;
use crate::emulator::providers::api_center::path::{PathSegment, ServicePath};
use crate::emulator::store::{ServiceRecord, View};

/// The service at a path, unless it does not exist or is deleted.
pub(in crate::emulator) fn service(
    view: View<'_>,
    path: &ServicePath,
) -> HandlerResult<ServiceRecord> {
    let found = view
        .service(&path.key)?
        .filter(|service| service.deleted.is_none());
    found.ok_or_else(|| not_found(path).into())
}

/// Refuses if one of these resources does not exist, with the response for the first missing one.
pub(in crate::emulator) fn all_exist(
    view: View<'_>,
    segments: &[PathSegment],
) -> HandlerResult<()> {
    for segment in segments {
        if view.resource(&segment.key)?.is_none() {
            return Err(segment.kind.missing().into());
        }
    }
    Ok(())
}

/// The 404 for a missing service.
pub(super) fn not_found(path: &ServicePath) -> HandlerResponse {
    resource_not_found(&format!("{NAMESPACE}/services"), &path.name, &path.group)
}

/// Whether the service is on the free plan.
pub(in crate::emulator) fn is_free(service: &ServiceRecord) -> bool {
    service
        .sku
        .get("name")
        .and_then(Value::as_str)
        .is_none_or(|name| name.eq_ignore_ascii_case("Free"))
}
