//! Who keeps a live resource, by the rules that plans follow.

use super::ownership::{carries_marker, foreign_owner};
use crate::model::view::CustomProperties;
use crate::model::{Address, Keeper, LiveResource, LiveState};
use crate::plan::model::PlanOptions;

/// Who keeps a live resource. `is_declared` says whether the manifests of this repository may declare it; `live` has it, what
/// is above it, what an integration is known by, and its origins.
#[must_use]
pub fn keeper(
    address: &Address,
    is_declared: bool,
    live: &LiveState,
    options: &PlanOptions,
) -> Keeper {
    if let Some(origin) = live.origins.get(&address.root()) {
        return Keeper::Integration {
            integration: origin.integration.clone(),
            is_confirmed: origin.is_confirmed && origin.others.is_empty(),
        };
    }
    if let Some(found) = foreign_owner(address, live, options) {
        return Keeper::OtherOwner(found.owner);
    }
    let is_marked = |address: &Address| {
        let current = live.resources.get(address);
        current.is_some_and(|current| carries_marker(current, options))
    };
    if is_declared || is_marked(address) || address.ancestors().any(|above| is_marked(&above)) {
        return Keeper::Repository;
    }
    Keeper::Nobody
}

/// The owner in the marker of a live resource, or of what is above it.
#[must_use]
pub fn marked_owner(address: &Address, live: &LiveState, options: &PlanOptions) -> Option<String> {
    std::iter::once(address.clone())
        .chain(address.ancestors())
        .find_map(|address| own_marker(live.resources.get(&address)?, options))
}

/// The owner in the marker that is on a live resource itself.
#[must_use]
pub fn own_marker(current: &LiveResource, options: &PlanOptions) -> Option<String> {
    let property = &options.ownership.as_ref()?.property;
    let owner = CustomProperties::of(&current.resource.body).text(property)?;
    Some(owner.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{OwnershipMarker, SyncOrigin};
    use crate::plan::model::PruneScope;
    use crate::plan::tests::{address, desired, live};

    #[test]
    fn the_first_that_keeps_a_resource_is_named() {
        let marked = |owner: &str| json!({"title": "t", "customProperties": {"by": owner}});
        let mut live = live(&[
            ("api/declared", json!({})),
            ("api/declared/version/v1", json!({})),
            ("api/ours", marked("us")),
            ("api/ours/version/v1", json!({})),
            ("api/theirs", marked("them")),
            ("api/theirs/version/v1", json!({})),
            ("api/plain", json!({})),
            ("api/synced", marked("them")),
            ("environment/maybe", json!({})),
        ]);
        let origin = |is_confirmed| SyncOrigin {
            integration: address("integration/apim"),
            others: Vec::new(),
            is_confirmed,
        };
        live.origins = [
            (address("api/synced"), origin(true)),
            (address("environment/maybe"), origin(false)),
        ]
        .into();
        let desired = desired(&[("api/declared", json!({}))]);
        let mut options = PlanOptions {
            ownership: Some(OwnershipMarker {
                property: "by".to_owned(),
                owner: "us".to_owned(),
            }),
            ..PlanOptions::default()
        };
        let of = |at: &str, options: &PlanOptions| {
            let is_declared = desired.resources.contains_key(&address(at));
            keeper(&address(at), is_declared, &live, options)
        };
        let by = |is_confirmed| Keeper::Integration {
            integration: address("integration/apim"),
            is_confirmed,
        };
        let them = || Keeper::OtherOwner("them".to_owned());
        for (at, expected) in [
            ("api/declared", Keeper::Repository),
            ("api/declared/version/v1", Keeper::Nobody),
            ("api/ours", Keeper::Repository),
            ("api/ours/version/v1", Keeper::Repository),
            ("api/theirs", them()),
            ("api/theirs/version/v1", them()),
            ("api/plain", Keeper::Nobody),
            ("api/synced", by(true)),
            ("environment/maybe", by(false)),
        ] {
            assert_eq!(of(at, &options), expected, "{at}");
        }
        let owner = |at: &str| marked_owner(&address(at), &live, &options);
        assert_eq!(owner("api/theirs/version/v1").as_deref(), Some("them"));
        assert_eq!(owner("api/declared"), None);
        // A repository that owns everything knows no other owner.
        options.prune.scope = PruneScope::All;
        assert_eq!(of("api/theirs", &options), Keeper::Nobody);
    }
}
