//! From a path to a place. Literals and names compare without case; ids echo the caller's casing
//! (observed).

use crate::emulator::core::request::{Call, decoded};
use crate::emulator::core::response::{Answer, arm_error};
use crate::emulator::providers::api_center::actions::{self, Action};
use crate::emulator::providers::api_center::kinds::{self, Kind};
use crate::emulator::providers::api_management::{self, Place};
use crate::emulator::providers::authorization;
use crate::emulator::providers::resource_manager;
use crate::emulator::store::{ServiceKey, child_key, service_key};

use axum::http::StatusCode;

/// The provider's namespace.
pub(in crate::emulator) const PROVIDER: &str = "Microsoft.ApiCenter";

/// Every API version that exists, as the `api-supported-versions` header lists them (observed).
pub(in crate::emulator) static API_VERSIONS: &[&str] = &[
    "2023-07-01-preview",
    "2024-03-01",
    "2024-03-15-preview",
    "2024-06-01-preview",
];

/// The API versions that know soft-deleted services.
static WITH_DELETED: &[&str] = &["2024-03-15-preview", "2024-06-01-preview"];

/// The API versions of the authorisation provider that matter here (documented).
static AUTHORIZATION_VERSIONS: &[&str] = &["2015-07-01", "2018-07-01", "2022-04-01"];

/// A service as the caller addressed it.
#[derive(Debug, Clone)]
pub(in crate::emulator) struct ServicePlace {
    pub(in crate::emulator) subscription: String,
    pub(in crate::emulator) group: String,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) key: ServiceKey,
}

/// One resource on the way down from the service.
#[derive(Clone)]
pub(in crate::emulator) struct Step {
    pub(in crate::emulator) kind: &'static dyn Kind,
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) key: String,
}

/// A service or a resource below it.
#[derive(Clone)]
pub(in crate::emulator) struct At {
    pub(in crate::emulator) service: ServicePlace,
    pub(in crate::emulator) steps: Vec<Step>,
    /// The path as the caller wrote it, without what an action or a list adds.
    pub(in crate::emulator) path: String,
}

impl At {
    /// The key of the resource, or of the service.
    pub(in crate::emulator) fn key(&self) -> &str {
        self.steps
            .last()
            .map_or(self.service.key.as_str(), |step| &step.key)
    }

    /// The key of the parent of the resource.
    pub(in crate::emulator) fn parent_key(&self) -> &str {
        let parent = self
            .steps
            .len()
            .checked_sub(2)
            .and_then(|at| self.steps.get(at));
        parent.map_or(self.service.key.as_str(), |step| &step.key)
    }

    /// The name of the resource, or of the service.
    pub(in crate::emulator) fn name(&self) -> &str {
        self.steps
            .last()
            .map_or(&self.service.name, |step| &step.name)
    }
}

/// What a path addresses.
#[derive(Clone)]
pub(in crate::emulator) enum Target {
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
    Service(ServicePlace),
    Collection {
        parent: At,
        kind: &'static dyn Kind,
    },
    Resource(At),
    Action {
        at: At,
        action: &'static Action,
    },
    OperationResult {
        at: At,
        id: String,
    },
    /// What the caller may do on a service; another provider answers it.
    Permissions(ServicePlace),
    /// Something of the other provider.
    ApiManagement(Place),
    /// Role assignments and definitions at any scope.
    Authorization(authorization::Place),
    /// What is around the providers.
    Manager(resource_manager::Place),
}

impl Target {
    fn type_path(&self) -> &str {
        match self {
            Self::Operations => "operations",
            Self::ApiManagement(_) => "service",
            Self::Permissions(_) => "permissions",
            Self::Authorization(place) => place.type_path(),
            Self::Manager(place) => place.type_path(),
            Self::Services { .. } | Self::Service(_) => "services",
            Self::DeletedServices { .. } | Self::DeletedService { .. } => "deletedServices",
            Self::Collection { kind, .. } => kind.type_path(),
            Self::Resource(at) | Self::Action { at, .. } | Self::OperationResult { at, .. } => at
                .steps
                .last()
                .map_or("services", |step| step.kind.type_path()),
        }
    }

