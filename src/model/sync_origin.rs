//! Where synchronised resources come from.

use super::address::Address;
use super::kind::Role;
use super::ownership::OwnershipMarker;
use super::state::{LiveResource, LiveState, SyncOrigin};
use super::view::CustomProperties;

impl SyncOrigin {
    /// The integrations that may keep the resource.
    pub fn integrations(&self) -> impl Iterator<Item = &Address> {
        std::iter::once(&self.integration).chain(&self.others)
    }

    /// Whether this integration may keep the resource.
    #[must_use]
    pub fn may_be_of(&self, integration: &Address) -> bool {
        self.integrations().any(|other| other == integration)
    }
}

impl LiveState {
    /// Forgets the origin of APIs that look synchronised and carry an ownership marker: only a
    /// repository that declares an API sets it. What an integration surely made keeps its origin,
    /// because a `SyncedApi` sets the marker, too.
    pub fn believe_markers(&mut self, marker: &OwnershipMarker) {
        let is_marked = |address: &Address| {
            self.resources.get(address).is_some_and(|current| {
                CustomProperties::of(&current.resource.body)
                    .get(&marker.property)
                    .is_some_and(serde_json::Value::is_string)
            })
        };
        let declared: Vec<Address> = self
            .origins
            .iter()
            .filter(|(address, origin)| {
                address.is(Role::Api) && !origin.is_confirmed && is_marked(address)
            })
            .map(|(address, _)| address.clone())
            .collect();
        for api in declared {
            self.origins.remove(&api);
            for (address, current) in self.resources.range_mut(&api..) {
                if *address != api && !address.is_below(&api) {
                    break;
                }
                current.synchronised = false;
            }
        }
    }

    /// The live deployments to an environment.
    pub fn deployments_to<'a>(
        &'a self,
        environment: &'a Address,
    ) -> impl Iterator<Item = &'a LiveResource> {
        self.resources.values().filter(|current| {
            let resource = &current.resource;
            resource.address.root().is(Role::Api) && resource.references.contains(environment)
        })
    }
}
