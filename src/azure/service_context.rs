//! The context of a service: its identities, the links of its integrations, and role assignments.

use futures::future::try_join_all;
use serde_json::{Map, Value};

use super::client::ArmClient;
use super::service::ArmService;
use crate::kinds::{self, ROLE_ASSIGNMENT};
use crate::live::{ErrorKind, ReadScope, ServiceError};
use crate::model::{Address, Grant, Identity, LinkState, Scope, ServiceContext, Unreadable};

/// Role assignments by the scope that was asked for, or why they could not be read.
pub(super) type Grants = Vec<(Scope, Result<Vec<Grant>, Unreadable>)>;

impl ArmService {
    /// What a plan needs to know besides the catalogue itself; `service` is the response for the service.
    pub(super) fn context(&self, service: Option<&Value>, grants: Grants) -> ServiceContext {
        let mut context = ServiceContext {
            service_id: Scope::new(self.path(&Address::top(&kinds::SERVICE.info, ""))),
            identity: service.map(identity).unwrap_or_default(),
            ..ServiceContext::default()
        };
        for (scope, grants) in grants {
            match grants {
                Ok(grants) => drop(context.grants.insert(scope.normalised(), grants)),
                Err(reason) => drop(context.unreadable.insert(scope, reason)),
            }
        }
        context
    }

    /// The role assignments at the wanted scopes.
    pub(super) async fn grants(&self, scope: &ReadScope) -> Result<Grants, ServiceError> {
        let reads = scope.role_scopes.iter().map(async |(scope, required)| {
            let scope = Scope::new(scope.as_str().trim_end_matches('/'));
            let grants = grants_at(&self.client, scope.as_str(), *required).await?;
            Ok::<_, ServiceError>((scope, grants))
        });
        try_join_all(reads).await
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
) -> Result<Result<Vec<Grant>, Unreadable>, ServiceError> {
    let path =
        format!("{scope}/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()");
    match client.list(&path, ROLE_ASSIGNMENT.api_version).await {
        Ok(found) => {
            let grants: Result<_, _> = found.iter().map(|one| grant(one, scope)).collect();
            grants.map(Ok)
        }
        Err(error) => match (error.kind(), required) {
            // There are no assignments at a scope that does not exist yet.
            (ErrorKind::NotFound, true) => Ok(Ok(Vec::new())),
            (ErrorKind::NotFound, false) => Ok(Err(Unreadable::NotFound)),
            (ErrorKind::Authorization, false) => Ok(Err(Unreadable::Forbidden)),
            _ => Err(error.with_subject(format!("role assignments at {scope}"))),
        },
    }
}

fn grant(envelope: &Value, queried: &str) -> Result<Grant, ServiceError> {
    let text = |pointer: &str| envelope.pointer(pointer).and_then(Value::as_str);
    let required = |pointer: &str| {
        text(pointer).ok_or_else(|| {
            let name = text("/name").unwrap_or("without a name");
            let field = pointer.rsplit('/').next().unwrap_or_default();
            let text = format!("the role assignment {name} at {queried} has no `{field}`");
            ServiceError::new(ErrorKind::Protocol, text)
        })
    };
    Ok(Grant {
        id: required("/id")?.to_owned(),
        scope: Scope::new(required("/properties/scope")?),
        role: kinds::role_name(kinds::wire_name(required("/properties/roleDefinitionId")?)),
        principal: required("/properties/principalId")?.to_ascii_lowercase(),
        principal_type: text("/properties/principalType").map(str::to_owned),
        description: text("/properties/description")
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
    })
}
