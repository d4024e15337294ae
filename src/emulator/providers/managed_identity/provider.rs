//! The provider and its handlers.

use serde_json::{Value, json};

use super::identities::{COLLECTION, IdentityPath, NAMESPACE, all, delete, read, remove, write};
use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{
    HandlerContext, Provider, ProviderEvent, RegisteredType, RequestPath, RequestTarget,
};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::method_not_allowed;
use crate::emulator::core::tracked::TrackedResource;
use crate::emulator::store::{Changes, StoreError, View};

/// `Microsoft.ManagedIdentity`.
pub(in crate::emulator) struct ManagedIdentityProvider;

/// Documented.
static API_VERSIONS: &[&str] = &[
    "2015-08-31-preview",
    "2018-11-30",
    "2021-09-30-preview",
    "2022-01-31-preview",
    "2023-01-31",
    "2023-07-31-preview",
    "2024-11-30",
    "2025-01-31-preview",
    "2025-05-31-preview",
];

/// Some of the documented regions.
const LOCATIONS: &[&str] = &["East US", "UK South", "West Europe"];

impl Provider for ManagedIdentityProvider {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = IdentityPath::parse(path.segments)?;
        Some(Box::new(target))
    }

    fn registered_types(&self) -> Vec<RegisteredType> {
        vec![RegisteredType {
            name: COLLECTION,
            locations: LOCATIONS,
            api_versions: API_VERSIONS,
        }]
    }

    fn tracked_resources(
        &self,
        view: View<'_>,
        subscription: &str,
        group: Option<&str>,
    ) -> Result<Vec<TrackedResource>, StoreError> {
        let tracked = all(view, subscription, group)?
            .into_iter()
            .map(|(path, record)| {
                let owned = |name: &str| record.owned.get(name);
                TrackedResource {
                    id: path.id(),
                    resource_type: format!("{NAMESPACE}/{COLLECTION}"),
                    subscription: subscription.to_owned(),
                    group: path.group.unwrap_or_default(),
                    location: owned("location")
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned(),
                    tags: owned("tags")
                        .and_then(Value::as_object)
                        .cloned()
                        .unwrap_or_default(),
                    sku: Value::Null,
                    identity: None,
                    name: record.name,
                }
            });
        Ok(tracked.collect())
    }

    fn on_event(
        &self,
        _context: &HandlerContext,
        changes: &Changes<'_>,
        event: &ProviderEvent<'_>,
    ) -> Result<Option<FollowUp>, StoreError> {
        if let ProviderEvent::GroupDeleted {
            subscription,
            group,
        } = *event
        {
            for (path, record) in all(changes.view(), subscription, Some(group))? {
                remove(changes, &path, &record)?;
            }
        }
        Ok(None)
    }
}

impl RequestTarget for IdentityPath {
    fn type_path(&self) -> &str {
        COLLECTION
    }

    fn api_versions(&self) -> &'static [&'static str] {
        API_VERSIONS
    }

    fn read(
        &self,
        _context: &HandlerContext,
        view: View<'_>,
        _request: &HandlerRequest,
    ) -> HandlerResult {
        read(view, self)
    }

    fn write(
        &self,
        _context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome> {
        let empty = json!({});
        let body = request.body.as_ref().unwrap_or(&empty);
        match request.method.as_str() {
            "PUT" if self.name.is_some() => write(changes, self, body, true),
            "PATCH" if self.name.is_some() => write(changes, self, body, false),
            "DELETE" if self.name.is_some() => delete(changes, self),
            _ => Err(method_not_allowed(&request.method).into()),
        }
    }
}
