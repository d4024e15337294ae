//! Microsoft.Authorization at any scope: who has which role where.
//!
//! Assignments are kept and listed as the provider does it. What a role allows is told but not
//! enforced here; behaviours that depend on a role ask [`is_assigned`], and look again when the
//! assignments of a principal change.
//!
//! An assignment ends with the resource that is its scope. Documented for key vaults, taken over for
//! every resource here: a soft delete ends it too, and recovering does not bring it back.

mod assignments;
mod definitions;
mod filter;
mod principals;
mod scope;

use crate::emulator::core::request::Call;
use crate::emulator::core::response::Outcome;
use crate::emulator::providers::api_center::actions::{Context, Done};
use crate::emulator::providers::api_center::dispatch::not_allowed;
use crate::emulator::store::{Changes, StoreError, View};
use scope::{covers, reaches, same};

pub(in crate::emulator) use principals::note as note_identity;

/// The API versions of the provider that know roles (documented).
pub(in crate::emulator) static API_VERSIONS: &[&str] = &[
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

/// What a path below the provider addresses, at the scope before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emulator) enum Place {
    Assignments { scope: String },
    Assignment { scope: String, name: String },
    Definitions { scope: String },
    Definition { scope: String, name: String },
}

impl Place {
    pub(in crate::emulator) fn type_path(&self) -> &'static str {
        match self {
            Self::Assignments { .. } | Self::Assignment { .. } => "roleAssignments",
            Self::Definitions { .. } | Self::Definition { .. } => "roleDefinitions",
        }
    }
}

/// The place of a path, as its decoded segments.
pub(in crate::emulator) fn place(segments: &[&str]) -> Option<Place> {
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    let at = segments
        .windows(2)
        .rposition(|pair| is(pair[0], "providers") && is(pair[1], "Microsoft.Authorization"))?;
    let scope = format!("/{}", segments[..at].join("/"));
    match &segments[at + 2..] {
        [kind] if is(kind, "roleAssignments") => Some(Place::Assignments { scope }),
        [kind] if is(kind, "roleDefinitions") => Some(Place::Definitions { scope }),
        [kind, name] if is(kind, "roleAssignments") => Some(Place::Assignment {
            scope,
            name: (*name).to_owned(),
        }),
        [kind, name] if is(kind, "roleDefinitions") => Some(Place::Definition {
            scope,
            name: (*name).to_owned(),
        }),
        _ => None,
    }
}

/// Answers what only looks.
pub(in crate::emulator) fn look(view: View<'_>, call: &Call, place: &Place) -> Outcome {
    match place {
        Place::Assignments { scope } => assignments::list(view, scope, call),
        Place::Assignment { scope, name } => assignments::get(view, scope, name),
        Place::Definitions { scope } => definitions::list(scope, call),
        Place::Definition { scope, name } => definitions::get(scope, name),
    }
}

/// Answers what changes.
pub(in crate::emulator) fn change(
    context: &Context,
    changes: &Changes<'_>,
    call: &Call,
    place: &Place,
) -> Outcome<Done> {
    match (place, call.method.as_str()) {
        (Place::Assignment { scope, name }, "PUT") => {
            assignments::put(context, changes, scope, name, call.body.as_ref())
        }
        (Place::Assignment { scope, name }, "DELETE") => {
            assignments::delete(context, changes, scope, name)
        }
        _ => Err(not_allowed(&call.method)),
    }
}

/// Whether a principal has a role at a scope, by an assignment there or above it.
///
/// All three compare without case; of the role, only the GUID counts. A scope that starts with `*`
/// names a resource whose group is not known: every group and subscription may be above it.
pub(in crate::emulator) fn is_assigned(
    view: View<'_>,
    principal_id: &str,
    role_guid: &str,
    scope: &str,
) -> Result<bool, StoreError> {
    let assignments = view.assignments()?;
    Ok(assignments.iter().any(|one| {
        one.principal.eq_ignore_ascii_case(principal_id)
            && same_role(&one.role, role_guid)
            && reaches(&one.scope, scope)
    }))
}

/// Ends every assignment at a scope and below it, because what they are about is deleted.
pub(in crate::emulator) fn forget(changes: &Changes<'_>, scope: &str) -> Result<(), StoreError> {
    for one in changes.view().assignments()? {
        if covers(scope, &one.scope) {
            changes.remove_assignment(&one.name)?;
        }
    }
    Ok(())
}

/// Roles are written with or without a subscription in front: the last segment counts.
fn same_role(one: &str, other: &str) -> bool {
    same(last_segment(one), last_segment(other))
}

fn last_segment(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Place, is_assigned, place};
    use crate::emulator::core::clock::Ticks;
    use crate::emulator::core::options::Data;
    use crate::emulator::store::{AssignmentRecord, Store};

    fn read(path: &str) -> Option<Place> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        place(&segments)
    }

    #[test]
    fn any_prefix_is_a_scope() {
        let vault = "/subscriptions/S/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
        for (scope, prefix) in [
            ("/", ""),
            ("/subscriptions/S", "/subscriptions/S"),
            (vault, vault),
        ] {
            let list = format!("{prefix}/Providers/microsoft.authorization/roleassignments");
            let scope = scope.to_owned();
            assert_eq!(
                read(&list),
                Some(Place::Assignments {
                    scope: scope.clone()
                })
            );
            let one = format!("{list}/N");
            let name = "N".to_owned();
            assert_eq!(read(&one), Some(Place::Assignment { scope, name }));
        }
        assert_eq!(read("/providers/Microsoft.Authorization/locks"), None);
        assert_eq!(read("/subscriptions/S"), None);
    }

    #[test]
    fn a_role_is_had_where_it_is_assigned_and_below() {
        let store = Store::open(&Data::Memory).expect("a store");
        let (role, group) = (
            "acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "/subscriptions/S/resourceGroups/g",
        );
        let one = AssignmentRecord {
            name: "n".to_owned(),
            scope: group.to_owned(),
            number: 1,
            created: Ticks::now(),
            updated: Ticks::now(),
            role: format!("/providers/Microsoft.Authorization/roleDefinitions/{role}"),
            principal: "p".to_owned(),
            more: serde_json::Map::new(),
        };
        store
            .change_blocking(move |changes| changes.put_assignment(&one))
            .expect("a change");
        let has = |principal: &str, role: &str, scope: &str| {
            store
                .read(|view| is_assigned(view, principal, role, scope))
                .expect("a read")
        };
        let below = format!(
            "{}/providers/Microsoft.ApiManagement/service/a",
            group.to_uppercase()
        );
        assert!(has("P", role, group) && has("p", &role.to_uppercase(), &below));
        assert!(!has("p", role, "/subscriptions/S"));
        assert!(!has("q", role, group) && !has("p", "another", group));
    }
}
