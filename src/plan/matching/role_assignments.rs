//! Role assignments: found by scope, principal and role, because their name in Azure is a GUID.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::matched::{Matching, declares};
use crate::model::view::{IntegrationView, Principal, RoleAssignmentView};
use crate::model::{
    Address, Body, DesiredState, Grant, KindInfo, LiveResource, OwnershipMarker, Resource, Role,
    Scope, ServiceContext,
};
use crate::plan::model::PlanOptions;

/// Live assignments that no declaration has taken yet, by their id.
type Free<'a> = BTreeMap<&'a str, &'a Grant>;

/// Puts the live assignments that are declared, or carry our marker, under the addresses that the
/// manifests use.
pub(super) fn match_all(matching: &mut Matching<'_>, options: &PlanOptions) {
    let undone = options.undone.as_deref();
    let assigned = undone.map(|undone| &undone.assigned);
    let is_undone = assigned.is_some_and(|assigned| !assigned.is_empty());
    if !declares(&matching.desired, Role::RoleAssignment) && !is_undone {
        return;
    }
    let context = matching.live.context.clone();
    let mut free = free(&context);
    let mut found = Vec::new();
    let mut unmatched = Vec::new();
    let mut assignment_kind = None;
    for (address, declared) in &matching.desired.resources {
        if address.kind().role != Role::RoleAssignment {
            continue;
        }
        assignment_kind = Some(address.kind());
        let body = &declared.resource.body;
        let wanted = Wanted::of(body, &context);
        match free.values().copied().find(|grant| wanted.is(grant)) {
            Some(grant) => {
                free.remove(grant.id.as_str());
                found.push(as_declared(address.clone(), grant, body));
            }
            None => unmatched.push(address),
        }
    }
    if let Some(assigned) = assigned {
        found.extend(made_by_apply(assigned, &found, &mut free, &context));
        let is_found = |address: &Address| found.iter().any(|one| one.resource.address == *address);
        unmatched.retain(|address| !is_found(address));
    }
    // Only what no declaration matches can be the former form of one.
    if let (Some(kind), Some(ownership)) = (assignment_kind, &options.ownership) {
        for address in unmatched {
            let former = free.values().copied().find(|grant| {
                marked_name(grant, ownership)
                    .is_some_and(|name| name.eq_ignore_ascii_case(address.name()))
            });
            if let Some(grant) = former {
                free.remove(grant.id.as_str());
                found.push(undeclared(address.clone(), grant, &context));
            }
        }
        found.extend(left_over(
            kind,
            ownership,
            &free,
            &matching.desired,
            &context,
        ));
    }
    let live = matching.live.to_mut();
    for current in found {
        live.resources
            .insert(current.resource.address.clone(), current);
    }
    link_integrations(matching.desired.to_mut());
}

/// The assignments at the scopes themselves, not those above.
fn free(context: &ServiceContext) -> Free<'_> {
    let grants = context.grants.iter();
    let own = grants.flat_map(|(scope, all)| all.iter().filter(move |one| one.scope == *scope));
    own.map(|grant| (grant.id.as_str(), grant)).collect()
}

/// Assignments that an apply made which is undone, and that were otherwise or not there before.
fn made_by_apply(
    assigned: &BTreeMap<Address, Resource>,
    found: &[LiveResource],
    free: &mut Free<'_>,
    context: &ServiceContext,
) -> Vec<LiveResource> {
    let is_found = |address: &Address| found.iter().any(|one| one.resource.address == *address);
    let others = assigned.iter().filter(|(address, _)| !is_found(address));
    let made = others.filter_map(|(address, resource)| {
        let wanted = Wanted::of(&resource.body, context);
        let grant = free.values().copied().find(|grant| wanted.is(grant))?;
        free.remove(grant.id.as_str());
        Some(as_declared(address.clone(), grant, &resource.body))
    });
    made.collect()
}

/// Assignments with our marker that are no longer declared.
fn left_over(
    kind: &'static KindInfo,
    ownership: &OwnershipMarker,
    free: &Free<'_>,
    desired: &DesiredState,
    context: &ServiceContext,
) -> Vec<LiveResource> {
    free.values()
        .filter_map(|grant| {
            let name = marked_name(grant, ownership)?;
            let mut address = Address::top(kind, name);
            if desired.resources.contains_key(&address) {
                let guid = grant.id.rsplit('/').next().unwrap_or_default();
                address = Address::top(kind, guid);
            }
            Some(undeclared(address, grant, context))
        })
        .collect()
}

