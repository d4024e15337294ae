//! Environments.

use super::path::{text, view};

view! {
    /// An environment.
    EnvironmentView {
        /// Name shown in the portal.
        TITLE = "title";
        /// Stage of the software life cycle, such as `production`.
        STAGE = "kind";
        /// Address of the portal for developers.
        DEVELOPER_PORTAL = "onboarding.developerPortalUri";
        /// Product that runs the APIs; the gateway owns it on an environment of an integration
        /// (documented).
        SERVER_TYPE = "server.type";
    }
}

impl<'a> EnvironmentView<'a> {
    /// The title, if there is one.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, Self::TITLE)
    }
}
