//! Who has which role where: scopes, and the stored role assignments at them.
//!
//! Scopes are paths that compare without case.

use crate::emulator::store::{Changes, StoreError, View};

pub(in crate::emulator) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether a scope equals another one or is above it.
pub(in crate::emulator) fn covers(above: &str, scope: &str) -> bool {
    let above = above.trim_end_matches('/').to_ascii_lowercase();
    let scope = scope.trim_end_matches('/').to_ascii_lowercase();
    scope
        .strip_prefix(&above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an assignment at a scope holds for another scope, of which the start may be unknown (`*`).
pub(in crate::emulator) fn reaches(above: &str, scope: &str) -> bool {
    let Some(rest) = scope.strip_prefix('*') else {
        return covers(above, scope);
    };
    let above = above.trim_end_matches('/').to_ascii_lowercase();
    above.ends_with(&rest.to_ascii_lowercase()) || !above.contains("/providers/")
}

/// The roles that a principal has at a scope, by assignments there or above it.
///
/// Both compare without case. A scope that starts with `*` names a resource whose group is not known:
/// every group and subscription may be above it.
pub(in crate::emulator) fn assigned(
    view: View<'_>,
    principal_id: &str,
    scope: &str,
) -> Result<Vec<String>, StoreError> {
    let assignments = view.assignments()?.into_iter().filter(|one| {
        one.principal.eq_ignore_ascii_case(principal_id) && reaches(&one.scope, scope)
    });
    Ok(assignments.map(|one| one.role).collect())
}

/// Deletes every assignment at a scope and below it, because the resource is deleted.
pub(in crate::emulator) fn remove_at(changes: &Changes<'_>, scope: &str) -> Result<(), StoreError> {
    for one in changes.view().assignments()? {
        if covers(scope, &one.scope) {
            changes.remove_assignment(&one.name)?;
        }
    }
    Ok(())
}

/// Roles are written with or without a subscription in front: the last segment counts.
pub(in crate::emulator) fn same_role(one: &str, other: &str) -> bool {
    same(last_segment(one), last_segment(other))
}

pub(in crate::emulator) fn last_segment(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::{assigned, covers, reaches, same_role};
    use crate::emulator::base::clock::Ticks;
    use crate::emulator::base::options::Storage;
    use crate::emulator::store::{AssignmentRecord, Store};

    #[test]
    fn a_scope_covers_itself_and_what_is_below() {
        let group = "/subscriptions/S/resourceGroups/g";
        assert!(covers("/", group));
        assert!(covers("/Subscriptions/s", group));
        assert!(covers(group, group));
        assert!(covers(group, &format!("{group}/providers/P/t/n")));
        assert!(!covers(group, "/subscriptions/S/resourceGroups/gg"));
        assert!(!covers(group, "/subscriptions/S"));
    }

    #[test]
    fn a_resource_of_an_unknown_group_may_be_below_any() {
        let vault = "*/providers/Microsoft.KeyVault/vaults/kv";
        let group = "/subscriptions/S/resourceGroups/g";
        for above in [
            "/",
            "/subscriptions/S",
            group,
            &format!("{group}/providers/microsoft.keyvault/VAULTS/KV"),
        ] {
            assert!(reaches(above, vault), "{above}");
        }
        for other in ["vaults/kv2", "vaults/akv", "vaults/kv/secrets/one"] {
            let other = format!("{group}/providers/Microsoft.KeyVault/{other}");
            assert!(!reaches(&other, vault), "{other}");
        }
        assert!(reaches(group, &format!("{group}/providers/P/t/n")));
    }

    #[test]
    fn a_role_is_had_where_it_is_assigned_and_below() {
        let store = Store::open(&Storage::Memory).expect("a store");
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
        let roles = |principal: &str, scope: &str| {
            store
                .read(|view| assigned(view, principal, scope))
                .expect("a read")
        };
        let below = format!(
            "{}/providers/Microsoft.ApiManagement/service/a",
            group.to_uppercase()
        );
        assert!(roles("P", group).iter().all(|one| same_role(one, role)));
        assert_eq!((roles("P", group).len(), roles("p", &below).len()), (1, 1));
        assert!(roles("p", "/subscriptions/S").is_empty() && roles("q", group).is_empty());
    }
}
