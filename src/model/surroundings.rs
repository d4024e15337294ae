//! What a plan needs to know of the world around the catalogue: identities, links to gateways, and who
//! may do what where.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What was found around the service. Empty where nobody asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Surroundings {
    /// Resource id of the service, which may not exist yet.
    pub service_id: String,
    /// The service's managed identities.
    pub identity: Identity,
    /// The state of each integration's link, by the integration's name in lower case.
    pub links: BTreeMap<String, LinkState>,
    /// Role assignments that hold at a scope, inherited ones included, by the scope in lower case. A
    /// scope that is not here was not read, or could not be.
    pub grants: BTreeMap<String, Vec<Grant>>,
}

/// The managed identities of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Identity {
    /// Object id of the system-assigned identity.
    pub system: Option<String>,
    /// Object ids of the user-assigned identities, by their resource id.
    pub user: BTreeMap<String, String>,
}

impl Identity {
    /// The object id that stands for the service: the system-assigned identity, or else the only
    /// user-assigned one.
    #[must_use]
    pub fn of_service(&self) -> Option<&str> {
        match (&self.system, self.user.len()) {
            (Some(id), _) => Some(id),
            (None, 1) => self.user.values().next().map(String::as_str),
            _ => None,
        }
    }

    /// The object id of a user-assigned identity that is named by its resource id.
    #[must_use]
    pub fn user_assigned(&self, resource_id: &str) -> Option<&str> {
        self.user
            .iter()
            .find(|(id, _)| id.eq_ignore_ascii_case(resource_id))
            .map(|(_, principal)| principal.as_str())
    }

    /// Whether an object id is one of the service's identities.
    #[must_use]
    pub fn includes(&self, principal: &str) -> bool {
        self.system
            .iter()
            .chain(self.user.values())
            .any(|id| id.eq_ignore_ascii_case(principal))
    }
}

/// How the link to a gateway is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkState {
    /// `initializing`, `syncing`, `error`, `deleting`, or a word that this program does not know.
    pub state: String,
    /// What the service says about it.
    pub message: Option<String>,
}

/// A role that a principal has at a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Grant {
    /// Full resource id of the assignment.
    pub id: String,
    /// The scope that it was made for, which may lie above the one that was asked about.
    pub scope: String,
    /// The role, by built-in name or else by GUID.
    pub role: String,
    /// Object id of the principal.
    pub principal: String,
    /// What the principal is, such as `ServicePrincipal`.
    pub principal_type: Option<String>,
    /// Why it was made.
    pub description: Option<String>,
}

/// The form of a scope that is compared: no case, no slash at the end.
#[must_use]
pub fn scope_key(scope: &str) -> String {
    scope.trim_end_matches('/').to_ascii_lowercase()
}

/// Whether a scope is another one or lies above it.
#[must_use]
pub fn scope_covers(upper: &str, lower: &str) -> bool {
    let (upper, lower) = (scope_key(upper), scope_key(lower));
    lower
        .strip_prefix(&upper)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
