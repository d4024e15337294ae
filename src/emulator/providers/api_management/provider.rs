//! The provider and its handlers.

use axum::http::Method;
use serde_json::{Value, json};

use crate::emulator::core::handler::{FollowUp, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{
    HandlerContext, Provider, ProviderEvent, RegisteredType, RequestPath, RequestTarget,
};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, method_not_allowed};
use crate::emulator::core::tracked::TrackedResource;
use crate::emulator::providers::api_management::errors::refused;
use crate::emulator::providers::api_management::path::{
    API_VERSIONS, ApimPath, ApimResource, NAMESPACE, group_key,
};
use crate::emulator::providers::api_management::{
    delete, export, lists, long_running, records, responses, samples, write,
};
use crate::emulator::store::{Changes, StoreError, View};

/// `Microsoft.ApiManagement`.
pub(in crate::emulator) struct ApiManagementProvider;

/// Where it is available: some of the documented regions.
const LOCATIONS: &[&str] = &["East US", "West US", "UK South", "West Europe"];

impl Provider for ApiManagementProvider {
    fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    fn target(&self, path: &RequestPath<'_>) -> Option<Box<dyn RequestTarget>> {
        let target = ApimPath::parse(path.segments)?;
        Some(Box::new(target))
    }

    fn registered_types(&self) -> Vec<RegisteredType> {
        let names = ["service", "checkNameAvailability", "operations"];
        names
            .into_iter()
            .map(|name| RegisteredType {
                name,
                locations: if name == "service" { LOCATIONS } else { &[] },
                api_versions: API_VERSIONS,
            })
            .collect()
    }

    fn tracked_resources(
        &self,
        view: View<'_>,
        subscription: &str,
        group: Option<&str>,
    ) -> Result<Vec<TrackedResource>, StoreError> {
        let found = records::instances(view, subscription, group)?;
        let tracked = found.into_iter().map(|(place, record)| {
            let owned = |key: &str| record.owned.get(key).filter(|value| !value.is_null());
            let location = owned("location").and_then(Value::as_str);
            TrackedResource {
                id: place.instance_id(),
                resource_type: format!("{NAMESPACE}/service"),
                subscription: subscription.to_owned(),
                group: place.group().to_owned(),
                location: location.unwrap_or_default().to_owned(),
                tags: owned("tags")
                    .and_then(Value::as_object)
                    .cloned()
                    .unwrap_or_default(),
                sku: owned("sku").cloned().unwrap_or_default(),
                identity: owned("identity").cloned(),
                name: record.name,
            }
        });
        Ok(tracked.collect())
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
        match self.resource {
            ApimResource::Services => return lists::services(context, view, self),
            ApimResource::CheckName => return Err(method_not_allowed(&request.method).into()),
            _ => {}
        }
        let instance = records::instance(view, self)?;
        match &self.resource {
            ApimResource::Services | ApimResource::CheckName | ApimResource::Service => {
                Ok(responses::service(context, self, &instance))
            }
            ApimResource::OperationResult(id) => long_running::poll(self, id),
            ApimResource::Apis => lists::apis(context, view, request, self),
            ApimResource::Api(id) if is_export(request) => {
                export::link(context, view, request, self, id)
            }
            ApimResource::Api(id) => {
                let api = records::api(view, self, id)?;
                let response = responses::api(view, request, self, &api)?;
                Ok(long_running::polled(request, response))
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
            "PATCH" => write::patch(context, changes, request, self),
            "DELETE" => delete::delete(context, changes, request, self),
            "POST" if self.resource == ApimResource::CheckName => {
                check_name(changes.view(), request).map(WriteOutcome::from)
            }
            _ => Err(method_not_allowed(&request.method).into()),
        }
    }
}

/// Whether a name is free (observed for a free one; the other response is documented).
fn check_name(view: View<'_>, request: &HandlerRequest) -> HandlerResult {
    let name = request.body.as_ref().and_then(|body| body.get("name"));
    let name = name.and_then(Value::as_str);
    let name = name.ok_or_else(|| refused("name", "The value is required."))?;
    let taken = view.resources_below("@apim/")?.into_iter().any(|(key, _)| {
        let segments: Vec<&str> = key.split('/').collect();
        matches!(segments.as_slice(), [_, _, _, "service", taken] if taken.eq_ignore_ascii_case(name))
    });
    let (reason, message) = if taken {
        let message = format!("{name} is already in use. Please select a different name.");
        ("AlreadyExists", message)
    } else {
        ("Valid", String::new())
    };
    let body = json!({"nameAvailable": !taken, "reason": reason, "message": message});
    Ok(HandlerResponse::ok(body))
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
