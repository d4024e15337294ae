//! Writing resources of a service.

use serde_json::{Value, json};

use super::client::Effect;
use super::service::ArmService;
use crate::kinds;
use crate::live::{ServiceError, Writer};
use crate::model::{Body, Document, Resource};

/// The version that can bring a deleted service back (documented).
const WITH_RESTORE: &str = "2024-03-15-preview";

/// A deleted service keeps its name (observed).
const NAME_IS_TAKEN: &str = "service names are unique in all of Azure, and a deleted service keeps its name for 30 \
     days: set `restore: true` in its manifest to bring it back, or choose another name";

impl Writer for ArmService {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
        let kind = kinds::of(&resource.address);
        if kind.info == kinds::ROLE_ASSIGNMENT.info {
            return self.assign(resource).await;
        }
        let body = kind.wire(resource, unmodelled);
        let restores = body.pointer("/properties/restore") == Some(&Value::Bool(true));
        let version = if restores {
            WITH_RESTORE
        } else {
            kind.api_version
        };
        let path = self.path(&resource.address);
        let written = self.client.put(&path, version, &body).await;
        written.map(drop).map_err(|error| {
            let is_service = kind.info == kinds::SERVICE.info;
            if is_service && !restores && error.detail().contains("already taken") {
                error.with_help(NAME_IS_TAKEN)
            } else {
                error
            }
        })
    }

    async fn import(&self, resource: &Resource, document: &Document) -> Result<(), ServiceError> {
        if let Some(files) = &document.files {
            return self.import_ruleset(&resource.address, files).await;
        }
        let (format, value) = match &document.link {
            Some(link) => ("link", link.as_str()),
            None => ("inline", document.text.as_ref()),
        };
        let specification = resource
            .body
            .get("specification")
            .cloned()
            .unwrap_or(Value::Null);
        let body = json!({ "format": format, "value": value, "specification": specification });
        let path = format!("{}/importSpecification", self.path(&resource.address));
        let version = kinds::of(&resource.address).api_version;
        self.client
            .post(&path, version, Some(&body), Effect::Idempotent)
            .await?;
        Ok(())
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let kind = kinds::of(&resource.address);
        if kind.info == kinds::ROLE_ASSIGNMENT.info {
            return self.unassign(resource).await;
        }
        let path = self.path(&resource.address);
        self.client.delete(&path, kind.api_version).await?;
        if kind.info == kinds::INTEGRATION.info {
            self.await_unlinked(resource).await?;
        }
        Ok(())
    }
}
