//! Names of resources on the wire: ARM paths and service-relative ids.

use super::location::{Location, RootNaming, ServiceRoot};
use super::{KINDS, Kind};
use crate::model::{Address, KindInfo};

/// The path of a resource below its service, such as `/workspaces/default/apis/orders`.
#[must_use]
pub fn arm_path(address: &Address) -> String {
    path_in(KINDS, address)
}

fn path_in(kinds: &[&'static Kind], address: &Address) -> String {
    let mut path = String::new();
    for segment in address.segments() {
        let kind = row(kinds, segment.kind).expect("every segment is of a kind in KINDS");
        match kind.location {
            Location::Root(_) => continue,
            Location::Path(_) => return super::resource_type::path_at(address, false),
            Location::Workspace(root) => path.push_str(root.workspace),
            Location::Service(_)
            | Location::Child(_)
            | Location::AnyScope(_)
            | Location::Matched => {}
        }
        path.push('/');
        path.push_str(kind.collection);
        path.push('/');
        path.push_str(&segment.name);
    }
    path
}

fn row(kinds: &[&'static Kind], info: &KindInfo) -> Option<&'static Kind> {
    kinds.iter().copied().find(|kind| kind.info == *info)
}

impl ServiceRoot {
    /// The address of the resource with this id relative to a service; `None` for an id of a form that
    /// is not known.
    ///
    /// `service` is the address of the service, where addresses name it ([`RootNaming::Named`]).
    ///
    /// Observed: deployments name their environment and definition relative to the service
    /// (`/workspaces/default/environments/prod`). Full ids, which the service keeps as some clients write
    /// them, are made relative before they get here.
    #[must_use]
    pub fn address_of(&'static self, service: Option<&Address>, id: &str) -> Option<Address> {
        self.address_in(KINDS, service, id)
    }

    fn address_in(
        &'static self,
        kinds: &[&'static Kind],
        service: Option<&Address>,
        id: &str,
    ) -> Option<Address> {
        let head = id
            .get(..self.workspace.len())
            .filter(|head| head.eq_ignore_ascii_case(self.workspace))?;
        let steps: Vec<&str> = id[head.len()..].trim_matches('/').split('/').collect();
        let mut address = service.cloned();
        for pair in steps.chunks(2) {
            let [collection, name] = pair else {
                return None;
            };
            let above = address.as_ref();
            let kind = kinds.iter().copied().find(|kind| {
                kind.collection.eq_ignore_ascii_case(collection)
                    && match kind.location {
                        Location::Child(parent) => above.is_some_and(|a| parent.info == *a.kind()),
                        _ => above == service && self.is_base_of(kind),
                    }
            })?;
            address = Some(below(address, kind, name));
        }
        address
    }

    /// Whether ids of a kind start at the base: the workspace, or the service if it has none.
    fn is_base_of(&self, kind: &Kind) -> bool {
        match kind.location {
            Location::Workspace(root) => root == self && !root.workspace.is_empty(),
            Location::Service(root) => root == self && root.workspace.is_empty(),
            _ => false,
        }
    }
}

fn below(above: Option<Address>, kind: &'static Kind, name: &str) -> Address {
    match above {
        None => Address::top(&kind.info, name),
        Some(above) => above.child(&kind.info, name),
    }
}

/// The resource with an address such as `api/orders/version/1-0-0`; `None` for any other text.
#[must_use]
pub fn parse_address(text: &str) -> Option<Address> {
    parse_in(KINDS, text)
}

fn parse_in(kinds: &[&'static Kind], text: &str) -> Option<Address> {
    let is_implicit = |kind: &&&Kind| match kind.location {
        Location::Root(root) => root.naming == RootNaming::Implicit && kind.info.slug == text,
        _ => false,
    };
    if let Some(service) = kinds.iter().find(is_implicit) {
        return Some(Address::top(&service.info, ""));
    }
    let steps: Vec<&str> = text.split('/').collect();
    let mut address: Option<Address> = None;
    let has_path = |kind: &&&Kind| {
        matches!(kind.location, Location::Path(_)) && steps.first() == Some(&kind.info.slug)
    };
    if let Some(kind) = kinds.iter().find(has_path) {
        let path = &steps[1..];
        let is_path = !path.is_empty()
            && path.len().is_multiple_of(2)
            && path.iter().all(|step| !step.is_empty());
        return is_path.then(|| Address::top(&kind.info, path.join("/")));
    }
    for pair in steps.chunks(2) {
        let [slug, name] = pair else { return None };
        let above = address.as_ref();
        let kind = kinds
            .iter()
            .find(|kind| kind.info.slug == *slug && may_follow(kinds, kind, above))?;
        address = Some(below(address, kind, name));
    }
    address
}

/// Whether an address may go on with a kind below another resource, or start with it.
fn may_follow(kinds: &[&'static Kind], kind: &Kind, above: Option<&Address>) -> bool {
    match (kind.location, above) {
        (Location::Root(root), None) => root.naming == RootNaming::Named,
        (Location::Service(root) | Location::Workspace(root), None) => {
            root.naming == RootNaming::Implicit
        }
        (Location::Service(root) | Location::Workspace(root), Some(above)) => {
            let above = row(kinds, above.kind()).map(|above| above.location);
            matches!(above, Some(Location::Root(own)) if own == root)
                && root.naming == RootNaming::Named
        }
        (Location::AnyScope(_) | Location::Matched, None) => true,
        (Location::Child(parent), Some(above)) => parent.info == *above.kind(),
        _ => false,
    }
}

/// The last part of an ARM id.
#[must_use]
pub fn wire_name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::API_CENTER;
    use crate::model::ServiceId;

    /// A second Azure service with one kind of resource.
    static GATEWAYS: ServiceRoot = ServiceRoot {
        resource_type: "Microsoft.ApiManagement/service",
        workspace: "",
        naming: RootNaming::Named,
    };

    static GATEWAY: Kind = Kind {
        info: KindInfo {
            name: "Gateway",
            slug: "gateway",
            noun: "gateway",
            rank: 100,
            ..KindInfo::PLAIN
        },
        location: Location::Root(&GATEWAYS),
        ..Kind::PLAIN
    };

    static PRODUCT: Kind = Kind {
        info: KindInfo {
            name: "Product",
            slug: "product",
            noun: "product",
            ..KindInfo::PLAIN
        },
        location: Location::Service(&GATEWAYS),
        collection: "products",
        ..Kind::PLAIN
    };

    fn both_services() -> Vec<&'static Kind> {
        [KINDS, &[&GATEWAY, &PRODUCT]].concat()
    }

    #[test]
    fn ids_and_addresses_turn_into_each_other() {
        for id in [
            "/workspaces/default/environments/prod",
            "/workspaces/default/apis/a-b/versions/1-0-0/definitions/openapi",
            "/workspaces/default/apis/a-b/deployments/d-1",
        ] {
            assert_eq!(arm_path(&API_CENTER.address_of(None, id).unwrap()), id);
        }
        for id in [
            "/workspaces/default/environments",
            "/workspaces/other/environments/prod",
            "/subscriptions/x",
        ] {
            assert_eq!(API_CENTER.address_of(None, id), None, "{id}");
        }
    }

    #[test]
    fn a_second_service_has_addresses_paths_and_an_order_of_its_own() {
        let kinds = both_services();
        let product = parse_in(&kinds, "gateway/contoso/product/gold").unwrap();
        assert_eq!(product.to_string(), "gateway/contoso/product/gold");
        assert_eq!(path_in(&kinds, &product), "/products/gold");
        let gateway = product.parent().unwrap();
        assert_eq!(path_in(&kinds, &gateway), "");
        assert_eq!(
            GATEWAYS.address_in(&kinds, Some(&gateway), "/products/gold"),
            Some(product.clone())
        );
        assert_eq!(
            GATEWAYS.id(&ServiceId {
                subscription: "s".to_owned(),
                resource_group: "g".to_owned(),
                name: gateway.name().to_owned(),
            }),
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso"
        );
        let resource_type = PRODUCT.resource_type().unwrap();
        assert_eq!(resource_type, "Microsoft.ApiManagement/service/products");

        let api = parse_in(&kinds, "api/orders").unwrap();
        let mut order = [product.clone(), api.clone(), gateway.clone()];
        order.sort();
        assert_eq!(order, [api, gateway, product]);
    }

    #[test]
    fn resources_are_addressed_below_their_own_service_only() {
        let kinds = both_services();
        for text in [
            "product/gold",
            "gateway",
            "gateway/contoso/api/orders",
            "gateway/contoso/gateway/other",
            "service/contoso",
            "api/orders/product/gold",
        ] {
            assert_eq!(parse_in(&kinds, text), None, "{text}");
        }
        assert!(parse_in(&kinds, "service").is_some());
    }
}
