//! Resource groups. One that nobody made is there as long as it holds a service.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::core::request::{Call, encoded};
use crate::emulator::core::response::{Answer, Outcome, arm_error};
use crate::emulator::providers::api_center::actions::Done;
use crate::emulator::providers::api_center::services;
use crate::emulator::providers::api_management;
use crate::emulator::providers::authorization;
use crate::emulator::store::{Changes, GroupRecord, StoreError, View};

pub(super) fn list(view: View<'_>, subscription: &str) -> Outcome {
    let mut groups = view.groups(subscription)?;
    for service in view.services(subscription, None)? {
        let known = |group: &GroupRecord| group.name.eq_ignore_ascii_case(&service.group);
        if service.deleted.is_none() && !groups.iter().any(known) {
            groups.push(GroupRecord {
                subscription: service.subscription,
                name: service.group,
                location: service.location,
                tags: Map::new(),
            });
        }
    }
    groups.sort_by_key(|group| group.name.to_ascii_lowercase());
    let value: Vec<Value> = groups.iter().map(rendered).collect();
    Ok(Answer::ok(json!({ "value": value })))
}

pub(super) fn get(view: View<'_>, subscription: &str, name: &str) -> Outcome {
    let group = find(view, subscription, name)?.ok_or_else(|| missing(name))?;
    Ok(Answer::ok(rendered(&group)))
}

/// Documented: 201 for a new one; the location of one that is there never changes.
pub(super) fn put(
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    body: Option<&Value>,
) -> Outcome<Done> {
    let location = body
        .and_then(|body| body.get("location"))
        .and_then(Value::as_str)
        .filter(|location| !location.is_empty())
        .ok_or_else(|| {
            let message = "The location property is required for this definition.";
            arm_error(StatusCode::BAD_REQUEST, "LocationRequired", message)
        })?;
    let old = find(changes.view(), subscription, name)?;
    if let Some(old) = &old
        && !services::same_location(&old.location, location)
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
        tags: body.and_then(services::tags).unwrap_or_default(),
    };
    changes.put_group(&group)?;
    Ok(Answer::json(status, rendered(&group)).into())
}

/// Replaces the tags.
pub(super) fn patch(
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    body: Option<&Value>,
) -> Outcome<Done> {
    let mut group = find(changes.view(), subscription, name)?.ok_or_else(|| missing(name))?;
    if let Some(tags) = body.and_then(services::tags) {
        group.tags = tags;
    }
    changes.put_group(&group)?;
    Ok(Answer::ok(rendered(&group)).into())
}

/// Deletes a group with its services (softly, as each would be deleted), its API Management
/// instances and its role assignments.
/// Documented: 202 and an address to poll. Chosen here: all is done by then.
pub(super) fn delete(
    changes: &Changes<'_>,
    subscription: &str,
    name: &str,
    call: &Call,
) -> Outcome<Done> {
    find(changes.view(), subscription, name)?.ok_or_else(|| missing(name))?;
    for service in changes.view().services(subscription, Some(name))? {
        services::delete_stored(changes, service)?;
    }
    let scope = format!("/subscriptions/{subscription}/resourceGroups/{name}");
    authorization::forget(changes, &scope)?;
    let follow = api_management::forget_group(changes, subscription, name)?;
    changes.remove_group(subscription, name)?;
    let location = format!(
        "{}/subscriptions/{subscription}/operationresults/{}?api-version={}",
        call.base,
        uuid::Uuid::new_v4().simple(),
        encoded(call.query.get("api-version").unwrap_or_default())
    );
    let answer = Answer::empty(StatusCode::ACCEPTED)
        .with_header("location", &location)
        .with_header("retry-after", "0");
    Ok(Done { answer, follow })
}

fn find(view: View<'_>, subscription: &str, name: &str) -> Result<Option<GroupRecord>, StoreError> {
    if let Some(group) = view.group(subscription, name)? {
        return Ok(Some(group));
    }
    let services = view.services(subscription, Some(name))?;
    let living = services
        .into_iter()
        .find(|service| service.deleted.is_none());
    Ok(living.map(|service| GroupRecord {
        subscription: service.subscription,
        name: service.group,
        location: service.location,
        tags: Map::new(),
    }))
}

fn missing(name: &str) -> Answer {
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
