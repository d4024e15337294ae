//! The provider and its handlers.

use axum::http::{Method, StatusCode};

use super::resources;
use super::target::{ManagerTarget, parse};
use super::{groups, registrations, subscriptions};
use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{
    HandlerContext, Provider, RegisteredType, RequestPath, RequestTarget,
};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, method_not_allowed};
use crate::emulator::store::{Changes, View};

/// `Microsoft.Resources`.
pub(in crate::emulator) struct ResourceManagerProvider;

impl Provider for ResourceManagerProvider {
    fn namespace(&self) -> &'static str {
        "Microsoft.Resources"
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = parse(path.segments)?;
        Some(Box::new(target))
    }

    fn registered_types(&self) -> Vec<RegisteredType> {
        let names = ["tenants", "subscriptions", "resourceGroups", "resources"];
        names
            .into_iter()
            .map(|name| RegisteredType {
                name,
                locations: &[],
                api_versions: &["2021-04-01", "2022-12-01"],
            })
            .collect()
    }
}

impl RequestTarget for ManagerTarget {
    fn type_path(&self) -> &str {
        self.resource_type()
    }

    fn api_versions(&self) -> &'static [&'static str] {
        &[]
    }

    fn accepts_version(&self, version: &str) -> bool {
        is_version(version)
    }

    fn read(
        &self,
        context: &HandlerContext,
        view: View<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult {
        match self {
            Self::Tenants => Ok(subscriptions::tenants()),
            Self::Subscriptions => subscriptions::list(view),
            Self::Subscription(id) => Ok(subscriptions::get(id)),
            Self::Groups(subscription) => groups::list(context, view, subscription),
            Self::Group { subscription, name } => {
                let found = groups::get(context, view, subscription, name)?;
                // Documented: a HEAD of a group returns 204.
                Ok(if request.method == Method::HEAD {
                    HandlerResponse::empty(StatusCode::NO_CONTENT)
                } else {
                    found
                })
            }
            Self::Providers(subscription) => Ok(registrations::list(context, subscription)),
            Self::Provider {
                subscription,
                namespace,
            } => registrations::get(context, subscription, namespace),
            Self::Resources {
                subscription,
                group,
            } => resources::list(context, view, subscription, group.as_deref(), request),
            // The operation ended before its address was returned.
            Self::OperationResult => Ok(HandlerResponse::empty(StatusCode::OK)),
            Self::Registration { .. } => Err(method_not_allowed(&request.method).into()),
        }
    }

    fn write(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome> {
        match (self, request.method.as_str()) {
            (Self::Group { subscription, name }, "PUT") => {
                groups::put(context, changes, subscription, name, request.body.as_ref())
            }
            (Self::Group { subscription, name }, "PATCH") => {
                groups::patch(context, changes, subscription, name, request.body.as_ref())
            }
            (Self::Group { subscription, name }, "DELETE") => {
                groups::delete(context, changes, subscription, name, request)
            }
            (
                Self::Registration {
                    subscription,
                    namespace,
                },
                "POST",
            ) => registrations::get(context, subscription, namespace).map(WriteOutcome::from),
            _ => Err(method_not_allowed(&request.method).into()),
        }
    }
}

/// The resource manager's own API versions are many, so a date will do (chosen here).
fn is_version(version: &str) -> bool {
    let date = version.trim_end_matches("-preview");
    let digits = |text: &str, count| {
        text.len() == count && text.bytes().all(|letter| letter.is_ascii_digit())
    };
    let mut parts = date.split('-');
    let widths = [4, 2, 2];
    widths
        .iter()
        .all(|width| parts.next().is_some_and(|part| digits(part, *width)))
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn a_version_is_a_date() {
        assert!(is_version("2021-04-01"));
        assert!(is_version("2019-10-01-preview"));
        for bad in ["", "latest", "2021-04", "2021-04-01-beta", "21-04-01"] {
            assert!(!is_version(bad), "{bad}");
        }
    }
}
