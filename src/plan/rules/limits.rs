//! Limits of the service.

use std::collections::BTreeMap;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, LiveState, limit};
use crate::plan::model::{Action, Plan};

/// Counts what would be there after the plan against the limits of the live pricing plan.
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
    let mut grows = Vec::new();
    for change in &plan.changes {
        match change.action() {
            Action::Create => {
                add(&change.address, 1);
                grows.push((change.address.parent(), change.address.kind().name));
            }
            Action::Delete => add(&change.address, -1),
            _ => {}
        }
    }
    grows.sort();
    grows.dedup();
    for key in grows {
        let Some(most) = limit::of_kind(key.1) else {
            continue;
        };
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

/// The pricing plan of the service once the plan is carried out; `Standard` where nobody says.
fn sku_after(plan: &Plan, live: &LiveState) -> String {
    let of = |body: &crate::model::Body| body.get("sku")?.get("name")?.as_str().map(str::to_owned);
    let service = |address: &Address| address.kind().name == "Service";
    plan.changes
        .iter()
        .filter(|change| service(&change.address))
        .find_map(|change| of(&change.after()?.body))
        .or_else(|| {
            live.resources
                .values()
                .filter(|current| service(&current.resource.address))
                .find_map(|current| of(&current.resource.body))
        })
        .unwrap_or_else(|| "Standard".to_owned())
}
