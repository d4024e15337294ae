//! Live resources that are not declared: candidates for deletion, or only listed.

use std::collections::BTreeSet;

use super::cascade::{Cascades, delete, delete_with};
use crate::model::{Address, DesiredState, LiveResource, LiveState, Prune, Role, SyncOrigin};
use crate::plan::matching::{carries_marker, foreign_owner};
use crate::plan::model::{CREATED_BY_APPLY, Change, PlanOptions, PruneScope};

/// Undeclared live resources.
pub(in crate::plan) struct Undeclared<'a> {
    /// What may be deleted, by topmost resource.
    pub(in crate::plan) candidates: Vec<Candidate<'a>>,
    /// Topmost resources that stay and are listed.
    pub(in crate::plan) unmanaged: Vec<Address>,
}

/// A topmost resource that may be deleted.
pub(in crate::plan) struct Candidate<'a> {
    top: &'a LiveResource,
    /// The resource itself and everything that vanishes with it.
    pub(in crate::plan) family: Vec<&'a LiveResource>,
    /// Declared resources that vanish with it.
    pub(in crate::plan) declared: Vec<Address>,
    reason: String,
}

impl Candidate<'_> {
    /// The address of the topmost resource.
    pub(in crate::plan) fn address(&self) -> &Address {
        &self.top.resource.address
    }

    /// The delete of the topmost resource.
    pub(in crate::plan) fn delete(&self) -> Change {
        delete(self.top, None, self.reason.clone())
    }

    /// The deletes of what vanishes with it.
    pub(in crate::plan) fn delete_others(&self, live: &LiveState) -> impl Iterator<Item = Change> {
        let top = &self.top.resource.address;
        self.family
            .iter()
            .filter(move |member| member.resource.address != *top)
            .map(move |member| delete_with(member, top, live))
    }
}

/// Finds undeclared resources and decides which of them are within reach of `--prune`.
pub(in crate::plan) fn undeclared<'a>(
    desired: &'a DesiredState,
    live: &'a LiveState,
    options: &PlanOptions,
) -> Undeclared<'a> {
    let tops: Vec<(&LiveResource, Option<String>)> = topmost_undeclared(desired, live)
        .filter(|top| {
            let address = &top.resource.address;
            options.selects(address) && address.kind().prune != Prune::Never
        })
        .map(|top| (top, reason_to_delete(top, desired, live, options)))
        .collect();
    let deleted = tops
        .iter()
        .filter(|(top, reason)| top.resource.address.is(Role::Integration) && reason.is_some())
        .map(|(top, _)| top.resource.address.clone())
        .collect();
    let cascades = Cascades::new(live, deleted);
    let mut undeclared = Undeclared {
        candidates: Vec::new(),
        unmanaged: Vec::new(),
    };
    for (top, reason) in tops {
        let address = &top.resource.address;
        let is_kept = top.synchronised && options.undone.is_none();
        if is_kept && !is_released(address, desired, &cascades) {
            if is_guessed(address, live) {
                undeclared.unmanaged.push(address.clone());
            }
            continue;
        }
        let Some(reason) = reason else {
            undeclared.unmanaged.push(address.clone());
            continue;
        };
        let mut family: Vec<_> = live.family_of(address).collect();
        let mut taken = cascades.of_deleted(address, desired);
        family.append(&mut taken.undeclared);
        undeclared.candidates.push(Candidate {
            top,
            family,
            declared: taken.declared,
            reason,
        });
    }
    undeclared
}

/// Whether an environment that integrations keep is left behind when they are deleted, and nothing
/// declared is deployed to it.
fn is_released(address: &Address, desired: &DesiredState, cascades: &Cascades<'_>) -> bool {
    let is_used =
        |declared: &crate::model::DesiredResource| declared.resource.references.contains(address);
    address.is(Role::Environment)
        && cascades.is_left_behind(address)
        && !desired.resources.values().any(is_used)
}

/// Whether a resource only looks synchronised: integrations do not give APIs such names (documented), and nothing
/// says where a skill comes from.
fn is_guessed(address: &Address, live: &LiveState) -> bool {
    let is_open = address.kind().open_field.is_some();
    let origin = live.origins.get(&if is_open {
        address.root()
    } else {
        address.clone()
    });
    (is_open || address.is(Role::Api)) && origin.is_some_and(|origin| !origin.is_confirmed)
}

