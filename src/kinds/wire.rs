//! Addresses as the service writes them: ARM paths and service-relative ids.

use super::{
    ANALYZER, API, API_DEFINITION, API_VERSION, DEPLOYMENT, ENVIRONMENT, KINDS, Kind, Parent,
    SERVICE,
};
use crate::model::Address;

/// The only workspace that a service can have (documented limit: one, named `default`).
const WORKSPACE: &str = "/workspaces/default";

/// The path of a resource below its service, such as `/workspaces/default/apis/orders`.
#[must_use]
pub fn arm_path(address: &Address) -> String {
    let mut path = String::new();
    for segment in address.segments() {
        let kind = super::by_name(segment.kind.name).expect("every segment is of a kind in KINDS");
        match kind.parent {
            Parent::Root => {}
            Parent::Workspace => path.push_str(WORKSPACE),
            Parent::Service | Parent::Of(_) => {}
        }
        if !matches!(kind.parent, Parent::Root) {
            path.push('/');
            path.push_str(kind.collection);
            path.push('/');
            path.push_str(&segment.name);
        }
    }
    path
}

/// The address that a service-relative id names; `None` for an id of a form that is not known.
///
/// Observed: deployments name their environment and definition relative to the service
/// (`/workspaces/default/environments/prod`), never by a full ARM id.
#[must_use]
pub fn address_of(id: &str) -> Option<Address> {
    let rest = id
        .get(..WORKSPACE.len())
        .filter(|head| head.eq_ignore_ascii_case(WORKSPACE))?;
    let steps: Vec<&str> = id[rest.len()..].trim_matches('/').split('/').collect();
    let mut address: Option<Address> = None;
    for pair in steps.chunks(2) {
        let [collection, name] = pair else {
            return None;
        };
        let kind = child_of(address.as_ref(), collection)?;
        address = Some(match address {
            None => Address::top(&kind.info, *name),
            Some(parent) => parent.child(&kind.info, *name),
        });
    }
    address
}

fn child_of(parent: Option<&Address>, collection: &str) -> Option<&'static Kind> {
    let candidates: [&'static Kind; 6] = [
        &API,
        &ENVIRONMENT,
        &API_VERSION,
        &API_DEFINITION,
        &DEPLOYMENT,
        &ANALYZER,
    ];
    candidates.into_iter().find(|kind| {
        kind.collection.eq_ignore_ascii_case(collection)
            && match (kind.parent, parent) {
                (Parent::Workspace, None) => true,
                (Parent::Of(above), Some(address)) => above.info == *address.kind(),
                _ => false,
            }
    })
}

/// The address that a text such as `api/orders/version/1-0-0` names; `None` for any other text.
#[must_use]
pub fn parse_address(text: &str) -> Option<Address> {
    if text == SERVICE.info.slug {
        return Some(Address::top(&SERVICE.info, ""));
    }
    let steps: Vec<&str> = text.split('/').collect();
    let mut address: Option<Address> = None;
    for pair in steps.chunks(2) {
        let [slug, name] = pair else { return None };
        let below = |kind: &&&'static Kind| match (kind.parent, &address) {
            (Parent::Service | Parent::Workspace, None) => true,
            (Parent::Of(above), Some(address)) => above.info == *address.kind(),
            _ => false,
        };
        let kind = KINDS
            .iter()
            .filter(below)
            .find(|kind| kind.info.slug == *slug)?;
        address = Some(match address {
            None => Address::top(&kind.info, *name),
            Some(parent) => parent.child(&kind.info, *name),
        });
    }
    address
}

/// The last part of an ARM id.
#[must_use]
pub fn wire_name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_turn_into_each_other() {
        for id in [
            "/workspaces/default/environments/prod",
            "/workspaces/default/apis/a-b/versions/1-0-0/definitions/openapi",
            "/workspaces/default/apis/a-b/deployments/d-1",
        ] {
            assert_eq!(arm_path(&address_of(id).unwrap()), id);
        }
        assert_eq!(address_of("/workspaces/default/environments"), None);
        assert_eq!(address_of("/workspaces/other/environments/prod"), None);
        assert_eq!(address_of("/subscriptions/x"), None);
    }
}
