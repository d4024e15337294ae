//! The API Center service itself.

use serde_json::Value;

use super::path::{get, set, text, view};
use crate::model::Body;

view! {
    /// The service.
    ServiceView {
        /// Azure region.
        LOCATION = "location";
        /// Name of the pricing plan.
        SKU = "sku.name";
        /// Managed identity.
        IDENTITY = "identity";
        /// Type of the managed identity.
        IDENTITY_TYPE = "identity.type";
        /// User-assigned identities by resource id.
        USER_ASSIGNED_IDENTITIES = "identity.userAssignedIdentities";
    }
}

impl<'a> ServiceView<'a> {
    /// The kind in manifests.
    pub const KIND: &'static str = "Service";

    /// The body of a service with a managed identity: the user-assigned one with this resource id, or its
    /// own.
    #[must_use]
    pub fn body(location: &str, user_assigned: Option<&str>) -> Body {
        let mut body = Body::new();
        set(&mut body, Self::LOCATION, location);
        match user_assigned {
            None => set(&mut body, Self::IDENTITY, "SystemAssigned"),
            Some(id) => {
                let identities = Body::from_iter([(id.to_owned(), Body::new().into())]);
                set(&mut body, Self::IDENTITY_TYPE, "UserAssigned");
                set(&mut body, Self::USER_ASSIGNED_IDENTITIES, identities);
            }
        }
        body
    }

    /// The Azure region.
    #[must_use]
    pub fn location(self) -> Option<&'a str> {
        text(self.0, Self::LOCATION)
    }

    /// The name of the pricing plan.
    #[must_use]
    pub fn sku(self) -> Option<&'a str> {
        text(self.0, Self::SKU)
    }

    /// The type of the managed identity, such as `SystemAssigned`.
    #[must_use]
    pub fn identity_type(self) -> Option<&'a str> {
        text(self.0, Self::IDENTITY_TYPE)
    }

    /// Whether the service has a managed identity of any type.
    #[must_use]
    pub fn has_identity(self) -> bool {
        self.identity_type()
            .is_some_and(|name| name.to_ascii_lowercase().contains("assigned"))
    }

    /// Whether the service has an identity of its own, besides user-assigned ones.
    #[must_use]
    pub fn has_system_assigned(self) -> bool {
        self.identity_type()
            .is_some_and(|name| name.to_ascii_lowercase().contains("systemassigned"))
    }

    /// Whether the user-assigned identity with this resource id is assigned to the service.
    #[must_use]
    pub fn has_user_assigned(self, resource_id: &str) -> bool {
        get(self.0, Self::USER_ASSIGNED_IDENTITIES)
            .and_then(Value::as_object)
            .is_some_and(|all| all.keys().any(|id| id.eq_ignore_ascii_case(resource_id)))
    }
}
