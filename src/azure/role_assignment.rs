//! Role assignments: written at their scope, under a name derived from their content.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::service::ArmService;
use super::service_context::identity;
use crate::kinds::{self, ROLE_ASSIGNMENT};
use crate::live::{ErrorKind, ServiceError};
use crate::model::view::RoleAssignmentView;
use crate::model::{Address, Resource};

/// How long a new principal may be unknown (documented: it is replicated within minutes).
const REPLICATION: Duration = Duration::from_secs(3 * 60);

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

impl ArmService {
    /// Creates a role assignment, or updates its description.
    pub(super) async fn assign(&self, resource: &Resource) -> Result<(), ServiceError> {
        let mut body = kinds::of(&resource.address).wire(resource, &serde_json::Map::new());
        let Some(Value::Object(properties)) = body.get_mut("properties") else {
            return Ok(());
        };
        let own = self.path(&Address::top(&kinds::SERVICE.info, ""));
        let scope = match properties.shift_remove(RoleAssignmentView::SCOPE) {
            Some(Value::String(scope)) => scope,
            _ => own.clone(),
        };
        // What is left of `principal` is `serviceIdentity`.
        if properties
            .shift_remove(RoleAssignmentView::PRINCIPAL)
            .is_some()
        {
            properties.insert("principalId".to_owned(), json!(self.principal().await?));
            properties.insert("principalType".to_owned(), json!("ServicePrincipal"));
        }
        let text = |field: &str| properties.get(field).and_then(Value::as_str);
        let role = text("roleDefinitionId").unwrap_or_default().to_owned();
        let principal = text("principalId").unwrap_or_default();
        let path = match &resource.id {
            Some(id) => id.clone(),
            None => id_of(&scope, principal, &role),
        };
        let subscription: String = scope_subscription(&scope)
            .or_else(|| scope_subscription(&own))
            .unwrap_or_default();
        properties.insert(
            "roleDefinitionId".to_owned(),
            json!(format!("{subscription}{role}")),
        );
        self.put_assignment(&path, &body).await
    }

    /// Deletes a role assignment.
    pub(super) async fn unassign(&self, resource: &Resource) -> Result<(), ServiceError> {
        match &resource.id {
            Some(id) => self.client.delete(id, ROLE_ASSIGNMENT.api_version).await,
            None => Ok(()),
        }
    }

    /// The current object id of the service's identity, which may be as new as the service.
    async fn principal(&self) -> Result<String, ServiceError> {
        let path = self.path(&Address::top(&kinds::SERVICE.info, ""));
        let version = kinds::SERVICE.api_version;
        let service = self.client.get(&path, version).await?;
        let identity = service.as_ref().map(identity).unwrap_or_default();
        identity.of_service().map(str::to_owned).ok_or_else(|| {
            let text = "the service has no managed identity, or several and none of its own: set \
                        `identity: SystemAssigned` in a document of kind Service, or name the \
                        principal by `objectId`";
            ServiceError::new(ErrorKind::Refused, text)
        })
    }

    /// Writes an assignment, again while a new principal is not known everywhere.
    async fn put_assignment(&self, path: &str, body: &Value) -> Result<(), ServiceError> {
        let deadline = Instant::now() + REPLICATION;
        let mut wait = Duration::from_millis(500);
        loop {
            let result = self
                .client
                .put(path, ROLE_ASSIGNMENT.api_version, body)
                .await;
            match result {
                Ok(_) => return Ok(()),
                // The same role for the same principal exists under another name.
                Err(error) if error.code() == Some("RoleAssignmentExists") => return Ok(()),
                Err(error)
                    if error.code() == Some("PrincipalNotFound")
                        && Instant::now() + wait < deadline =>
                {
                    tracing::debug!(path, "the principal is not known yet");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// The id of an assignment: a GUID derived from what cannot change, so that creating it twice creates one.
fn id_of(scope: &str, principal: &str, role: &str) -> String {
    let scope = scope.trim_end_matches('/');
    let said = format!("{scope}|{principal}|{role}").to_ascii_lowercase();
    let name = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, said.as_bytes());
    format!("{scope}/providers/Microsoft.Authorization/roleAssignments/{name}")
}

/// The subscription's part of a scope, such as `/subscriptions/0000…`.
fn scope_subscription(scope: &str) -> Option<String> {
    let mut parts = scope.trim_start_matches('/').split('/');
    let is_subscription = parts.next()?.eq_ignore_ascii_case("subscriptions");
    let id = parts.next()?;
    is_subscription.then(|| format!("/subscriptions/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_scope_principal_and_role_whatever_their_case() {
        let one = id_of("/subscriptions/S/x", "P", "/r/1");
        assert_eq!(
            one.to_lowercase(),
            id_of("/subscriptions/s/X/", "p", "/R/1").to_lowercase()
        );
        assert_ne!(one, id_of("/subscriptions/S/x", "P", "/r/2"));
        assert!(one.starts_with("/subscriptions/S/x/providers/Microsoft.Authorization/"));
        assert_eq!(
            scope_subscription("/subscriptions/S/x"),
            Some("/subscriptions/S".to_owned())
        );
        assert_eq!(scope_subscription("/providers/x"), None);
    }
}