/// What a declaration asks for, in the form in which Azure reports it.
struct Wanted {
    scope: Scope,
    role: String,
    principal: Option<String>,
}

impl Wanted {
    fn of(body: &Body, context: &ServiceContext) -> Self {
        let view = RoleAssignmentView::of(body);
        Self {
            scope: view.scope().unwrap_or_else(|| context.service_id.clone()),
            role: view.role().unwrap_or_default().to_owned(),
            principal: view
                .object_id()
                .or_else(|| context.identity.of_service())
                .map(str::to_owned),
        }
    }

    fn is(&self, grant: &Grant) -> bool {
        grant.scope == self.scope
            && grant.role.eq_ignore_ascii_case(&self.role)
            && self
                .principal
                .as_ref()
                .is_some_and(|principal| principal.eq_ignore_ascii_case(&grant.principal))
    }
}

/// A live assignment that a declaration matches: equal values are written as in the declaration.
fn as_declared(address: Address, grant: &Grant, declared: &Body) -> LiveResource {
    let mut body = Body::new();
    for field in [
        RoleAssignmentView::ROLE,
        RoleAssignmentView::SCOPE,
        RoleAssignmentView::PRINCIPAL,
    ] {
        if let Some(value) = declared.get(field) {
            body.insert(field.to_owned(), value.clone());
        }
    }
    if let Some(description) = &grant.description {
        RoleAssignmentView::set_description(&mut body, description);
    }
    live(address, grant, body)
}

/// A live assignment in canonical form.
fn undeclared(address: Address, grant: &Grant, context: &ServiceContext) -> LiveResource {
    let scope = (grant.scope != context.service_id).then_some(&grant.scope);
    let principal = Principal::Object {
        id: &grant.principal,
        kind: grant.principal_type.as_deref(),
    };
    let body =
        RoleAssignmentView::body(&grant.role, scope, principal, grant.description.as_deref());
    live(address, grant, body)
}

fn live(address: Address, grant: &Grant, body: Body) -> LiveResource {
    LiveResource {
        resource: Resource {
            within: None,
            address,
            body,
            references: BTreeSet::new(),
            id: Some(grant.id.clone()),
        },
        unmodelled: Body::new(),
        synchronised: false,
        text: None,
        files: None,
        created_at: None,
    }
}

/// The name that our marker gives to an assignment.
fn marked_name<'a>(grant: &'a Grant, ownership: &OwnershipMarker) -> Option<&'a str> {
    let marked = ownership.parse(grant.description.as_deref()?)?;
    Some(marked.name)
}

/// Lets integrations wait for the service's roles on their source that the same plan assigns.
fn link_integrations(desired: &mut DesiredState) {
    let roles: Vec<(Address, Scope)> = desired
        .resources
        .values()
        .map(|declared| &declared.resource)
        .filter(|resource| resource.address.kind().role == Role::RoleAssignment)
        .filter_map(|resource| {
            let view = RoleAssignmentView::of(&resource.body);
            view.service_identity()?;
            Some((resource.address.clone(), view.scope()?))
        })
        .collect();
    for declared in desired.resources.values_mut() {
        if !declared.resource.address.is(Role::Integration) {
            continue;
        }
        let resource = Arc::make_mut(&mut declared.resource);
        let instance = IntegrationView::of(&resource.body).instance();
        let needed = roles
            .iter()
            .filter(|(_, scope)| concerns(scope, instance.as_ref()))
            .map(|(address, _)| address.clone());
        resource.references.extend(needed);
    }
}

