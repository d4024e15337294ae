//! From a path below the provider to a place in an instance.

use super::samples;
use crate::emulator::store::child_key;

/// The provider's namespace.
pub(in crate::emulator) const PROVIDER: &str = "Microsoft.ApiManagement";

/// The API versions that are accepted (documented; chosen here: those that tools in use send).
pub(in crate::emulator) static API_VERSIONS: &[&str] = &[
    "2022-08-01",
    "2023-03-01-preview",
    "2023-05-01-preview",
    "2023-09-01-preview",
    "2024-05-01",
    "2024-06-01-preview",
];

/// Somewhere in an instance, as the caller addressed it.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct Place {
    /// `/subscriptions/…/resourceGroups/…/providers/Microsoft.ApiManagement`
    pub(super) provider_path: String,
    /// The instance's name; empty in the list of instances.
    pub(super) name: String,
    pub(super) spot: Spot,
    group: String,
    group_key: String,
}

/// What in an instance is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    Services,
    Service,
    OperationResult(String),
    Apis,
    Api(String),
    Revisions(String),
    Operations(String),
    Operation(String, String),
    Schemas(String),
    Schema(String, String),
    VersionSets,
    VersionSet(String),
}

impl Place {
    /// Reads the segments after the provider.
    pub(in crate::emulator) fn read(
        subscription: &str,
        group: &str,
        rest: &[&str],
    ) -> Option<Self> {
        let (collection, rest) = rest.split_first()?;
        if !collection.eq_ignore_ascii_case("service") {
            return None;
        }
        let (name, spot) = match rest.split_first() {
            None => ("", Spot::Services),
            Some((name, below)) => (*name, spot(below)?),
        };
        Some(Self {
            provider_path: format!(
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/{PROVIDER}"
            ),
            name: name.to_owned(),
            spot,
            group: group.to_owned(),
            group_key: group_key(subscription, group),
        })
    }

    /// The place that an instance's or an API's id names.
    pub(in crate::emulator) fn of_id(id: &str) -> Option<Self> {
        let segments: Vec<&str> = id.trim_matches('/').split('/').collect();
        let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
        match segments.as_slice() {
            [a, subscription, b, group, c, d, rest @ ..]
                if is(a, "subscriptions")
                    && is(b, "resourceGroups")
                    && is(c, "providers")
                    && is(d, PROVIDER) =>
            {
                Self::read(subscription, group, rest)
            }
            _ => None,
        }
    }

    pub(super) fn group(&self) -> &str {
        &self.group
    }

    /// The key that instances of the resource group are listed under.
    pub(super) fn group_key(&self) -> &str {
        &self.group_key
    }

    /// The key of the instance.
    pub(in crate::emulator) fn instance_key(&self) -> String {
        child_key(&self.group_key, "service", &self.name)
    }

    /// The id of the instance.
    pub(in crate::emulator) fn instance_id(&self) -> String {
        format!("{}/service/{}", self.provider_path, self.name)
    }

    /// Whether this is in the instance that exists without being made.
    pub(in crate::emulator) fn is_sample(&self) -> bool {
        self.name.eq_ignore_ascii_case(samples::SAMPLE)
    }
}

/// The key that stands for a resource group here. No subscription is called like its start, so that
/// it collides with nothing below a service of the other provider.
pub(super) fn group_key(subscription: &str, group: &str) -> String {
    format!("@apim/{subscription}/{group}").to_ascii_lowercase()
}

fn spot(segments: &[&str]) -> Option<Spot> {
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    let owned = |segment: &str| segment.to_owned();
    Some(match segments {
        [] => Spot::Service,
        [a] if is(a, "apis") => Spot::Apis,
        [a] if is(a, "apiVersionSets") => Spot::VersionSets,
        [a, id] if is(a, "operationResults") => Spot::OperationResult(owned(id)),
        [a, id] if is(a, "apis") => Spot::Api(owned(id)),
        [a, id] if is(a, "apiVersionSets") => Spot::VersionSet(owned(id)),
        [a, api, b] if is(a, "apis") && is(b, "revisions") => Spot::Revisions(owned(api)),
        [a, api, b] if is(a, "apis") && is(b, "operations") => Spot::Operations(owned(api)),
        [a, api, b, id] if is(a, "apis") && is(b, "operations") => {
            Spot::Operation(owned(api), owned(id))
        }
        [a, api, b] if is(a, "apis") && is(b, "schemas") => Spot::Schemas(owned(api)),
        [a, api, b, id] if is(a, "apis") && is(b, "schemas") => Spot::Schema(owned(api), owned(id)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, Spot};

    #[test]
    fn ids_name_places() {
        let id = "/subscriptions/S/resourcegroups/g/providers/microsoft.apimanagement/service/Apim";
        let place = Place::of_id(&format!("{id}/apis/echo;rev=2")).unwrap();
        assert_eq!(place.spot, Spot::Api("echo;rev=2".to_owned()));
        assert_eq!(place.instance_key(), "@apim/s/g/service/apim");
        assert_eq!(Place::of_id(id).unwrap().spot, Spot::Service);
        assert!(Place::of_id(&format!("{id}/products/x")).is_none());
        assert!(Place::of_id("/subscriptions/s").is_none());
    }
}
