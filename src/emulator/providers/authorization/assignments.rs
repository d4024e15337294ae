//! Role assignments: one table of names for the whole directory.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::filter::RoleCondition;
use super::{filter, principals};
use crate::emulator::base::clock::Ticks;
use crate::emulator::core::handler::{FollowUp, HandlerError, HandlerResult, WriteOutcome};
use crate::emulator::core::provider::{HandlerContext, ProviderEvent};
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::core::roles::{covers, last_segment, same, same_role};
use crate::emulator::store::{AssignmentRecord, Changes, StoreError, View};

/// What a request to assign says.
struct Wanted {
    role: String,
    principal: String,
    more: Map<String, Value>,
}

/// The properties that may be changed by another PUT (documented), and `principalType`.
const MORE: [&str; 5] = [
    "principalType",
    "description",
    "condition",
    "conditionVersion",
    "delegatedManagedIdentityResourceId",
];

pub(super) fn get(
    context: &HandlerContext,
    view: View<'_>,
    scope: &str,
    name: &str,
) -> HandlerResult {
    check_scope(context, view, scope)?;
    let found = view
        .assignment(name)?
        .filter(|one| same(&one.scope, scope))
        .ok_or_else(|| {
            let message = format!("The role assignment '{name}' is not found.");
            arm_error(StatusCode::NOT_FOUND, "RoleAssignmentNotFound", message)
        })?;
    Ok(HandlerResponse::ok(rendered(&found)))
}

/// Documented: without a filter, what is at, above and below the scope; `atScope()` leaves out what is
/// below.
pub(super) fn list(
    context: &HandlerContext,
    view: View<'_>,
    scope: &str,
    request: &HandlerRequest,
) -> HandlerResult {
    check_scope(context, view, scope)?;
    let filter = request.query.get("$filter").filter(|text| !text.is_empty());
    let conditions = filter
        .map(filter::conditions)
        .transpose()?
        .unwrap_or_default();
    for condition in &conditions {
        if let RoleCondition::Equals { property, .. } = condition
            && property != "principalid"
        {
            return Err(filter::unsupported(filter.unwrap_or_default()).into());
        }
    }
    let all = view.assignments()?;
    let value: Vec<Value> = all
        .iter()
        .filter(|one| covers(&one.scope, scope) || covers(scope, &one.scope))
        .filter(|one| conditions.iter().all(|it| satisfies(one, scope, it)))
        .map(rendered)
        .collect();
    Ok(HandlerResponse::ok(json!({ "value": value })))
}

/// Chosen here: nobody is in a group, so what is assigned to a principal is assigned directly.
fn satisfies(one: &AssignmentRecord, scope: &str, condition: &RoleCondition) -> bool {
    match condition {
        RoleCondition::AtScope => covers(&one.scope, scope),
        RoleCondition::AssignedTo(id) | RoleCondition::Equals { value: id, .. } => {
            same(&one.principal, id)
        }
    }
}

/// Documented: 201 for a new one, 200 for the same again; who, what and where never change.
pub(super) fn put(
    context: &HandlerContext,
    changes: &Changes<'_>,
    scope: &str,
    name: &str,
    body: Option<&Value>,
) -> HandlerResult<WriteOutcome> {
    check_scope(context, changes.view(), scope)?;
    if !is_guid(name) {
        return Err(no_guid("InvalidRoleAssignmentId", "role assignment", name));
    }
    let wanted = wanted(body)?;
    let now = Ticks::now();
    if let Some(mut old) = changes.view().assignment(name)? {
        let unchanged = same(&old.scope, scope)
            && same(&old.principal, &wanted.principal)
            && same_role(&old.role, &wanted.role);
        if !unchanged {
            let message =
                "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
            let code = "RoleAssignmentUpdateNotPermitted";
            return Err(arm_error(StatusCode::BAD_REQUEST, code, message).into());
        }
        old.more = wanted.more;
        old.updated = now;
        changes.put_assignment(&old)?;
        return Ok(HandlerResponse::ok(rendered(&old)).into());
    }
    let twin = changes.view().assignments()?.into_iter().any(|one| {
        same(&one.scope, scope)
            && same(&one.principal, &wanted.principal)
            && same_role(&one.role, &wanted.role)
    });
    if twin {
        let message = "The role assignment already exists.";
        return Err(arm_error(StatusCode::CONFLICT, "RoleAssignmentExists", message).into());
    }
    let kind = wanted.more.get("principalType").and_then(Value::as_str);
    principals::check(context, changes, &wanted.principal, kind)?;
    let new = AssignmentRecord {
        name: name.to_owned(),
        scope: scope.to_owned(),
        number: changes.next_number()?,
        created: now,
        updated: now,
        role: wanted.role,
        principal: wanted.principal,
        more: wanted.more,
    };
    changes.put_assignment(&new)?;
    Ok(WriteOutcome {
        response: HandlerResponse::json(StatusCode::CREATED, rendered(&new)),
        follow_up: role_change(context, changes, &new.principal)?,
    })
}