/// How many live resources could be deleted if they were not declared: the base of `maxDeletes`.
pub(in crate::plan) fn deletable(
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) -> usize {
    let declared_roots: BTreeSet<Address> = desired.resources.keys().map(Address::root).collect();
    live.resources
        .values()
        .filter(|current| {
            let address = &current.resource.address;
            let ours = match address.kind().prune {
                Prune::Never => false,
                Prune::OnlyAll => options.prune.scope == PruneScope::All,
                Prune::Owned => {
                    options.prune.scope == PruneScope::All
                        || declared_roots.contains(&address.root())
                        || carries_marker_at_root(current, live, options)
                }
            };
            let kept = current.synchronised && !goes_with_its_integration(address, desired, live);
            ours && !kept && !options.safety.protect.covers(address)
        })
        .count()
}

/// Whether a resource is kept by an integration that is not declared, so that both may be deleted.
fn goes_with_its_integration(address: &Address, desired: &DesiredState, live: &LiveState) -> bool {
    let is_declared = |integration: &Address| desired.resources.contains_key(integration);
    live.origins
        .get(&address.root())
        .into_iter()
        .flat_map(SyncOrigin::integrations)
        .any(|integration| !is_declared(integration))
}

fn carries_marker_at_root(current: &LiveResource, live: &LiveState, options: &PlanOptions) -> bool {
    carries_marker(current, options)
        || live
            .resources
            .get(&current.resource.address.root())
            .is_some_and(|root| carries_marker(root, options))
}

/// Undeclared resources whose parent is declared, or that have none.
fn topmost_undeclared<'a>(
    desired: &'a DesiredState,
    live: &'a LiveState,
) -> impl Iterator<Item = &'a LiveResource> {
    live.resources.values().filter(|current| {
        let address = &current.resource.address;
        !desired.resources.contains_key(address)
            && current
                .resource
                .parent()
                .is_none_or(|parent| desired.resources.contains_key(&parent))
    })
}

