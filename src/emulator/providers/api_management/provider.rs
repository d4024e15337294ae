//! The provider and its handlers.

use axum::http::{Method, StatusCode};

use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{
    HandlerContext, Provider, ProviderEvent, RequestPath, RequestTarget,
};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::arm_error;
use crate::emulator::providers::api_management::path::{
    API_VERSIONS, ApimPath, ApimResource, NAMESPACE, group_key,
};
use crate::emulator::providers::api_management::{
    export, lists, records, responses, samples, write,
};
use crate::emulator::store::{Changes, StoreError, View};

/// `Microsoft.ApiManagement`. Chosen here: no registration lists it.
pub(in crate::emulator) struct ApiManagementProvider;

impl Provider for ApiManagementProvider {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = ApimPath::parse(path.segments)?;
        Some(Box::new(target))
    }

    fn on_event(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        event: &ProviderEvent<'_>,
    ) -> Result<Option<FollowUp>, StoreError> {
        match event {
            ProviderEvent::GroupDeleted {
                subscription,
                group,
            } => delete_group(context, changes, subscription, group),
            _ => Ok(None),
        }
    }
}

impl RequestTarget for ApimPath {
    fn type_path(&self) -> &str {
        "service"
    }

    fn api_versions(&self) -> &'static [&'static str] {
        API_VERSIONS
    }

    /// Reading the sample instance creates it.
    fn is_write(&self, request: &HandlerRequest) -> bool {
        self.is_sample() || !request.is_read()
    }

    fn read(
        &self,
        context: &HandlerContext,
        view: View<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult {
        if let ApimResource::Services = self.resource {
            return lists::services(context, view, self);
        }
        let instance = records::instance(view, self)?;
        match &self.resource {
            ApimResource::Services | ApimResource::Service => {
                Ok(responses::service(context, self, &instance))
            }
            ApimResource::OperationResult(id) => write::poll(self, id),
            ApimResource::Apis => lists::apis(context, view, request, self),
            ApimResource::Api(id) if is_export(request) => {
                export::link(context, view, request, self, id)
            }
            ApimResource::Api(id) => {
                let api = records::api(view, self, id)?;
                Ok(responses::api(view, request, self, &api)?)
            }
            ApimResource::Revisions(api) => lists::revisions(context, view, request, self, api),
            ApimResource::Operations(api) => lists::operations(context, view, request, self, api),
            ApimResource::Operation(api, id) => {
                let operation = records::operation(view, self, api, id)?;
                Ok(responses::plain(self, &operation))
            }
            ApimResource::Schemas(api) => lists::schemas(context, view, request, self, api),
            ApimResource::Schema(api, id) => {
                let schema = records::schema(view, self, api, id)?;
                Ok(responses::plain(self, &schema))
            }
            ApimResource::VersionSets => lists::version_sets(context, view, request, self),
            ApimResource::VersionSet(id) => {
                let set = records::version_set(view, self, id)?;
                Ok(responses::plain(self, &set))
            }
        }
    }

    fn write(
        &self,
        context: &HandlerContext,
        changes: &Changes<'_>,
        request: &HandlerRequest,
    ) -> HandlerResult<WriteOutcome> {
        let creates =
            matches!(self.resource, ApimResource::Service) && request.method == Method::PUT;
        if self.is_sample() && !creates {
            samples::ensure(changes, self)?;
        }
        match request.method.as_str() {
            "GET" | "HEAD" => self
                .read(context, changes.view(), request)
                .map(WriteOutcome::from),
            "PUT" => write::put(context, changes, request, self),
            "DELETE" => write::delete(context, changes, self),
            _ => {
                let message = format!("The http method '{}' is not supported.", request.method);
                let status = StatusCode::METHOD_NOT_ALLOWED;
                Err(arm_error(status, "HttpMethodNotSupported", message).into())
            }
        }
    }
}

fn is_export(request: &HandlerRequest) -> bool {
    let export = request.query.get("export");
    export.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Removes the instances of a resource group; sources that link them notice at once.
fn delete_group(
    context: &HandlerContext,
    changes: &Changes<'_>,
    subscription: &str,
    group: &str,
) -> Result<Option<FollowUp>, StoreError> {
    let parent = group_key(subscription, group);
    let mut follow_ups = Vec::new();
    for instance in changes
        .view()
        .children(&parent, "service", None, usize::MAX)?
    {
        changes.remove_resource(&instance.key, &instance.record, &parent, "service")?;
        let changed = ProviderEvent::InstanceChanged {
            instance: &instance.key,
            at_once: true,
        };
        follow_ups.extend(context.publish(changes, &changed)?);
    }
    Ok(FollowUp::batch(follow_ups))
}