    fn provider(&self) -> &'static str {
        match self {
            Self::ApiManagement(_) => api_management::PROVIDER,
            _ => PROVIDER,
        }
    }

    fn api_versions(&self) -> &'static [&'static str] {
        match self {
            // The official client of the oldest version lists the operations too.
            Self::Operations | Self::Services { .. } | Self::Service(_) => API_VERSIONS,
            Self::DeletedServices { .. } | Self::DeletedService { .. } => WITH_DELETED,
            Self::ApiManagement(_) => api_management::API_VERSIONS,
            Self::Permissions(_) => AUTHORIZATION_VERSIONS,
            Self::Authorization(_) => authorization::API_VERSIONS,
            Self::Manager(_) => &[],
            Self::Collection { kind, .. } => kind.api_versions(),
            Self::Action { action, .. } => action.api_versions,
            Self::Resource(at) | Self::OperationResult { at, .. } => at
                .steps
                .last()
                .map_or(kinds::STABLE_ON, |step| step.kind.api_versions()),
        }
    }
}

/// Where the call goes, or why it goes nowhere.
pub(in crate::emulator) fn target(call: &Call) -> Result<Target, Box<Answer>> {
    let Some(version) = call.query.get("api-version") else {
        return Err(Box::new(arm_error(
            StatusCode::BAD_REQUEST,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )));
    };
    let target = parsed(&call.path).ok_or_else(|| Box::new(unknown(&call.path, version)))?;
    if matches!(target, Target::Manager(_)) && resource_manager::is_version(version) {
        return Ok(target);
    }
    let known = target.api_versions();
    if known.iter().any(|one| one.eq_ignore_ascii_case(version)) {
        return Ok(target);
    }
    Err(Box::new(arm_error(
        StatusCode::BAD_REQUEST,
        "InvalidResourceType",
        format!(
            "The resource type '{}' could not be found in the namespace '{}' for api version '{version}'. \
             The supported api-versions are '{}'.",
            target.type_path(),
            target.provider(),
            known.join(",")
        ),
    )))
}

fn unknown(path: &str, version: &str) -> Answer {
    let message = format!(
        "The resource type of '{path}' could not be found in the namespace '{PROVIDER}' for api version '{version}'."
    );
    arm_error(StatusCode::NOT_FOUND, "InvalidResourceType", message)
}

fn parsed(path: &str) -> Option<Target> {
    let path = path.trim_end_matches('/');
    let segments: Vec<String> = path
        .strip_prefix('/')?
        .split('/')
        .map(|segment| decoded(segment, false))
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let Some(place) = authorization::place(&segments) {
        return Some(Target::Authorization(place));
    }
    if let Some(place) = resource_manager::place(&segments) {
        return Some(Target::Manager(place));
    }
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    match segments.as_slice() {
        [a, b, c] if is(a, "providers") && is(b, PROVIDER) && is(c, "operations") => {
            Some(Target::Operations)
        }
        [a, subscription, b, c, collection]
            if is(a, "subscriptions") && is(b, "providers") && is(c, PROVIDER) =>
        {
            service_list(subscription, None, collection)
        }
        [a, subscription, b, group, c, d, rest @ ..]
            if is(a, "subscriptions")
                && is(b, "resourceGroups")
                && is(c, "providers")
                && is(d, PROVIDER) =>
        {
            in_group(subscription, group, rest, path)
        }
        [a, subscription, b, group, c, d, rest @ ..]
            if is(a, "subscriptions")
                && is(b, "resourceGroups")
                && is(c, "providers")
                && is(d, api_management::PROVIDER) =>
        {
            Place::read(subscription, group, rest).map(Target::ApiManagement)
        }
        _ => None,
    }
}

