//! From a path below the provider to a place in an instance.

use crate::emulator::store::child_key;

/// The provider's namespace.
pub(in crate::emulator) const NAMESPACE: &str = "Microsoft.ApiManagement";

/// The name of the instance that exists without being created, in every resource group (chosen here).
pub(super) const SAMPLE: &str = "contoso-apim";

/// The API versions that are accepted (documented; chosen here: those that tools in use send).
pub(in crate::emulator) static API_VERSIONS: &[&str] = &[
    "2021-08-01",
    "2021-12-01-preview",
    "2022-04-01-preview",
    "2022-08-01",
    "2022-09-01-preview",
    "2023-03-01-preview",
    "2023-05-01-preview",
    "2023-09-01-preview",
    "2024-05-01",
    "2024-06-01-preview",
    "2024-10-01-preview",
    "2025-03-01-preview",
    "2025-09-01-preview",
];

/// Somewhere in an instance, as the caller addressed it.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct ApimPath {
    /// `/subscriptions/…/resourceGroups/…/providers/Microsoft.ApiManagement`
    pub(super) provider_path: String,
    /// The instance's name; empty in the list of instances.
    pub(super) name: String,
    pub(super) resource: ApimResource,
    group: String,
    group_key: String,
}

/// What in an instance is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ApimResource {
    /// Those of the resource group, or of the subscription when the path names no group.
    Services,
    /// POST; whether an instance may be called so.
    CheckName,
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

impl ApimPath {
    /// Reads the segments after the provider.
    fn read(subscription: &str, group: &str, rest: &[&str]) -> Option<Self> {
        let (collection, rest) = rest.split_first()?;
        if !collection.eq_ignore_ascii_case("service") {
            return None;
        }
        let (name, resource) = match rest.split_first() {
            None => ("", ApimResource::Services),
            Some((name, below)) => (*name, resource(below)?),
        };
        let instance = Self::instance(subscription, group, name);
        Some(Self {
            resource,
            ..instance
        })
    }

    /// The place that an instance's or an API's id names.
    pub(in crate::emulator) fn of_id(id: &str) -> Option<Self> {
        let segments: Vec<&str> = id.trim_matches('/').split('/').collect();
        Self::parse(&segments)
    }

    /// What a path addresses, by its decoded segments.
    pub(super) fn parse(segments: &[&str]) -> Option<Self> {
        let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
        match segments {
            [a, subscription, b, group, c, d, rest @ ..]
                if is(a, "subscriptions")
                    && is(b, "resourceGroups")
                    && is(c, "providers")
                    && is(d, NAMESPACE) =>
            {
                Self::read(subscription, group, rest)
            }
            [a, subscription, c, d, last]
                if is(a, "subscriptions") && is(c, "providers") && is(d, NAMESPACE) =>
            {
                let resource = match *last {
                    last if is(last, "service") => ApimResource::Services,
                    last if is(last, "checkNameAvailability") => ApimResource::CheckName,
                    _ => return None,
                };
                Some(Self {
                    provider_path: format!("/subscriptions/{subscription}/providers/{NAMESPACE}"),
                    name: String::new(),
                    resource,
                    group: String::new(),
                    group_key: group_key(subscription, ""),
                })
            }
            _ => None,
        }
    }

    /// An instance by its parts.
    pub(super) fn instance(subscription: &str, group: &str, name: &str) -> Self {
        Self {
            provider_path: format!(
                "/subscriptions/{subscription}/resourceGroups/{group}/providers/{NAMESPACE}"
            ),
            name: name.to_owned(),
            resource: ApimResource::Service,
            group: group.to_owned(),
            group_key: group_key(subscription, group),
        }
    }

    /// The subscription, as the caller wrote it.
    pub(super) fn subscription(&self) -> &str {
        self.provider_path.split('/').nth(2).unwrap_or_default()
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
        self.name.eq_ignore_ascii_case(SAMPLE)
    }

    /// The API that is meant, if it is one.
    pub(in crate::emulator) fn api(&self) -> Option<&str> {
        match &self.resource {
            ApimResource::Api(id) => Some(id),
            _ => None,
        }
    }

    /// Whether the instance itself is meant.
    pub(in crate::emulator) fn is_instance(&self) -> bool {
        self.resource == ApimResource::Service
    }
}

/// The key that stands for a resource group here. No subscription is called like its start, so that
/// it collides with nothing below a service of the other provider.
pub(super) fn group_key(subscription: &str, group: &str) -> String {
    format!("@apim/{subscription}/{group}").to_ascii_lowercase()
}

fn resource(segments: &[&str]) -> Option<ApimResource> {
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    let owned = |segment: &str| segment.to_owned();
    Some(match segments {
        [] => ApimResource::Service,
        [a] if is(a, "apis") => ApimResource::Apis,
        [a] if is(a, "apiVersionSets") => ApimResource::VersionSets,
        [a, id] if is(a, "operationResults") => ApimResource::OperationResult(owned(id)),
        [a, id] if is(a, "apis") => ApimResource::Api(owned(id)),
        [a, id] if is(a, "apiVersionSets") => ApimResource::VersionSet(owned(id)),
        [a, api, b] if is(a, "apis") && is(b, "revisions") => ApimResource::Revisions(owned(api)),
        [a, api, b] if is(a, "apis") && is(b, "operations") => ApimResource::Operations(owned(api)),
        [a, api, b, id] if is(a, "apis") && is(b, "operations") => {
            ApimResource::Operation(owned(api), owned(id))
        }
        [a, api, b] if is(a, "apis") && is(b, "schemas") => ApimResource::Schemas(owned(api)),
        [a, api, b, id] if is(a, "apis") && is(b, "schemas") => {
            ApimResource::Schema(owned(api), owned(id))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ApimPath, ApimResource};

    #[test]
    fn ids_name_places() {
        let id = "/subscriptions/S/resourcegroups/g/providers/microsoft.apimanagement/service/Apim";
        let place = ApimPath::of_id(&format!("{id}/apis/echo;rev=2")).unwrap();
        assert_eq!(place.resource, ApimResource::Api("echo;rev=2".to_owned()));
        assert_eq!(place.instance_key(), "@apim/s/g/service/apim");
        assert_eq!(ApimPath::of_id(id).unwrap().resource, ApimResource::Service);
        assert!(ApimPath::of_id(&format!("{id}/products/x")).is_none());
        assert!(ApimPath::of_id("/subscriptions/s").is_none());
    }
}
