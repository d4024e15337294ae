//! Limits of the service.

use std::collections::BTreeMap;

use crate::model::{Address, Limit, LiveState, limit};
use crate::plan::model::{Action, Plan, PlanOptions, Refusal};

/// Counts what would be there after the plan against the limits of the live pricing plan.
pub(super) fn service_limits(plan: &mut Plan, live: &LiveState, options: &PlanOptions) {
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
            plan.refusals
                .push(limit_refusal(&most, key.0.as_ref(), count, allowed, &sku));
        }
    }
}

fn limit_refusal(
    most: &Limit,
    parent: Option<&Address>,
    count: usize,
    allowed: usize,
    sku: &str,
) -> Refusal {
    let of = parent.map_or(String::new(), |parent| format!(" ({parent})"));
    Refusal {
        message: format!(
            "{count}/{allowed} {}{of}: more than the pricing plan {sku} allows",
            most.what
        ),
        help: format!(
            "the limits are those published on {}; if the service's limit was raised, set \
             spec.limits.{} in apicenter.yaml",
            limit::LIMITS_AS_OF,
            most.name
        ),
        place: None,
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
