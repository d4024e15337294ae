//! Where resources are in Azure: the services that they belong to and their place in a service.

use super::Kind;
use crate::model::ServiceId;

/// An Azure service whose resources are kinds.
#[derive(Debug)]
pub struct ServiceRoot {
    /// Resource type of the service, such as `Microsoft.ApiCenter/services`.
    pub resource_type: &'static str,
    /// Path of the workspace of its resources, below the service; empty for a service without
    /// workspaces.
    pub workspace: &'static str,
    /// How addresses name the service.
    pub naming: RootNaming,
}

/// How addresses name a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootNaming {
    /// A target has one such service: addresses of its resources do not name it (`api/orders`).
    Implicit,
    /// Addresses start with the service (`gateway/contoso/api/orders`).
    Named,
}

/// Azure API Center. A service has one workspace, `default` (documented limit).
pub static API_CENTER: ServiceRoot = ServiceRoot {
    resource_type: "Microsoft.ApiCenter/services",
    workspace: "/workspaces/default",
    naming: RootNaming::Implicit,
};

/// The version that serves the types without a published description.
pub(super) const PREVIEW: &str = "2024-06-01-preview";

impl ServiceRoot {
    /// ARM id of a service.
    #[must_use]
    pub fn id(&self, service: &ServiceId) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/{}/{}",
            service.subscription, service.resource_group, self.resource_type, service.name
        )
    }
}

impl PartialEq for ServiceRoot {
    fn eq(&self, other: &Self) -> bool {
        self.resource_type == other.resource_type
    }
}

impl Eq for ServiceRoot {}

/// Where the resources of a kind are.
#[derive(Debug, Clone, Copy)]
pub enum Location {
    /// The service itself.
    Root(&'static ServiceRoot),
    /// Directly below a service.
    Service(&'static ServiceRoot),
    /// In the workspace of a service.
    Workspace(&'static ServiceRoot),
    /// Anywhere in a service: the name of a resource is its path.
    Path(&'static ServiceRoot),
    /// Below a resource of another kind.
    Child(&'static Kind),
    /// At any scope of Azure, as an extension of this resource type, under an id of its own.
    AnyScope(&'static str),
    /// Nowhere: planning matches it with a resource that somebody else created.
    Matched,
}

impl Location {
    /// The service that resources of this location belong to; `None` outside of services.
    #[must_use]
    pub fn root(self) -> Option<&'static ServiceRoot> {
        match self {
            Self::Root(root) | Self::Service(root) | Self::Workspace(root) | Self::Path(root) => {
                Some(root)
            }
            Self::Child(above) => above.location.root(),
            Self::AnyScope(_) | Self::Matched => None,
        }
    }

    /// Whether it is the service itself.
    #[must_use]
    pub fn is_root(self) -> bool {
        matches!(self, Self::Root(_))
    }

    /// The kind above, for a child.
    #[must_use]
    pub fn parent(self) -> Option<&'static Kind> {
        match self {
            Self::Child(above) => Some(above),
            _ => None,
        }
    }
}