/// Documented: 200 with what was deleted, 204 when there was none.
pub(super) fn delete(
    context: &HandlerContext,
    changes: &Changes<'_>,
    scope: &str,
    name: &str,
) -> HandlerResult<WriteOutcome> {
    let found = changes.view().assignment(name)?;
    match found.filter(|one| same(&one.scope, scope)) {
        Some(one) => {
            changes.remove_assignment(name)?;
            Ok(WriteOutcome {
                response: HandlerResponse::ok(rendered(&one)),
                follow_up: role_change(context, changes, &one.principal)?,
            })
        }
        None => Ok(HandlerResponse::empty(StatusCode::NO_CONTENT).into()),
    }
}

/// Refuses a scope at or below a resource that does not exist. Chosen here: everything that no provider
/// knows is taken to exist.
fn check_scope(context: &HandlerContext, view: View<'_>, scope: &str) -> HandlerResult<()> {
    for provider in context.providers {
        provider.check_scope(view, scope)?;
    }
    Ok(())
}

fn role_change(
    context: &HandlerContext,
    changes: &Changes<'_>,
    principal: &str,
) -> Result<Option<FollowUp>, StoreError> {
    context.publish(changes, &ProviderEvent::RolesChanged { principal })
}

fn wanted(body: Option<&Value>) -> HandlerResult<Wanted> {
    let properties = body
        .and_then(|body| body.get("properties"))
        .and_then(Value::as_object);
    let text = |name: &str| properties?.get(name)?.as_str().map(str::to_owned);
    let (Some(role), Some(principal)) = (text("roleDefinitionId"), text("principalId")) else {
        let message = "The request content was invalid: the properties 'roleDefinitionId' and \
                       'principalId' are required.";
        return Err(arm_error(StatusCode::BAD_REQUEST, "InvalidRequestContent", message).into());
    };
    if !is_guid(last_segment(&role)) {
        return Err(no_guid("InvalidRoleDefinitionId", "role definition", &role));
    }
    if !is_guid(&principal) {
        return Err(no_guid("InvalidPrincipalId", "principal", &principal));
    }
    let more = MORE
        .iter()
        .filter_map(|name| {
            let value = properties?.get(*name).filter(|value| !value.is_null())?;
            Some(((*name).to_owned(), value.clone()))
        })
        .collect();
    Ok(Wanted {
        role,
        principal,
        more,
    })
}

fn no_guid(code: &str, what: &str, found: &str) -> HandlerError {
    let message = format!("The {what} ID '{found}' is not valid. The {what} ID must be a GUID.");
    arm_error(StatusCode::BAD_REQUEST, code, message).into()
}

/// Documented: what nobody set is null.
fn rendered(one: &AssignmentRecord) -> Value {
    let more = |name: &str| one.more.get(name).cloned().unwrap_or_default();
    json!({
        "properties": {
            "roleDefinitionId": one.role,
            "principalId": one.principal,
            "principalType": one.more.get("principalType").cloned().unwrap_or(json!("ServicePrincipal")),
            "scope": one.scope,
            "condition": more("condition"),
            "conditionVersion": more("conditionVersion"),
            "createdOn": one.created.stamp(),
            "updatedOn": one.updated.stamp(),
            "createdBy": null,
            "updatedBy": null,
            "delegatedManagedIdentityResourceId": more("delegatedManagedIdentityResourceId"),
            "description": more("description"),
        },
        "id": format!(
            "{}/providers/Microsoft.Authorization/roleAssignments/{}",
            one.scope.trim_end_matches('/'),
            one.name
        ),
        "type": "Microsoft.Authorization/roleAssignments",
        "name": one.name,
    })
}

fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}
