//! Role assignments: found by scope, principal and role, whatever they are called in Azure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::ownership::name_in;
use super::matched::{Matching, declares};
use crate::model::{
    Address, Body, DesiredResource, DesiredState, Grant, KindInfo, LiveResource, Resource,
    Surroundings, scope_covers, scope_key,
};
use crate::plan::model::{Ownership, PlanOptions};

/// The kind that this is about.
const KIND: &str = "RoleAssignment";

/// Puts the live assignments that are declared, or carry our marker, under the addresses that the
/// manifests use.
pub(super) fn match_all(matching: &mut Matching<'_>, options: &PlanOptions) {
    if !declares(&matching.desired, KIND) && matching.live.surroundings.grants.is_empty() {
        return;
    }
    let surroundings = matching.live.surroundings.clone();
    let mut free: BTreeMap<&str, &Grant> = surroundings
        .grants
        .iter()
        .flat_map(|(scope, grants)| grants.iter().filter(|g| scope_key(&g.scope) == *scope))
        .map(|grant| (grant.id.as_str(), grant))
        .collect();
    let mut found = Vec::new();
    let mut kind = None;
    for (address, declared) in &matching.desired.resources {
        if address.kind().name != KIND {
            continue;
        }
        kind = Some(address.kind());
        let wanted = Wanted::of(&declared.resource.body, &surroundings);
        let same = free.values().find(|grant| wanted.is(grant)).copied();
        let replaced = || {
            let marked = |grant: &&&Grant| {
                options.ownership.as_ref().is_some_and(|ownership| {
                    marked_name(grant, ownership)
                        .is_some_and(|name| name.eq_ignore_ascii_case(address.name()))
                })
            };
            free.values().find(marked).copied()
        };
        if let Some(grant) = same.or_else(replaced) {
            free.remove(grant.id.as_str());
            let form = same.map(|_| &declared.resource.body);
            found.push(live(address.clone(), grant, form, &surroundings));
        }
    }
    if let (Some(kind), Some(ownership)) = (kind, &options.ownership) {
        found.extend(left_over(
            kind,
            ownership,
            &free,
            &matching.desired,
            &surroundings,
        ));
    }
    let live = matching.live.to_mut();
    for current in found {
        live.resources
            .insert(current.resource.address.clone(), current);
    }
    link_integrations(matching.desired.to_mut());
}

/// Assignments with our marker that nobody declares any more.
fn left_over(
    kind: &'static KindInfo,
    ownership: &Ownership,
    free: &BTreeMap<&str, &Grant>,
    desired: &DesiredState,
    surroundings: &Surroundings,
) -> Vec<LiveResource> {
    free.values()
        .filter_map(|grant| {
            let name = marked_name(grant, ownership)?;
            let mut address = Address::top(kind, name);
            if desired.resources.contains_key(&address) {
                let guid = grant.id.rsplit('/').next().unwrap_or_default();
                address = Address::top(kind, guid);
            }
            Some(live(address, grant, None, surroundings))
        })
        .collect()
}

/// What a declaration asks for, in the form of what Azure answers.
struct Wanted {
    scope: String,
    role: String,
    principal: Option<String>,
}

impl Wanted {
    fn of(body: &Body, surroundings: &Surroundings) -> Self {
        let text = |field: &str| body.get(field).and_then(Value::as_str);
        let principal = body.get("principal");
        let object = principal.and_then(|p| p.get("objectId")?.as_str());
        Self {
            scope: scope_key(text("scope").unwrap_or(&surroundings.service_id)),
            role: text("role").unwrap_or_default().to_owned(),
            principal: object
                .or_else(|| surroundings.identity.of_service())
                .map(str::to_ascii_lowercase),
        }
    }

    fn is(&self, grant: &Grant) -> bool {
        scope_key(&grant.scope) == self.scope
            && grant.role.eq_ignore_ascii_case(&self.role)
            && self
                .principal
                .as_ref()
                .is_some_and(|principal| principal.eq_ignore_ascii_case(&grant.principal))
    }
}

/// A live assignment in canonical form. What is the same by other words has the words of `form`.
fn live(
    address: Address,
    grant: &Grant,
    form: Option<&Body>,
    surroundings: &Surroundings,
) -> LiveResource {
    let mut body = Body::new();
    match form {
        Some(form) => {
            for field in ["role", "scope", "principal"] {
                if let Some(value) = form.get(field) {
                    body.insert(field.to_owned(), value.clone());
                }
            }
        }
        None => {
            body.insert("role".to_owned(), json!(grant.role));
            if scope_key(&grant.scope) != scope_key(&surroundings.service_id) {
                body.insert("scope".to_owned(), json!(grant.scope));
            }
            let mut principal = json!({ "objectId": grant.principal });
            if let Some(kind) = &grant.principal_type {
                principal["type"] = json!(kind);
            }
            body.insert("principal".to_owned(), principal);
        }
    }
    if let Some(description) = &grant.description {
        body.insert("description".to_owned(), json!(description));
    }
    LiveResource {
        resource: Resource {
            address,
            body,
            references: BTreeSet::new(),
            id: Some(grant.id.clone()),
        },
        unmodelled: Body::new(),
        synchronised: false,
        text: None,
        files: None,
    }
}

/// The name that the marker in a description gives to an assignment: `[PROPERTY: OWNER/NAME]` at its end.
fn marked_name<'a>(grant: &'a Grant, ownership: &Ownership) -> Option<&'a str> {
    name_in(grant.description.as_deref()?, ownership)
}

/// Whether the service's own identity gets one of these roles at a scope or above it.
pub(in crate::plan) fn gives_service(
    declared: &DesiredResource,
    roles: &[&str],
    scope: &str,
) -> bool {
    let body = &declared.resource.body;
    let text = |field: &str| body.get(field).and_then(Value::as_str);
    let is_service = body
        .get("principal")
        .and_then(|principal| principal.get("serviceIdentity"))
        == Some(&Value::Bool(true));
    declared.resource.address.kind().name == KIND
        && is_service
        && text("role").is_some_and(|role| roles.contains(&role))
        && text("scope").is_some_and(|upper| scope_covers(upper, scope))
}

/// An integration that is made in the same plan as the service's roles on its source waits for them.
fn link_integrations(desired: &mut DesiredState) {
    let roles: Vec<(Address, String)> = desired
        .resources
        .values()
        .filter(|declared| declared.resource.address.kind().name == KIND)
        .filter_map(|declared| {
            let body = &declared.resource.body;
            body.get("principal")?.get("serviceIdentity")?;
            let scope = body.get("scope")?.as_str()?.to_owned();
            Some((declared.resource.address.clone(), scope))
        })
        .collect();
    for declared in desired.resources.values_mut() {
        if declared.resource.address.kind().name != "Integration" {
            continue;
        }
        let source = declared.resource.body.get("source").cloned();
        let source = source.unwrap_or_default();
        let reading = roles
            .iter()
            .filter(|(_, scope)| concerns(scope, &source))
            .map(|(address, _)| address.clone());
        declared.resource.references.extend(reading);
    }
}

/// Whether a role at this scope may be what a source needs: on its instance, or on some key vault.
fn concerns(scope: &str, source: &Value) -> bool {
    match source.pointer("/apiManagement/resourceId") {
        Some(instance) => instance.as_str().is_some_and(|id| scope_covers(scope, id)),
        None => !scope_key(scope).contains("/microsoft.apimanagement/"),
    }
}
