//! From a path to what it addresses. Literals and names compare without case; ids repeat the casing of
//! the caller (observed).

use crate::emulator::core::provider::RequestPath;
use crate::emulator::providers::api_center::action::PostAction;
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::namespace::{
    API_VERSIONS, NAMESPACE, STABLE_ON, WITH_DELETED,
};
use crate::emulator::providers::api_center::path::{PathSegment, ResourcePath, ServicePath};
use crate::emulator::providers::api_center::{actions, kinds};
use crate::emulator::store::child_key;

/// The API versions of the authorization provider that matter here (documented).
static AUTHORIZATION_VERSIONS: &[&str] = &["2015-07-01", "2018-07-01", "2022-04-01"];

/// What a path addresses.
#[derive(Clone)]
pub(in crate::emulator) enum ApiCenterTarget {
    Operations,
    Services {
        subscription: String,
        group: Option<String>,
    },
    DeletedServices {
        subscription: String,
        group: Option<String>,
    },
    DeletedService {
        subscription: String,
        group: String,
        name: String,
    },
    Service(ServicePath),
    Collection {
        parent: ResourcePath,
        kind: &'static dyn ResourceKind,
    },
    Resource(ResourcePath),
    Action {
        path: ResourcePath,
        action: &'static PostAction,
    },
    OperationResult {
        path: ResourcePath,
        id: String,
    },
    /// What the caller may do on a service; in Azure, the authorization provider serves it.
    Permissions(ServicePath),
}

impl ApiCenterTarget {
    /// The resource type without the namespace.
    pub(super) fn resource_type(&self) -> &str {
        match self {
            Self::Operations => "operations",
            Self::Permissions(_) => "permissions",
            Self::Services { .. } | Self::Service(_) => "services",
            Self::DeletedServices { .. } | Self::DeletedService { .. } => "deletedServices",
            Self::Collection { kind, .. } => kind.type_path(),
            Self::Resource(path)
            | Self::Action { path, .. }
            | Self::OperationResult { path, .. } => path
                .segments
                .last()
                .map_or("services", |segment| segment.kind.type_path()),
        }
    }

    /// The API versions that support the target.
    pub(super) fn supported_versions(&self) -> &'static [&'static str] {
        match self {
            // The official client of the oldest version lists the operations too.
            Self::Operations | Self::Services { .. } | Self::Service(_) => API_VERSIONS,
            Self::DeletedServices { .. } | Self::DeletedService { .. } => WITH_DELETED,
            Self::Permissions(_) => AUTHORIZATION_VERSIONS,
            Self::Collection { kind, .. } => kind.api_versions(),
            Self::Action { action, .. } => action.api_versions,
            Self::Resource(path) | Self::OperationResult { path, .. } => path
                .segments
                .last()
                .map_or(STABLE_ON, |segment| segment.kind.api_versions()),
        }
    }
}

/// What a path of the provider addresses.
pub(super) fn parse(path: &RequestPath<'_>) -> Option<ApiCenterTarget> {
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    match path.segments {
        [a, b, c] if is(a, "providers") && is(b, NAMESPACE) && is(c, "operations") => {
            Some(ApiCenterTarget::Operations)
        }
        [a, subscription, b, c, collection]
            if is(a, "subscriptions") && is(b, "providers") && is(c, NAMESPACE) =>
        {
            service_list(subscription, None, collection)
        }
        [a, subscription, b, group, c, d, rest @ ..]
            if is(a, "subscriptions")
                && is(b, "resourceGroups")
                && is(c, "providers")
                && is(d, NAMESPACE) =>
        {
            in_group(subscription, group, rest, path.text)
        }
        _ => None,
    }
}

fn service_list(
    subscription: &str,
    group: Option<&str>,
    collection: &str,
) -> Option<ApiCenterTarget> {
    let subscription = subscription.to_owned();
    let group = group.map(str::to_owned);
    if collection.eq_ignore_ascii_case("services") {
        Some(ApiCenterTarget::Services {
            subscription,
            group,
        })
    } else if collection.eq_ignore_ascii_case("deletedServices") {
        Some(ApiCenterTarget::DeletedServices {
            subscription,
            group,
        })
    } else {
        None
    }
}

