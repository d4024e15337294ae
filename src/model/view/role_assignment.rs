//! Role assignments.

use serde_json::Value;

use super::path::{get, leaf, text, view};
use crate::model::{Body, Scope};

view! {
    /// A role assignment.
    RoleAssignmentView {
        /// Built-in name or GUID of the role.
        ROLE = "role";
        /// Scope of the assignment.
        SCOPE = "scope";
        /// Who gets the role.
        PRINCIPAL = "principal";
        /// Whether the service's own identity gets it.
        SERVICE_IDENTITY = "principal.serviceIdentity";
        /// Object id of the principal.
        OBJECT_ID = "principal.objectId";
        /// Type of the principal.
        PRINCIPAL_TYPE = "principal.type";
        /// Why the role is assigned.
        DESCRIPTION = "description";
    }
}

/// Who gets a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Principal<'a> {
    /// The managed identity of the service.
    ServiceIdentity,
    /// A principal of Microsoft Entra ID.
    Object {
        /// Its object id.
        id: &'a str,
        /// Its type, such as `ServicePrincipal`.
        kind: Option<&'a str>,
    },
}

impl<'a> RoleAssignmentView<'a> {
    /// The kind in manifests.
    pub const KIND: &'static str = "RoleAssignment";

    /// Built-in name or GUID of the role.
    #[must_use]
    pub fn role(self) -> Option<&'a str> {
        text(self.0, Self::ROLE)
    }

    /// The scope; `None` for the service itself.
    #[must_use]
    pub fn scope(self) -> Option<Scope> {
        text(self.0, Self::SCOPE).map(Scope::new)
    }

    /// What the manifest says about the service's own identity; `None` if it says nothing.
    #[must_use]
    pub fn service_identity(self) -> Option<bool> {
        get(self.0, Self::SERVICE_IDENTITY)?.as_bool()
    }

    /// Object id of the principal; `None` for the service's own identity.
    #[must_use]
    pub fn object_id(self) -> Option<&'a str> {
        text(self.0, Self::OBJECT_ID)
    }

    /// Why the role is assigned.
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        text(self.0, Self::DESCRIPTION)
    }

    /// The body of an assignment; without a scope it is for the service.
    #[must_use]
    pub fn body(
        role: &str,
        scope: Option<&Scope>,
        principal: Principal<'_>,
        description: Option<&str>,
    ) -> Body {
        let mut body = Body::new();
        let mut set = |field: &str, value: &str| {
            body.insert(field.to_owned(), Value::from(value));
        };
        set(Self::ROLE, role);
        if let Some(scope) = scope {
            set(Self::SCOPE, scope.as_str());
        }
        let mut fields = Body::new();
        match principal {
            Principal::ServiceIdentity => {
                fields.insert(leaf(Self::SERVICE_IDENTITY).to_owned(), Value::Bool(true));
            }
            Principal::Object { id, kind } => {
                fields.insert(leaf(Self::OBJECT_ID).to_owned(), Value::from(id));
                if let Some(kind) = kind {
                    fields.insert(leaf(Self::PRINCIPAL_TYPE).to_owned(), Value::from(kind));
                }
            }
        }
        body.insert(Self::PRINCIPAL.to_owned(), Value::Object(fields));
        if let Some(text) = description {
            Self::set_description(&mut body, text);
        }
        body
    }

    /// Sets the description of an assignment.
    pub fn set_description(body: &mut Body, text: &str) {
        body.insert(Self::DESCRIPTION.to_owned(), Value::from(text));
    }
}
