//! Definitions of a version.

use serde_json::Value;

use super::path::{get, view};

view! {
    /// A definition.
    DefinitionView {
        /// Name shown in the portal.
        TITLE = "title";
        /// Format of the document.
        SPECIFICATION = "specification";
        /// Digest of the document.
        SOURCE = "source";
    }
}

impl<'a> DefinitionView<'a> {
    /// The format of the document, with its name and version.
    #[must_use]
    pub fn specification(self) -> Option<&'a Value> {
        get(self.0, Self::SPECIFICATION)
    }
}
