//! The APIs of a source, as APIs of a service.

/// An API with its versions.
pub(super) struct Offered {
    /// Its id in the source, which remains the same over changes.
    pub(super) origin: String,
    pub(super) title: String,
    pub(super) description: Option<String>,
    pub(super) kind: String,
    pub(super) versions: Vec<OfferedVersion>,
}

/// A version of an API, with where it runs.
pub(super) struct OfferedVersion {
    pub(super) origin: String,
    pub(super) title: String,
    pub(super) runtime_uri: String,
    pub(super) document: Option<OfferedDocument>,
}

/// A description that can be exported.
pub(super) struct OfferedDocument {
    /// `openapi`, `wsdl` or `graphql`.
    pub(super) name: String,
    /// Empty where the language has none.
    pub(super) version: String,
    pub(super) text: String,
}
