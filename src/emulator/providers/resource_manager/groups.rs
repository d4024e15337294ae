//! Resource groups. One that nobody made is there as long as it holds a service.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::resources;
use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{HandlerContext, ProviderEvent};
use crate::emulator::core::request::{HandlerRequest, encoded};
use crate::emulator::core::response::{HandlerResponse, arm_error, location_required};
use crate::emulator::core::roles;
use crate::emulator::core::tracked::{TrackedResource, same_location, tags};
use crate::emulator::store::{Changes, GroupRecord, StoreError, View};

pub(super) fn list(context: &HandlerContext, view: View<'_>, subscription: &str) -> HandlerResult {
    let mut groups = view.groups(subscription)?;
    for resource in resources::all(context, view, subscription, None)? {
        let known = |group: &GroupRecord| group.name.eq_ignore_ascii_case(&resource.group);
        if !groups.iter().any(known) {
            groups.push(group_of(resource));
        }
    }
    groups.sort_by_key(|group| group.name.to_ascii_lowercase());
    let value: Vec<Value> = groups.iter().map(rendered).collect();
    Ok(HandlerResponse::ok(json!({ "value": value })))
}

pub(super) fn get(
    context: &HandlerContext,
    view: View<'_>,
    subscription: &str,
    name: &str,
) -> HandlerResult {
    let group = find(context, view, subscription, name)?.ok_or_else(|| missing(name))?;
    Ok(HandlerResponse::ok(rendered(&group)))
}

/// Documented: 201 for a new one; the location of one that is there never changes.
pub(super) fn put(
    context: &HandlerContext,
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let location = body
        .and_then(|body| body.get("location"))
        .and_then(Value::as_str)
        .filter(|location| !location.is_empty())
        .ok_or_else(location_required)?;
    let old = find(context, changes.view(), subscription, name)?;
    if let Some(old) = &old
        && !same_location(&old.location, location)
    {
        let message = format!(
            "Invalid resource group location '{location}'. The Resource group already exists in location '{}'.",
            old.location
        );
        let code = "InvalidResourceGroupLocation";
        return Err(arm_error(StatusCode::CONFLICT, code, message).into());
    }
    let status = match old {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    };
    let group = GroupRecord {
        subscription: subscription.to_owned(),
        name: name.to_owned(),
        location: location.replace(' ', "").to_ascii_lowercase(),
        tags: body.and_then(tags).unwrap_or_default(),
    };
    changes.put_group(&group)?;
    Ok(HandlerResponse::json(status, rendered(&group)).into())
}

/// Replaces the tags.
pub(super) fn patch(
    context: &HandlerContext,
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    let mut group =
        find(context, changes.view(), subscription, name)?.ok_or_else(|| missing(name))?;
    if let Some(tags) = body.and_then(tags) {
        group.tags = tags;
    }
    changes.put_group(&group)?;
    Ok(HandlerResponse::ok(rendered(&group)).into())
}

/// Deletes a group with its services (softly, as each would be deleted), its API Management
/// instances, its user-assigned identities and its role assignments.
/// Documented: 202 and an address to poll. Chosen here: all is done by then.
pub(super) fn delete(
    context: &HandlerContext,
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    request: &HandlerRequest,
) -> HandlerResult<WriteOutcome> {
    find(context, changes.view(), subscription, name)?.ok_or_else(|| missing(name))?;
    let deleted = ProviderEvent::GroupDeleted {
        subscription,
        group: name,
    };
    let follow_up = context.publish(changes, &deleted)?;
    let scope = format!("/subscriptions/{subscription}/resourceGroups/{name}");
    roles::remove_at(changes, &scope)?;
    changes.remove_group(subscription, name)?;
    let location = format!(
        "{}/subscriptions/{subscription}/operationresults/{}?api-version={}",
        request.base,
        uuid::Uuid::new_v4().simple(),
        encoded(request.query.get("api-version").unwrap_or_default())
    );
    let response = HandlerResponse::empty(StatusCode::ACCEPTED)
        .with_header("location", &location)
        .with_header("retry-after", "0");
    Ok(WriteOutcome {
        response,
        follow_up,
    })
}

fn find(
    context: &HandlerContext,
    view: View<'_>,
    subscription: &str,
    name: &str,
) -> Result<Option<GroupRecord>, StoreError> {
    if let Some(group) = view.group(subscription, name)? {
        return Ok(Some(group));
    }
    let resources = resources::all(context, view, subscription, Some(name))?;
    Ok(resources.into_iter().next().map(group_of))
}

/// A group that nobody created, in the location of its first resource.
fn group_of(resource: TrackedResource) -> GroupRecord {
    GroupRecord {
        subscription: resource.subscription,
        name: resource.group,
        location: resource.location,
        tags: Map::new(),
    }
}

fn missing(name: &str) -> HandlerResponse {
    let message = format!("Resource group '{name}' could not be found.");
    arm_error(StatusCode::NOT_FOUND, "ResourceGroupNotFound", message)
}

fn rendered(group: &GroupRecord) -> Value {
    json!({
        "id": format!("/subscriptions/{}/resourceGroups/{}", group.subscription, group.name),
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        "tags": group.tags,
        "properties": {"provisioningState": "Succeeded"},
    })
}
