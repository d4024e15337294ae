//! Scopes: paths that compare without case.

use crate::emulator::core::response::{Outcome, service_not_found};
use crate::emulator::providers::api_center::target::PROVIDER;
use crate::emulator::store::{View, service_key};

pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Whether a scope is another one or lies above it.
pub(super) fn covers(above: &str, scope: &str) -> bool {
    let above = above.trim_end_matches('/').to_ascii_lowercase();
    let scope = scope.trim_end_matches('/').to_ascii_lowercase();
    scope
        .strip_prefix(&above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether an assignment at a scope holds for another scope, of which the start may be unknown (`*`).
pub(super) fn reaches(above: &str, scope: &str) -> bool {
    let Some(rest) = scope.strip_prefix('*') else {
        return covers(above, scope);
    };
    let above = above.trim_end_matches('/').to_ascii_lowercase();
    above.ends_with(&rest.to_ascii_lowercase()) || !above.contains("/providers/")
}

/// Refuses a scope at or below a service that does not exist. Chosen here: everything else that can
/// be a scope is taken to be there, as the emulator does not play it.
pub(super) fn check(view: View<'_>, scope: &str) -> Outcome<()> {
    let segments: Vec<&str> = scope.split('/').collect();
    if let [
        "",
        _,
        subscription,
        _,
        group,
        _,
        provider,
        collection,
        name,
        ..,
    ] = segments.as_slice()
        && same(provider, PROVIDER)
        && same(collection, "services")
    {
        let key = service_key(subscription, group, name);
        let living = view
            .service(&key)?
            .is_some_and(|service| service.deleted.is_none());
        if !living {
            return Err(service_not_found(group, name).into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{covers, reaches};

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
}
