//! The context of a service: its identities, the links of its integrations, and role assignments.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::client::ArmClient;
use super::service::ArmService;
use crate::kinds::{self, ROLE_ASSIGNMENT};
use crate::live::{ErrorKind, ReadScope, ServiceError};
use crate::model::{Address, Grant, Identity, LinkState, Scope, ServiceContext};

impl ArmService {
    /// What a plan needs to know besides the catalogue itself; `service` is the response for the service.
    pub(super) async fn service_context(
        &self,
        service: Option<&Value>,
        scope: &ReadScope,
    ) -> Result<ServiceContext, ServiceError> {
        let mut grants = BTreeMap::new();
        for (scope, required) in &scope.role_scopes {
            if let Some(found) = grants_at(&self.client, scope, *required).await? {
                grants.insert(Scope::new(scope).normalised(), found);
            }
        }
        Ok(ServiceContext {
            service_id: Scope::new(self.path(&Address::top(&kinds::SERVICE.info, ""))),
            identity: service.map(identity).unwrap_or_default(),
            links: BTreeMap::new(),
            grants,
        })
    }

    /// The state of the link of an integration; none if the integration does not exist.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn link_state(&self, address: &Address) -> Result<Option<LinkState>, ServiceError> {
        let version = kinds::of(address).api_version;
        let found = self.client.get(&self.path(address), version).await?;
        Ok(found.as_ref().and_then(Value::as_object).map(link_state))
    }
}

/// The state of a link, from the response for its integration.
pub(super) fn link_state(envelope: &Map<String, Value>) -> LinkState {
    let link = envelope
        .get("properties")
        .and_then(|properties| properties.get("linkState"));
    let text = |field: &str| link?.get(field)?.as_str().map(str::to_owned);
    LinkState {
        state: text("state").unwrap_or_default().into(),
        message: text("message").filter(|message| !message.is_empty()),
    }
}

/// The identities of a service, from the response for it.
pub(super) fn identity(service: &Value) -> Identity {
    let principal = |value: &Value| Some(value.get("principalId")?.as_str()?.to_owned());
    let Some(identity) = service.get("identity") else {
        return Identity::default();
    };
    let users = identity
        .get("userAssignedIdentities")
        .and_then(Value::as_object);
    Identity {
        system: principal(identity),
        user: users
            .into_iter()
            .flatten()
            .filter_map(|(id, value)| Some((id.clone(), principal(value)?)))
            .collect(),
    }
}

/// The role assignments at a scope, inherited ones included. `atScope()` leaves out those below it
/// (documented).
async fn grants_at(
    client: &ArmClient,
    scope: &str,
    required: bool,
) -> Result<Option<Vec<Grant>>, ServiceError> {
    let scope = scope.trim_end_matches('/');
    let path =
        format!("{scope}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()");
    match client.list(&path, ROLE_ASSIGNMENT.api_version).await {
        Ok(found) => Ok(Some(found.iter().filter_map(grant).collect())),
        // There are no assignments at a scope that does not exist yet.
        Err(error) if error.kind() == ErrorKind::NotFound && required => Ok(Some(Vec::new())),
        Err(_) if !required => Ok(None),
        Err(error) => Err(error),
    }
}

fn grant(envelope: &Value) -> Option<Grant> {
    let properties = envelope.get("properties")?;
    let text = |field: &str| properties.get(field)?.as_str().map(str::to_owned);
    let role = text("roleDefinitionId")?;
    Some(Grant {
        id: envelope.get("id")?.as_str()?.to_owned(),
        scope: Scope::new(text("scope")?),
        role: kinds::role_name(kinds::wire_name(&role)),
        principal: text("principalId")?.to_ascii_lowercase(),
        principal_type: text("principalType"),
        description: text("description").filter(|text| !text.is_empty()),
    })
}
