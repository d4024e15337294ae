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
                    .text(&marker.property)
                    .is_some()
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

    /// A resource, if it is in the service, and everything below it, in the order of their addresses.
    pub fn family_of<'a>(&'a self, top: &'a Address) -> impl Iterator<Item = &'a LiveResource> {
        self.resources
            .range(top..)
            .take_while(move |(address, _)| *address == top || address.is_below(top))
            .map(|(_, member)| member)
            .chain(self.within(top))
    }

    /// The resources below another one whose addresses do not show it. They sort last.
    fn within<'a>(&'a self, top: &'a Address) -> impl Iterator<Item = &'a LiveResource> {
        let goes_with = move |above: &Address| above == top || above.is_below(top);
        self.resources
            .values()
            .rev()
            .take_while(|member| member.resource.address.kind().by_declared_fields)
            .filter(move |member| member.resource.within.as_ref().is_some_and(goes_with))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, KindInfo, LiveResource, Resource};

    static TOP: KindInfo = KindInfo {
        slug: "top",
        ..KindInfo::PLAIN
    };

    #[test]
    fn a_family_is_a_resource_and_everything_below_it() {
        let at = |name: &str| Address::top(&TOP, name);
        let orders = at("orders");
        let member = |address: Address| {
            let resource = Resource {
                within: None,
                address: address.clone(),
                body: Body::new(),
                references: Default::default(),
                id: None,
            };
            let current = LiveResource {
                resource,
                unmodelled: Body::new(),
                synchronised: false,
                text: None,
                files: None,
                created_at: None,
            };
            (address, current)
        };
        let child = at("Orders").child(&TOP, "one");
        let grandchild = child.child(&TOP, "two");
        let all = [
            at("order"),
            orders.clone(),
            child.clone(),
            grandchild.clone(),
            at("orders-eu"),
            at("orders-eu").child(&TOP, "one"),
        ];
        let live = LiveState {
            resources: all.map(member).into(),
            ..LiveState::default()
        };
        let family = |top: &Address| -> Vec<Address> {
            live.family_of(top)
                .map(|current| current.resource.address.clone())
                .collect()
        };
        assert_eq!(
            family(&orders),
            [orders.clone(), child.clone(), grandchild.clone()]
        );
        assert_eq!(family(&child), [child.clone(), grandchild]);
        assert!(family(&at("orders-e")).is_empty());
    }
}
