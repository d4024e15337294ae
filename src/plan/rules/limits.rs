//! Limits of the service.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::view::ServiceView;
use crate::model::{Address, LiveState, Role, limit};
use crate::plan::model::{Action, Change, Plan};

/// Compares what is in the service after the plan with the limits of its pricing plan.
pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    let PlanInput {
        plan,
        live,
        options,
        ..
    } = *input;
    let sku = sku_after(plan, live);
    let mut counts: BTreeMap<(Option<Address>, &str), usize> = BTreeMap::new();
    let mut add = |address: &Address, by: isize| {
        let count = counts
            .entry((address.parent(), address.kind().name))
            .or_default();
        *count = count.saturating_add_signed(by);
    };
    live.resources.keys().for_each(|address| add(address, 1));
    let mut grows = BTreeMap::new();
    for change in &plan.changes {
        match change.action() {
            Action::Create => {
                add(&change.address, 1);
                let kind = change.address.kind();
                grows.insert((change.address.parent(), kind.name), kind.limit);
            }
            Action::Delete => add(&change.address, -1),
            _ => {}
        }
    }
    for (key, most) in grows {
        let Some(most) = most else { continue };
        let allowed = options
            .limits
            .get(most.name)
            .copied()
            .unwrap_or_else(|| most.of(&sku));
        let count = counts.get(&key).copied().unwrap_or_default();
        if count > allowed {
            let of = key.0.map_or(String::new(), |parent| format!(" ({parent})"));
            findings.refuse(
                format!(
                    "{count}/{allowed} {}{of}: more than the pricing plan {sku} allows",
                    most.what
                ),
                format!(
                    "the limits are those published on {}; if the service's limit was raised, set \
                     spec.limits.{} in apicenter.yaml",
                    limit::LIMITS_AS_OF,
                    most.name
                ),
                None,
            );
        }
    }
}

/// The pricing plan of the service after the plan; `Standard` if it is unknown.
fn sku_after(plan: &Plan, live: &LiveState) -> String {
    let changed = plan.changes.iter().filter_map(Change::after);
    let current = live.resources.values().map(|current| &current.resource);
    changed
        .chain(current)
        .filter(|resource| resource.address.kind().role == Role::Service)
        .find_map(|resource| ServiceView::of(&resource.body).sku())
        .unwrap_or("Standard")
        .to_owned()
}
