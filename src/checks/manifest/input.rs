//! What rules over manifests see.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds;
use crate::model::view::IntegrationView;
use crate::model::{Address, DesiredState, ForeignSchemas, Patterns, Role};

/// What a rule over manifests sees.
#[derive(Debug, Clone, Copy)]
pub struct ManifestInput<'a> {
    /// Resources that files declare which are not read.
    pub elsewhere: &'a BTreeSet<Address>,
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

impl ManifestInput<'_> {
    /// Whether a resource that is not declared may be in the service all the same, because a repository that the
    /// project integrates brings it in: nobody declares the skills, agents or MCP servers of a repository.
    pub(super) fn may_be_brought_in(&self, target: &Address) -> bool {
        let asset = kinds::asset_type(target.kind());
        let mut declared = self.desired.resources.values();
        asset.is_some_and(|asset| {
            declared.any(|one| {
                one.resource.address.is(Role::Integration)
                    && IntegrationView::of(&one.resource.body).brings_in(asset)
            })
        })
    }
}