/// Whether a role at this scope may be one that a source needs: on its instance, or on a key vault.
fn concerns(scope: &Scope, instance: Option<&Scope>) -> bool {
    match instance {
        Some(instance) => scope.covers(instance),
        None => !scope.has_segment("Microsoft.ApiManagement"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::LiveState;
    use crate::plan::matching::match_states;
    use crate::plan::tests::{address, desired};

    fn grant(id: &str, role: &str, description: Option<&str>) -> Grant {
        Grant {
            id: id.to_owned(),
            scope: Scope::new("/subscriptions/s"),
            role: role.to_owned(),
            principal: "p".to_owned(),
            principal_type: None,
            description: description.map(str::to_owned),
        }
    }

    fn state(grants: &[Grant]) -> LiveState {
        let mut live = LiveState::default();
        let scope = Scope::new("/subscriptions/S");
        live.context.grants.insert(scope, grants.to_vec());
        live
    }

    fn wanted(role: &str) -> serde_json::Value {
        json!({"role": role, "scope": "/subscriptions/s/", "principal": {"objectId": "P"}})
    }

    fn options() -> PlanOptions {
        PlanOptions {
            ownership: Some(OwnershipMarker {
                property: "managed-by".to_owned(),
                owner: "us".to_owned(),
            }),
            ..PlanOptions::default()
        }
    }

    /// The live assignments after matching: address and id.
    fn matched(desired: &DesiredState, grants: &[Grant]) -> Vec<String> {
        let live = state(grants);
        let matching = match_states(desired, &live, &options(), &BTreeMap::new());
        matching
            .live
            .resources
            .values()
            .map(|current| {
                let id = current.resource.id.as_deref().unwrap_or_default();
                format!("{} = {id}", current.resource.address)
            })
            .collect()
    }

    #[test]
    fn an_assignment_is_found_by_scope_principal_and_role_whatever_their_case() {
        let declared = desired(&[("role-assignment/reader", wanted("reader"))]);
        let grants = [grant("1", "Owner", None), grant("2", "Reader", None)];
        assert_eq!(matched(&declared, &grants), ["role-assignment/reader = 2"]);
    }

    #[test]
    fn a_name_that_is_used_again_does_not_take_what_another_declaration_matches() {
        // The reader was called `a` before; now `z` is the reader and `a` is new.
        let declared = desired(&[
            ("role-assignment/a", wanted("Owner")),
            ("role-assignment/z", wanted("Reader")),
        ]);
        let grants = [grant("1", "Reader", Some("[managed-by: us/a]"))];
        assert_eq!(matched(&declared, &grants), ["role-assignment/z = 1"]);
    }

    #[test]
    fn a_marked_assignment_is_the_former_form_of_the_declaration_with_its_name() {
        let declared = desired(&[("role-assignment/a", wanted("Owner"))]);
        let grants = [grant("1", "Reader", Some("Reads. [managed-by: us/A]"))];
        assert_eq!(matched(&declared, &grants), ["role-assignment/a = 1"]);
    }

    #[test]
    fn marked_assignments_that_nothing_declares_are_left_over() {
        let declared = desired(&[("role-assignment/a", wanted("Owner"))]);
        let grants = [
            grant("x/1", "Owner", None),
            grant("x/2", "Reader", Some("[managed-by: us/a]")),
            grant("x/3", "Reader", Some("[managed-by: us/old]")),
            grant("x/4", "Reader", Some("[managed-by: them/other]")),
        ];
        assert_eq!(
            matched(&declared, &grants),
            [
                "role-assignment/2 = x/2",
                "role-assignment/a = x/1",
                "role-assignment/old = x/3",
            ]
        );
    }

    #[test]
    fn an_integration_waits_for_roles_that_may_be_on_its_source() {
        let role = |scope: &str| json!({"role": "Reader", "scope": scope, "principal": {"serviceIdentity": true}});
        let instance = "/subscriptions/s/providers/Microsoft.ApiManagement/service/x";
        let declared = desired(&[
            ("role-assignment/here", role("/subscriptions/S")),
            ("role-assignment/vault", role("/subscriptions/other")),
            (
                "integration/apim",
                json!({"source": {"apiManagement": {"resourceId": instance}}}),
            ),
            (
                "integration/aws",
                json!({"source": {"amazonApiGateway": {"accessKey": "https://v"}}}),
            ),
        ]);
        let live = LiveState::default();
        let matching = match_states(&declared, &live, &options(), &BTreeMap::new());
        let references = |at: &str| {
            matching.desired.resources[&address(at)]
                .resource
                .references
                .len()
        };
        assert_eq!(references("integration/apim"), 1);
        assert_eq!(references("integration/aws"), 2);
    }
}