fn in_group(subscription: &str, group: &str, rest: &[&str], path: &str) -> Option<ApiCenterTarget> {
    match rest {
        [collection] => service_list(subscription, Some(group), collection),
        [collection, name] if collection.eq_ignore_ascii_case("deletedServices") => {
            Some(ApiCenterTarget::DeletedService {
                subscription: subscription.to_owned(),
                group: group.to_owned(),
                name: (*name).to_owned(),
            })
        }
        [collection, name, below @ ..] if collection.eq_ignore_ascii_case("services") => {
            let service = ServicePath::new(subscription, group, name);
            if below.is_empty() {
                return Some(ApiCenterTarget::Service(service));
            }
            if let [a, b, c] = below
                && a.eq_ignore_ascii_case("providers")
                && b.eq_ignore_ascii_case("Microsoft.Authorization")
                && c.eq_ignore_ascii_case("permissions")
            {
                return Some(ApiCenterTarget::Permissions(service));
            }
            in_service(
                ResourcePath {
                    service,
                    segments: Vec::new(),
                    id: path.to_owned(),
                },
                below,
            )
        }
        _ => None,
    }
}

/// Walks pairs of collection and name; the rest is a list, an action or the result
/// of an operation.
fn in_service(mut path: ResourcePath, segments: &[&str]) -> Option<ApiCenterTarget> {
    let above = path.segments.last().map(|segment| segment.kind);
    let parent_type = above.map_or("services", |kind| kind.type_path());
    let on = above.map_or("", |kind| kind.collection());
    match segments {
        [] => Some(ApiCenterTarget::Resource(path)),
        [last] => {
            path.id = without_last(&path.id, 1);
            if let Some(kind) = kinds::find(parent_type, last) {
                return Some(ApiCenterTarget::Collection { parent: path, kind });
            }
            actions::find(on, last).map(|action| ApiCenterTarget::Action { path, action })
        }
        [collection, id] if collection.eq_ignore_ascii_case("operationResults") => {
            path.id = without_last(&path.id, 2);
            Some(ApiCenterTarget::OperationResult {
                path,
                id: (*id).to_owned(),
            })
        }
        [collection, name, rest @ ..] => {
            let kind = kinds::find(parent_type, collection)?;
            let key = child_key(path.key(), kind.collection(), name);
            path.segments.push(PathSegment {
                kind,
                name: (*name).to_owned(),
                key,
            });
            in_service(path, rest)
        }
    }
}

fn without_last(path: &str, segments: usize) -> String {
    let mut path = path;
    for _ in 0..segments {
        path = path.rsplit_once('/').map_or(path, |(head, _)| head);
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ApiCenterTarget, parse};
    use crate::emulator::core::provider::RequestPath;

    fn parsed(text: &str) -> Option<ApiCenterTarget> {
        let text = text.trim_end_matches('/');
        let segments: Vec<&str> = text.trim_start_matches('/').split('/').collect();
        parse(&RequestPath {
            text,
            segments: &segments,
        })
    }

    const SERVICE: &str =
        "/Subscriptions/S/resourcegroups/G/providers/microsoft.apicenter/services/C";

    #[test]
    fn paths_are_read_without_case() {
        let path = format!("{SERVICE}/WORKSPACES/default/apis/A/versions/1-0");
        let Some(ApiCenterTarget::Resource(at)) = parsed(&path) else {
            panic!("not a resource")
        };
        assert_eq!(at.key(), "s/g/c/workspaces/default/apis/a/versions/1-0");
        assert_eq!(at.parent_key(), "s/g/c/workspaces/default/apis/a");
        assert_eq!(at.name(), "1-0");
        assert_eq!(at.id, path);
    }

    #[test]
    fn lists_actions_and_results_end_a_path() {
        let list = parsed(&format!("{SERVICE}/workspaces/w/apis/")).map(|target| match target {
            ApiCenterTarget::Collection { parent, kind } => (parent.id, kind.collection()),
            _ => panic!("not a list"),
        });
        assert_eq!(list, Some((format!("{SERVICE}/workspaces/w"), "apis")));
        let action = format!("{SERVICE}/exportmetadataschema");
        assert!(matches!(
            parsed(&action),
            Some(ApiCenterTarget::Action { .. })
        ));
        assert!(matches!(
            parsed(&format!("{SERVICE}/operationResults/1")),
            Some(ApiCenterTarget::OperationResult { .. })
        ));
        assert!(parsed(&format!("{SERVICE}/apis")).is_none());
        assert!(parsed("/tenants/t").is_none());
    }
}
