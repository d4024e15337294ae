//! APIs and their versions.

use super::path::{text, view};

view! {
    /// An API.
    ApiView {
        /// Name shown in the portal.
        TITLE = "title";
        /// What style of API it is, such as `rest`.
        STYLE = "kind";
        /// One sentence about it.
        SUMMARY = "summary";
        /// What it does.
        DESCRIPTION = "description";
        /// Link to its terms of service.
        TERMS_URL = "termsOfService.url";
        /// Links to further documentation.
        EXTERNAL_DOCUMENTATION = "externalDocumentation";
        /// People to ask.
        CONTACTS = "contacts";
        /// Licence.
        LICENSE = "license";
        /// Versions, which are resources of their own.
        VERSIONS = "versions";
        /// Deployments, which are resources of their own.
        DEPLOYMENTS = "deployments";
    }
}

impl<'a> ApiView<'a> {
    /// The title, if there is one.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, Self::TITLE)
    }

    /// The style of the API, if there is one.
    #[must_use]
    pub fn style(self) -> Option<&'a str> {
        text(self.0, Self::STYLE)
    }

    /// Whether it is a server of the Model Context Protocol.
    #[must_use]
    pub fn is_mcp_server(self) -> bool {
        self.style()
            .is_some_and(|style| style.eq_ignore_ascii_case("mcp"))
    }
}

view! {
    /// A version of an API.
    ApiVersionView {
        /// Name shown in the portal.
        TITLE = "title";
        /// Stage of the version's life.
        LIFECYCLE_STAGE = "lifecycleStage";
        /// Definitions, which are resources of their own.
        DEFINITIONS = "definitions";
    }
}

impl<'a> ApiVersionView<'a> {
    /// The title, if there is one.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, Self::TITLE)
    }

    /// The stage of its life, if there is one.
    #[must_use]
    pub fn lifecycle_stage(self) -> Option<&'a str> {
        text(self.0, Self::LIFECYCLE_STAGE)
    }
}
