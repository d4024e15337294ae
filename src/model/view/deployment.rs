//! Deployments of an API.

use serde_json::Value;

use super::path::{items, text, view};

view! {
    /// A deployment.
    DeploymentView {
        /// Name shown in the portal.
        TITLE = "title";
        /// Base addresses of the API.
        RUNTIME_URI = "server.runtimeUri";
        /// Name of the environment.
        ENVIRONMENT = "environment";
        /// Version and definition, as `VERSION/DEFINITION`, or `API/VERSION/DEFINITION`.
        DEFINITION = "definition";
    }
}

impl<'a> DeploymentView<'a> {
    /// The name of its environment.
    #[must_use]
    pub fn environment(self) -> Option<&'a str> {
        text(self.0, Self::ENVIRONMENT)
    }

    /// The addresses at which it is called.
    pub fn runtime_uris(self) -> impl Iterator<Item = &'a str> {
        items(self.0, Self::RUNTIME_URI)
            .iter()
            .filter_map(Value::as_str)
    }
}
