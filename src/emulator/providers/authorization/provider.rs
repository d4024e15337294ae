//! The provider and its handlers.

use super::target::{AuthorizationTarget, NAMESPACE, parse};
use super::{assignments, definitions};
use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{
    HandlerContext, Provider, RegisteredType, RequestPath, RequestTarget,
};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::method_not_allowed;
use crate::emulator::store::{Changes, View};

/// `Microsoft.Authorization`.
pub(in crate::emulator) struct AuthorizationProvider;

/// The API versions of the provider that know roles (documented).
static API_VERSIONS: &[&str] = &[
    "2015-07-01",
    "2018-01-01-preview",
    "2018-07-01",
    "2018-09-01-preview",
    "2020-03-01-preview",
    "2020-04-01-preview",
    "2020-08-01-preview",
    "2020-10-01-preview",
    "2022-04-01",
    "2022-05-01-preview",
];

impl Provider for AuthorizationProvider {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = parse(path.segments)?;
        Some(Box::new(target))
    }

    fn registered_types(&self) -> Vec<RegisteredType> {
        let names = ["roleAssignments", "roleDefinitions", "permissions"];
        names
            .into_iter()
            .map(|name| RegisteredType {
                name,
                locations: &[],
                api_versions: API_VERSIONS,
            })
            .collect()
    }
}

impl RequestTarget for AuthorizationTarget {
    fn type_path(&self) -> &str {
        self.resource_type()
    }

    fn api_versions(&self) -> &'static [&'static str] {
        API_VERSIONS
    }

    fn read(
        &self,
        context: &HandlerContext,
        view: View<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult {
        match self {
            Self::Assignments { scope } => assignments::list(context, view, scope, request),
            Self::Assignment { scope, name } => assignments::get(context, view, scope, name),
            Self::Definitions { scope } => definitions::list(scope, request),
            Self::Definition { scope, name } => definitions::get(scope, name),
        }
    }

    fn write(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome> {
        match (self, request.method.as_str()) {
            (Self::Assignment { scope, name }, "PUT") => {
                assignments::put(context, changes, scope, name, request.body.as_ref())
            }
            (Self::Assignment { scope, name }, "DELETE") => {
                assignments::delete(context, changes, scope, name)
            }
            _ => Err(method_not_allowed(&request.method).into()),
        }
    }
}
