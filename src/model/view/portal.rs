//! The portal of a service.

use serde_json::Value;

use super::path::{get, view};

view! {
    /// A portal.
    PortalView {
        /// Whether people may read the catalogue without signing in.
        ANONYMOUS_ACCESS = "allowAnonymousAccess";
    }
}

impl PortalView<'_> {
    /// Whether people may read the catalogue without signing in.
    #[must_use]
    pub fn is_public(self) -> bool {
        get(self.0, Self::ANONYMOUS_ACCESS) == Some(&Value::Bool(true))
    }
}