fn service_list(subscription: &str, group: Option<&str>, collection: &str) -> Option<Target> {
    let subscription = subscription.to_owned();
    let group = group.map(str::to_owned);
    if collection.eq_ignore_ascii_case("services") {
        Some(Target::Services {
            subscription,
            group,
        })
    } else if collection.eq_ignore_ascii_case("deletedServices") {
        Some(Target::DeletedServices {
            subscription,
            group,
        })
    } else {
        None
    }
}

fn in_group(subscription: &str, group: &str, rest: &[&str], path: &str) -> Option<Target> {
    match rest {
        [collection] => service_list(subscription, Some(group), collection),
        [collection, name] if collection.eq_ignore_ascii_case("deletedServices") => {
            Some(Target::DeletedService {
                subscription: subscription.to_owned(),
                group: group.to_owned(),
                name: (*name).to_owned(),
            })
        }
        [collection, name, below @ ..] if collection.eq_ignore_ascii_case("services") => {
            let service = ServicePlace {
                subscription: subscription.to_owned(),
                group: group.to_owned(),
                name: (*name).to_owned(),
                key: service_key(subscription, group, name),
            };
            if below.is_empty() {
                return Some(Target::Service(service));
            }
            if let [a, b, c] = below
                && a.eq_ignore_ascii_case("providers")
                && b.eq_ignore_ascii_case("Microsoft.Authorization")
                && c.eq_ignore_ascii_case("permissions")
            {
                return Some(Target::Permissions(service));
            }
            in_service(
                At {
                    service,
                    steps: Vec::new(),
                    path: path.to_owned(),
                },
                below,
            )
        }
        _ => None,
    }
}

/// Walks pairs of collection and name; what is left over is a list, an action or an operation's
/// result.
fn in_service(mut at: At, segments: &[&str]) -> Option<Target> {
    let parent = at.steps.last().map_or("", |step| step.kind.collection());
    match segments {
        [] => Some(Target::Resource(at)),
        [last] => {
            at.path = without_last(&at.path, 1);
            if let Some(kind) = kinds::find(parent, last) {
                return Some(Target::Collection { parent: at, kind });
            }
            actions::find(parent, last).map(|action| Target::Action { at, action })
        }
        [collection, id] if collection.eq_ignore_ascii_case("operationResults") => {
            at.path = without_last(&at.path, 2);
            Some(Target::OperationResult {
                at,
                id: (*id).to_owned(),
            })
        }
        [collection, name, rest @ ..] => {
            let kind = kinds::find(parent, collection)?;
            let key = child_key(at.key(), kind.collection(), name);
            at.steps.push(Step {
                kind,
                name: (*name).to_owned(),
                key,
            });
            in_service(at, rest)
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
    use super::{Target, parsed};

    const SERVICE: &str =
        "/Subscriptions/S/resourcegroups/G/providers/microsoft.apicenter/services/C";

    #[test]
    fn paths_are_read_without_case() {
        let path = format!("{SERVICE}/WORKSPACES/default/apis/A/versions/1-0");
        let Some(Target::Resource(at)) = parsed(&path) else {
            panic!("no resource")
        };
        assert_eq!(at.key(), "s/g/c/workspaces/default/apis/a/versions/1-0");
        assert_eq!(at.parent_key(), "s/g/c/workspaces/default/apis/a");
        assert_eq!(at.name(), "1-0");
        assert_eq!(at.path, path);
    }

    #[test]
    fn lists_actions_and_results_end_a_path() {
        let list = parsed(&format!("{SERVICE}/workspaces/w/apis/")).map(|target| match target {
            Target::Collection { parent, kind } => (parent.path, kind.collection()),
            _ => panic!("no list"),
        });
        assert_eq!(list, Some((format!("{SERVICE}/workspaces/w"), "apis")));
        let action = format!("{SERVICE}/exportmetadataschema");
        assert!(matches!(parsed(&action), Some(Target::Action { .. })));
        assert!(matches!(
            parsed(&format!("{SERVICE}/operationResults/1")),
            Some(Target::OperationResult { .. })
        ));
        assert!(parsed(&format!("{SERVICE}/apis")).is_none());
        assert!(parsed("/tenants/t").is_none());
    }
}
