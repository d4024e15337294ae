//! What a plan needs to know besides the catalogue: identities, integration links, role assignments.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Scope};

/// The service's identities, integration links and role assignments. Empty if they were not requested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ServiceContext {
    /// Resource id of the service, which may not exist yet.
    pub service_id: Scope,
    /// The service's managed identities.
    pub identity: Identity,
    /// The state of each integration's link, by the integration's name in lower case.
    pub links: BTreeMap<String, LinkState>,
    /// Role assignments that apply at a scope, inherited ones included. A scope that is not a key was
    /// not read, or is in `unreadable`.
    pub grants: BTreeMap<Scope, Vec<Grant>>,
    /// Scopes whose role assignments these credentials cannot read, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unreadable: BTreeMap<Scope, Unreadable>,
    /// Types of resources that could not be listed, such as `links`, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub not_listed: BTreeMap<String, NotListed>,
}

/// Why the resources of a type could not be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NotListed {
    /// The service does not have the type, in this cloud or at this API version (404 or 400).
    NotOffered,
    /// A permission is missing (403).
    Forbidden,
}

impl NotListed {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotOffered => "not offered by this service",
            Self::Forbidden => "a permission is missing",
        }
    }
}

/// Why role assignments at a scope cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unreadable {
    /// A permission is missing (403).
    Forbidden,
    /// The scope does not exist, or is hidden from these credentials (404).
    NotFound,
}

impl Unreadable {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Forbidden => "not allowed, HTTP 403",
            Self::NotFound => "not found, HTTP 404",
        }
    }
}

impl ServiceContext {
    /// The state of an integration's link, if it was read.
    #[must_use]
    pub fn link(&self, integration: &Address) -> Option<&LinkState> {
        self.links.get(&integration.name().to_ascii_lowercase())
    }
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
    /// The object id of the service: the system-assigned identity, or else the only
    /// user-assigned one.
    #[must_use]
    pub fn of_service(&self) -> Option<&str> {
        match (&self.system, self.user.len()) {
            (Some(id), _) => Some(id),
            (None, 1) => self.user.values().next().map(String::as_str),
            _ => None,
        }
    }

    /// The object id of the user-assigned identity with this resource id.
    #[must_use]
    pub fn user_assigned(&self, resource_id: &str) -> Option<&str> {
        self.user
            .iter()
            .find(|(id, _)| id.eq_ignore_ascii_case(resource_id))
            .map(|(_, principal)| principal.as_str())
    }
}

/// The link of an integration to its gateway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LinkState {
    /// How the synchronisation is going.
    pub state: LinkStatus,
    /// The service's message about it.
    pub message: Option<String>,
}

/// How the synchronisation of an integration is going (documented: the values of `linkState.state`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum LinkStatus {
    /// The first synchronisation has not finished.
    Initializing,
    /// The link works.
    Syncing,
    /// The service reports an error.
    Error,
    /// The integration is being deleted.
    Deleting,
    /// A status that this program does not know, as the service writes it.
    Other(String),
}

impl LinkStatus {
    /// The service's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Initializing => "initializing",
            Self::Syncing => "syncing",
            Self::Error => "error",
            Self::Deleting => "deleting",
            Self::Other(word) => word,
        }
    }
}

impl Default for LinkStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<String> for LinkStatus {
    fn from(word: String) -> Self {
        let known = [
            Self::Initializing,
            Self::Syncing,
            Self::Error,
            Self::Deleting,
        ];
        let status = known.into_iter().find(|status| status.as_str() == word);
        status.unwrap_or(Self::Other(word))
    }
}

impl From<LinkStatus> for String {
    fn from(status: LinkStatus) -> Self {
        status.as_str().to_owned()
    }
}

impl std::fmt::Display for LinkStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A role that a principal has at a scope.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Grant {
    /// Full resource id of the assignment.
    pub id: String,
    /// Scope of the assignment; for an inherited one, an ancestor of the queried scope.
    pub scope: Scope,
    /// The role, by built-in name or else by GUID.
    pub role: String,
    /// Object id of the principal.
    pub principal: String,
    /// Type of the principal, such as `ServicePrincipal`.
    pub principal_type: Option<String>,
    /// Why the role was assigned.
    pub description: Option<String>,
}
