//! What a site shows: the resources of manifests, or of a service.

use crate::model::{DesiredState, LiveState, Resource, Role};

/// What a site shows.
#[derive(Debug)]
pub struct Catalogue<'a> {
    /// The service.
    pub service: &'a str,
    /// In words, where the resources are from.
    pub source: String,
    /// The resources, each after that which it is below.
    pub resources: Vec<CatalogueResource<'a>>,
}

/// A resource that a site shows.
#[derive(Debug)]
pub struct CatalogueResource<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Its document, where that is known.
    pub text: Option<&'a str>,
}

impl<'a> Catalogue<'a> {
    /// What manifests declare.
    #[must_use]
    pub fn of_desired(service: &'a str, source: String, desired: &'a DesiredState) -> Self {
        let resources = desired.resources.values().map(|declared| {
            let document = declared.document.as_deref();
            CatalogueResource {
                resource: &declared.resource,
                text: document.map(|document| &*document.text),
            }
        });
        Self::of(service, source, resources)
    }

    /// What a service has.
    #[must_use]
    pub fn of_live(service: &'a str, source: String, live: &'a LiveState) -> Self {
        let resources = live.resources.values().map(|current| CatalogueResource {
            resource: &current.resource,
            text: current.text.as_deref(),
        });
        Self::of(service, source, resources)
    }

    fn of(
        service: &'a str,
        source: String,
        resources: impl Iterator<Item = CatalogueResource<'a>>,
    ) -> Self {
        // Neither is in the catalogue: one is a right, and the other adds to an API that is there by itself.
        let is_shown = |one: &CatalogueResource<'_>| {
            let role = one.resource.address.kind().role;
            !matches!(role, Role::RoleAssignment | Role::SyncedApi)
        };
        Self {
            service,
            source,
            resources: resources.filter(is_shown).collect(),
        }
    }
}
