//! A small part of API Management: enough of `Microsoft.ApiManagement` for APIs to be brought in
//! from it.
//!
//! Instances are served below any subscription and resource group. The one called
//! [`SAMPLE`](samples::SAMPLE) is there, with a handful of APIs, as soon as somebody asks for it
//! (chosen here: real instances cost money and take half an hour to make); every other one exists
//! once it was created with PUT.

mod export;
mod filter;
mod lists;
mod openapi;
mod path;
mod properties;
mod published;
mod records;
mod responses;
mod samples;
mod write;
mod yaml;

use crate::emulator::core::clock::Ticks;
use crate::emulator::core::job::{self, Follow};
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, arm_error};
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::sources;
use crate::emulator::store::{Changes, StoreError, View};
use path::Spot;

use axum::http::{Method, StatusCode};

pub(in crate::emulator) use path::{API_VERSIONS, PROVIDER, Place};
pub(in crate::emulator) use published::{Published, published};

/// Answers what only looks.
pub(in crate::emulator) fn look(
    context: &Context,
    view: View<'_>,
    call: &Call,
    place: &Place,
) -> Outcome {
    if let Spot::Services = place.spot {
        return lists::services(context, view, place);
    }
    let instance = records::instance(view, place)?;
    match &place.spot {
        Spot::Services | Spot::Service => Ok(responses::service(context, place, &instance)),
        Spot::OperationResult(id) => write::poll(place, id),
        Spot::Apis => lists::apis(context, view, call, place),
        Spot::Api(id) if is_export(call) => export::link(context, view, call, place, id),
        Spot::Api(id) => {
            let api = records::api(view, place, id)?;
            Ok(responses::api(view, call, place, &api)?)
        }
        Spot::Revisions(api) => lists::revisions(context, view, call, place, api),
        Spot::Operations(api) => lists::operations(context, view, call, place, api),
        Spot::Operation(api, id) => {
            let operation = records::operation(view, place, api, id)?;
            Ok(responses::plain(place, &operation))
        }
        Spot::Schemas(api) => lists::schemas(context, view, call, place, api),
        Spot::Schema(api, id) => {
            let schema = records::schema(view, place, api, id)?;
            Ok(responses::plain(place, &schema))
        }
        Spot::VersionSets => lists::version_sets(context, view, call, place),
        Spot::VersionSet(id) => {
            let set = records::version_set(view, place, id)?;
            Ok(responses::plain(place, &set))
        }
    }
}

fn is_export(call: &Call) -> bool {
    let export = call.query.get("export");
    export.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Answers what changes, and what looks at the sample instance, which is made by being looked at.
pub(in crate::emulator) fn change(
    context: &Context,
    changes: &Changes<'_>,
    call: &Call,
    place: &Place,
) -> Outcome<Done> {
    let creates = matches!(place.spot, Spot::Service) && call.method == Method::PUT;
    if place.is_sample() && !creates {
        samples::ensure(changes, place)?;
    }
    match call.method.as_str() {
        "GET" | "HEAD" => look(context, changes.view(), call, place).map(Done::from),
        "PUT" => write::put(context, changes, call, place),
        "DELETE" => write::delete(context, changes, place),
        _ => {
            let message = format!("The http method '{}' is not supported.", call.method);
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Err(arm_error(status, "HttpMethodNotSupported", message).into())
        }
    }
}

/// Removes the instances of a resource group that is deleted; what links them notices at once.
pub(in crate::emulator) fn forget_group(
    changes: &Changes<'_>,
    subscription: &str,
    group: &str,
) -> Result<Option<Follow>, StoreError> {
    let parent = path::group_key(subscription, group);
    let mut follows = Vec::new();
    for instance in changes
        .view()
        .children(&parent, "service", None, usize::MAX)?
    {
        changes.remove_resource(&instance.key, &instance.record, &parent, "service")?;
        let job = &sources::CHANGED_JOB;
        follows.push(job::plan(changes, job, &instance.key, Ticks::now())?);
    }
    Ok((!follows.is_empty()).then_some(Follow::Several(follows)))
}

/// The 404 of something inside an instance.
fn not_found(what: &str) -> Answer {
    let body = serde_json::json!({
        "error": {
            "code": "ResourceNotFound",
            "message": format!("{what} not found."),
            "details": null,
        }
    });
    Answer::json(StatusCode::NOT_FOUND, body)
}

/// Refuses a request (documented shape): `{"error": {code, message, details}}`.
fn refused(target: &str, message: &str) -> Answer {
    let body = serde_json::json!({
        "error": {
            "code": "ValidationError",
            "message": "One or more fields contain incorrect values:",
            "details": [{"code": "ValidationError", "target": target, "message": message}],
        }
    });
    Answer::json(StatusCode::BAD_REQUEST, body)
}
