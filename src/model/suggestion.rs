//! What to add to the manifests, as data; the renderers write it as YAML.

use super::resource::Body;

/// A manifest to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The kind, such as `Service`.
    pub kind: &'static str,
    /// The name under `metadata`.
    pub name: String,
    /// The body under `spec`, as a manifest has it: short forms are allowed.
    pub spec: Body,
}