/// Why a resource may be deleted; `None` if it is out of reach.
fn reason_to_delete(
    top: &LiveResource,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) -> Option<String> {
    let address = &top.resource.address;
    if options.undone.is_some() {
        return Some(CREATED_BY_APPLY.to_owned());
    }
    if !options.prune.enabled || foreign_owner(address, live, options).is_some() {
        return None;
    }
    if let Some(from) = &options.from {
        return Some(format!("not in {}", from.name));
    }
    if options.prune.scope == PruneScope::All {
        return Some("not declared, and this repository owns the whole service".to_owned());
    }
    if address.kind().prune != Prune::Owned {
        return None;
    }
    if let Some(parent) = address
        .parent()
        .filter(|p| desired.resources.contains_key(p))
    {
        return Some(format!("not declared below {parent}"));
    }
    let ownership = options
        .ownership
        .as_ref()
        .filter(|_| carries_marker(top, options))?;
    Some(format!(
        "not declared, and marked {}: {}",
        ownership.property, ownership.owner
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{OwnershipMarker, Patterns};
    use crate::plan::tests::{address, desired, live};

    fn options(scope: PruneScope) -> PlanOptions {
        let mut options = PlanOptions::default();
        options.prune.enabled = true;
        options.prune.scope = scope;
        options.ownership = Some(OwnershipMarker {
            property: "managed-by".to_owned(),
            owner: "us".to_owned(),
        });
        options
    }

    fn marked(owner: &str) -> serde_json::Value {
        json!({"title": "A", "customProperties": {"managed-by": owner}})
    }

    /// What may be deleted, with all that vanishes with it, and what stays.
    fn reach(
        desired: &DesiredState,
        live: &LiveState,
        options: &PlanOptions,
    ) -> (Vec<String>, Vec<String>) {
        let found = undeclared(desired, live, options);
        let deletes = found.candidates.iter().flat_map(|candidate| {
            let top = candidate.delete();
            std::iter::once(top).chain(candidate.delete_others(live))
        });
        (
            deletes.map(|change| change.address.to_string()).collect(),
            found.unmanaged.iter().map(ToString::to_string).collect(),
        )
    }

    fn catalogue() -> LiveState {
        live(&[
            ("service", json!({"location": "westeurope"})),
            ("metadata-schema/team", json!({})),
            ("api/declared", json!({"title": "A"})),
            ("api/declared/deployment/eu", json!({})),
            ("api/ours", marked("us")),
            ("api/ours/deployment/eu", json!({})),
            ("api/plain", json!({"title": "A"})),
            ("api/theirs", marked("them")),
        ])
    }

    #[test]
    fn the_scope_decides_what_is_within_reach() {
        let (desired, live) = (desired(&[("api/declared", json!({}))]), catalogue());
        let owned = reach(&desired, &live, &options(PruneScope::Owned));
        assert_eq!(
            owned.0,
            [
                "api/declared/deployment/eu",
                "api/ours",
                "api/ours/deployment/eu"
            ]
        );
        assert_eq!(owned.1, ["metadata-schema/team", "api/plain", "api/theirs"]);

        let (all, unmanaged) = reach(&desired, &live, &options(PruneScope::All));
        assert_eq!(
            all.len(),
            6,
            "everything but the service and what is declared: {all:?}"
        );
        assert!(unmanaged.is_empty());
    }

    #[test]
    fn nothing_is_deleted_unless_prune_is_enabled() {
        let mut disabled = options(PruneScope::All);
        disabled.prune.enabled = false;
        let (deletes, unmanaged) = reach(&desired(&[]), &catalogue(), &disabled);
        assert!(deletes.is_empty());
        let tops = [
            "metadata-schema/team",
            "api/declared",
            "api/ours",
            "api/plain",
            "api/theirs",
        ];
        assert_eq!(unmanaged, tops);
    }

    #[test]
    fn what_is_not_selected_or_synchronised_is_neither_deleted_nor_listed() {
        let mut live = catalogue();
        live.resources
            .get_mut(&address("api/plain"))
            .unwrap()
            .synchronised = true;
        let mut options = options(PruneScope::All);
        options.only = Patterns::new(["api/plain", "api/ours"]).unwrap();
        let (deletes, unmanaged) = reach(&desired(&[]), &live, &options);
        assert_eq!(deletes, ["api/ours", "api/ours/deployment/eu"]);
        assert!(unmanaged.is_empty());
    }

    fn synchronised() -> LiveState {
        let mut live = live(&[
            ("environment/gateway", json!({})),
            ("integration/apim", json!({})),
            ("api/a1b2", json!({"title": "Orders"})),
            ("api/likely", json!({"title": "Likely"})),
        ]);
        for (at, is_confirmed) in [
            ("environment/gateway", false),
            ("api/a1b2", true),
            ("api/likely", false),
        ] {
            let integration = address("integration/apim");
            let origin = SyncOrigin {
                integration,
                others: Vec::new(),
                is_confirmed,
            };
            live.origins.insert(address(at), origin);
            live.resources.get_mut(&address(at)).unwrap().synchronised = true;
        }
        live
    }

    #[test]
    fn an_integration_takes_its_environment_and_what_is_certainly_its_own() {
        let live = synchronised();
        let options = options(PruneScope::All);
        let nothing = desired(&[]);
        let found = undeclared(&nothing, &live, &options);
        let [integration] = found.candidates.as_slice() else {
            panic!("one candidate");
        };
        let reasons: Vec<String> = integration
            .delete_others(&live)
            .map(|change| format!("{}: {}", change.address, change.reason))
            .collect();
        assert_eq!(
            reasons,
            [
                "environment/gateway: vanishes with integration/apim",
                "api/a1b2: `Orders`, vanishes with integration/apim",
            ]
        );
        // What is declared has a change of its own.
        let kept = desired(&[("environment/gateway", json!({}))]);
        let found = undeclared(&kept, &live, &options);
        assert_eq!(found.candidates[0].family.len(), 2);
    }

    #[test]
    fn the_base_of_the_limit_is_what_could_be_deleted() {
        let (desired, live) = (desired(&[("api/declared", json!({}))]), catalogue());
        // Children count with their declared or marked root, whether declared or not.
        assert_eq!(deletable(&desired, &live, &options(PruneScope::Owned)), 4);
        assert_eq!(deletable(&desired, &live, &options(PruneScope::All)), 7);
        let mut protecting = options(PruneScope::All);
        protecting.safety.protect = Patterns::new(["api/ours", "metadata-schema/*"]).unwrap();
        assert_eq!(deletable(&desired, &live, &protecting), 4);
        // What an integration keeps counts only if the integration may be deleted, too.
        let live = synchronised();
        let all = options(PruneScope::All);
        assert_eq!(deletable(&self::desired(&[]), &live, &all), 4);
        let keeps = self::desired(&[("integration/apim", json!({}))]);
        assert_eq!(deletable(&keeps, &live, &all), 1);
    }

    #[test]
    fn deletes_are_in_the_order_of_addresses_whatever_the_order_of_the_input() {
        let mut states = vec![
            ("api/a", marked("us")),
            ("api/b", marked("us")),
            ("environment/e", marked("us")),
        ];
        let options = options(PruneScope::Owned);
        let forward = reach(&desired(&[]), &live(&states), &options);
        states.reverse();
        assert_eq!(reach(&desired(&[]), &live(&states), &options), forward);
    }
}
