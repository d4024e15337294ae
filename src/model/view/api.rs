//! APIs and their versions.

use super::path::{text, view};

view! {
    /// An API.
    ApiView {
        /// Name shown in the portal.
        TITLE = "title";
    }
}

impl<'a> ApiView<'a> {
    /// The title, if there is one.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        text(self.0, Self::TITLE)
    }
}

view! {
    /// A version of an API.
    ApiVersionView {
        /// Name shown in the portal.
        TITLE = "title";
        /// Stage of the version's life.
        LIFECYCLE_STAGE = "lifecycleStage";
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
