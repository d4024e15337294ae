//! Writing resources of a service.

use serde_json::Value;

use super::endpoint::is_item_path;
use super::service::ArmService;
use crate::kinds::{self, Kind, Location};
use crate::live::{ErrorKind, ServiceError, Writer};
use crate::model::{Body, ClaimedFields, Document, Resource, Role};

/// The version that can bring a deleted service back (documented).
const WITH_RESTORE: &str = "2024-03-15-preview";

/// A deleted service keeps its name (observed).
const NAME_IS_TAKEN: &str = "service names are unique in all of Azure, and a deleted service keeps its name for 30 \
     days: set `restore: true` in its manifest to bring it back, or choose another name";

impl Writer for ArmService {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
        let kind = kinds::of(&resource.address);
        if matches!(kind.location, Location::AnyScope(_)) {
            return self.assign(resource).await;
        }
        let path = self.resource_path(resource);
        is_single(&path)?;
        let current = self.current_unmodelled(kind, resource, &path).await?;
        let body = kind.wire(resource, current.as_ref().unwrap_or(unmodelled));
        let restores = body.pointer("/properties/restore") == Some(&Value::Bool(true));
        let version = if restores {
            WITH_RESTORE
        } else {
            kinds::api_version_of(kind, resource)
        };
        let written = self.client.put(&path, version, &body).await;
        written.map(drop).map_err(|error| {
            if kind.location.is_root() && !restores && error.detail().contains("already taken") {
                error.with_help(NAME_IS_TAKEN)
            } else {
                error
            }
        })
    }

    async fn import(&self, resource: &Resource, document: &Document) -> Result<(), ServiceError> {
        self.import_content(resource, document).await
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let kind = kinds::of(&resource.address);
        if matches!(kind.location, Location::AnyScope(_)) {
            resource.id.as_deref().map_or(Ok(()), is_single)?;
            return self.unassign(resource).await;
        }
        let path = self.resource_path(resource);
        is_single(&path)?;
        let version = kinds::api_version_of(kind, resource);
        self.client.delete(&path, version).await?;
        if resource.address.is(Role::Integration) {
            self.await_unlinked(&resource.address).await?;
        }
        Ok(())
    }
}

impl ArmService {
    fn resource_path(&self, resource: &Resource) -> String {
        format!("{}{}", self.arm_id(), kinds::resource_path(resource))
    }

    /// What the service has right now of the properties that a declaration leaves open, without those that it
    /// declares. They are read again because much may have happened since the plan, and nothing else says what else
    /// is in such a resource. `None` for a kind that has none, and where there is no resource: a copy of one that
    /// gets another name has them from the plan.
    async fn current_unmodelled(
        &self,
        kind: &'static Kind,
        resource: &Resource,
        path: &str,
    ) -> Result<Option<Body>, ServiceError> {
        let Some(field) = kind.info.open_field else {
            return Ok(None);
        };
        let version = kinds::api_version_of(kind, resource);
        let Some(Value::Object(envelope)) = self.client.get(path, version).await? else {
            return Ok(None);
        };
        let mut current = kind.live(resource.address.clone(), &envelope).unmodelled;
        if let Some(declared) = resource.body.get(field).and_then(Value::as_object) {
            let _declared = ClaimedFields::take(declared, &mut current);
        }
        Ok(Some(current))
    }
}

/// The last guard before a write: whatever led here, a whole list is never written or deleted.
fn is_single(path: &str) -> Result<(), ServiceError> {
    if is_item_path(path) {
        return Ok(());
    }
    let text = format!("`{path}` is not the path of a single resource; nothing was sent");
    Err(ServiceError::new(ErrorKind::Refused, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_never_written_or_deleted() {
        let service = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/s";
        assert!(is_single(&format!("{service}/workspaces/default/apis/a")).is_ok());
        let error = is_single(&format!("{service}/workspaces/default/apis/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
    }
}
