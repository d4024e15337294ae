//! Live resources that are not declared: candidates for deletion, or only listed.

use std::collections::BTreeSet;

use super::diff::diff;
use crate::model::view::ApiView;
use crate::model::{Address, Body, DesiredState, LiveResource, LiveState, Prune, Role};
use crate::plan::matching::{carries_marker, foreign_owner};
use crate::plan::model::{Change, PlanOptions, PruneScope, Step};

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
    reason: String,
}

impl Candidate<'_> {
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
            .map(move |member| delete(member, Some(top), vanishes(member, top, live)))
    }
}

/// Finds undeclared resources and decides which of them are within reach of `--prune`.
pub(in crate::plan) fn undeclared<'a>(
    desired: &'a DesiredState,
    live: &'a LiveState,
    options: &PlanOptions,
) -> Undeclared<'a> {
    let mut undeclared = Undeclared {
        candidates: Vec::new(),
        unmanaged: Vec::new(),
    };
    for top in topmost_undeclared(desired, live) {
        let address = &top.resource.address;
        if !options.selects(address) || address.kind().prune == Prune::Never || top.synchronised {
            continue;
        }
        let Some(reason) = reason_to_delete(top, desired, live, options) else {
            undeclared.unmanaged.push(address.clone());
            continue;
        };
        let mut family = family_of(address, live);
        family.extend(brought_by(address, desired, live));
        undeclared.candidates.push(Candidate {
            top,
            family,
            reason,
        });
    }
    undeclared
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
    live.origins
        .get(&address.root())
        .is_some_and(|origin| !desired.resources.contains_key(&origin.integration))
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
            && address
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
    if !options.prune.enabled || foreign_owner(address, live, options).is_some() {
        return None;
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

/// The resource and everything that vanishes with it.
fn family_of<'a>(top: &Address, live: &'a LiveState) -> Vec<&'a LiveResource> {
    live.resources
        .range(top..)
        .map(|(_, member)| member)
        .take_while(|member| {
            member.resource.address == *top || member.resource.address.is_below(top)
        })
        .collect()
}

/// Why a resource vanishes with another. One whose name is generated is named by its title.
fn vanishes(member: &LiveResource, with: &Address, live: &LiveState) -> String {
    let address = &member.resource.address;
    // What integrations synchronise has the title of an API.
    let title = ApiView::of(&member.resource.body).title();
    match title.filter(|_| live.origins.contains_key(&address.root())) {
        Some(title) => format!("`{title}`, vanishes with {with}"),
        None => format!("vanishes with {with}"),
    }
}

/// What is deleted with an integration (documented: its APIs, deployments and environment). What is
/// declared has its own change in the plan.
fn brought_by<'a>(
    integration: &Address,
    desired: &DesiredState,
    live: &'a LiveState,
) -> Vec<&'a LiveResource> {
    live.origins
        .iter()
        .filter(|(_, origin)| origin.integration == *integration)
        .filter(|(root, origin)| origin.is_confirmed || root.kind().role == Role::Environment)
        .flat_map(|(root, _)| family_of(root, live))
        .filter(|member| !desired.resources.contains_key(&member.resource.address))
        .collect()
}

fn delete(current: &LiveResource, with: Option<&Address>, reason: String) -> Change {
    let resource = &current.resource;
    Change {
        address: resource.address.clone(),
        step: Step::Delete {
            before: resource.clone(),
            with: with.cloned(),
        },
        blocked: None,
        reason,
        fields: diff(&resource.body, &Body::new(), resource.address.kind()),
        unmodelled: current.unmodelled.clone(),
        text: None,
        place: None,
        waits_for: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{OwnershipMarker, Patterns, SyncOrigin};
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
