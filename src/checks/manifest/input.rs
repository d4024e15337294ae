//! What rules over manifests see.

use std::collections::BTreeMap;

use crate::model::{DesiredState, ForeignSchemas, Patterns};

/// What a rule over manifests sees.
#[derive(Debug, Clone, Copy)]
pub struct ManifestInput<'a> {
    /// The declared resources.
    pub desired: &'a DesiredState,
    /// Resources that another repository declares.
    pub external: &'a Patterns,
    /// Metadata schemas that another repository declares, as far as the service has been read.
    pub foreign_schemas: &'a ForeignSchemas,
    /// Service limits that the project overrides, by name.
    pub limits: &'a BTreeMap<String, usize>,
    /// Fields left to others, as kind and path: they require no value here.
    pub ignored: &'a [(String, String)],
}
