//! Lists: `value`, `count`, and `nextLink` where there is more.

use serde_json::{Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::{HandlerRequest, encoded};
use crate::emulator::core::response::{HandlerResponse, Payload};
use crate::emulator::providers::api_management::errors::refused;
use crate::emulator::providers::api_management::filter::Filter;
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::providers::api_management::{records, responses};
use crate::emulator::store::{StoreError, StoredResource, View};

pub(super) fn services(
    context: &HandlerContext,
    view: View<'_>,
    place: &ApimPath,
) -> HandlerResult {
    let group = Some(place.group()).filter(|group| !group.is_empty());
    let found = records::instances(view, place.subscription(), group)?;
    let value: Vec<Value> = found
        .iter()
        .map(|(place, record)| responses::service_body(context, place, &record.name, record))
        .collect();
    Ok(HandlerResponse::ok(json!({"value": value})))
}

pub(super) fn apis(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResult {
    let apis = records::apis(view, place)?;
    page(context, request, apis, |api| {
        responses::listed_api(view, request, place, &api.record)
    })
}

pub(super) fn revisions(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    id: &str,
) -> HandlerResult {
    let base = records::without_revision(id);
    let current = records::api(view, place, base)?;
    let others = records::apis(view, place)?.into_iter().filter(|other| {
        let name = other.record.name.as_str();
        name.contains(";rev=") && records::without_revision(name).eq_ignore_ascii_case(base)
    });
    let mut all: Vec<StoredResource> = others.collect();
    all.insert(0, current);
    let mut response = page(context, request, all, |api| {
        Ok(responses::revision(&api.record))
    })?;
    // Only this list has one where nothing follows (observed).
    if let Payload::Json(body) = &mut response.body
        && body.get("nextLink").is_none()
    {
        body["nextLink"] = Value::Null;
    }
    Ok(response)
}

pub(super) fn operations(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    api: &str,
) -> HandlerResult {
    let api = records::api(view, place, api)?;
    let found = records::operations(view, &api)?;
    page(context, request, found, |one| {
        let mut body = responses::plain_body(place, one);
        // Observed: only a GET of the operation shows its request.
        if let Some(properties) = body["properties"].as_object_mut() {
            properties.shift_remove("request");
        }
        Ok(body)
    })
}

pub(super) fn schemas(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    api: &str,
) -> HandlerResult {
    let api = records::api(view, place, api)?;
    let found = view.children(&api.key, "schemas", None, usize::MAX)?;
    page(context, request, found, |one| {
        Ok(responses::plain_body(place, one))
    })
}

pub(super) fn version_sets(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
) -> HandlerResult {
    let found = view.children(&place.instance_key(), "apiVersionSets", None, usize::MAX)?;
    page(context, request, found, |one| {
        Ok(responses::plain_body(place, one))
    })
}

/// One page. `count` is the number of all that the filter lets through (documented); `nextLink`
/// repeats the query with `$skip` (chosen here, clients must not care).
fn page(
    context: &HandlerContext,
    request: &HandlerRequest,
    found: Vec<StoredResource>,
    body: impl Fn(&StoredResource) -> Result<Value, StoreError>,
) -> HandlerResult {
    let filter = Filter::read(request.query.get("$filter"))?;
    let mut found: Vec<StoredResource> = found
        .into_iter()
        .filter(|child| filter.allows(&child.record))
        .collect();
    // Observed in every list with more than one item: by title, whatever its case.
    found.sort_by_key(|child| {
        let title = child.record.properties.get("displayName");
        title.and_then(Value::as_str).map(str::to_lowercase)
    });
    let skip = number(request, "$skip")?.unwrap_or(0);
    let top = number(request, "$top")?.unwrap_or(usize::MAX);
    let size = top.min(context.options.page_size).max(1);
    let shown = found.iter().skip(skip).take(size);
    let value = shown.map(body).collect::<Result<Vec<Value>, _>>()?;
    let mut response = json!({"value": value, "count": found.len()});
    let next = skip.saturating_add(size);
    if next < found.len() {
        response["nextLink"] = json!(next_link(request, top, next));
    }
    Ok(HandlerResponse::ok(response))
}

fn number(request: &HandlerRequest, name: &str) -> HandlerResult<Option<usize>> {
    let text = request.query.get(name);
    let read = text.map(str::parse).transpose();
    read.map_err(|_| refused(name, "A number is expected.").into())
}

fn next_link(request: &HandlerRequest, top: usize, skip: usize) -> String {
    let version = encoded(request.query.get("api-version").unwrap_or_default());
    let mut link = format!("{}{}?api-version={version}", request.base, request.path);
    for name in ["$filter", "expandApiVersionSet"] {
        if let Some(value) = request.query.get(name) {
            link.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
    }
    if top != usize::MAX {
        link.push_str(&format!("&%24top={top}"));
    }
    link.push_str(&format!("&%24skip={skip}"));
    link
}
