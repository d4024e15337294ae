//! From two states to a plan.

use super::compare::{create, prune, update};
use super::matching::{foreign_owner, kept_by_gateway};
use super::model::{Plan, PlanOptions};
use super::{identity, matching, migrate, rules, schedule};
use crate::model::{DesiredState, LiveState};

/// Computes what it takes to make the live state as desired.
///
/// The result depends on the arguments alone: same arguments, same bytes.
#[must_use]
pub fn plan(desired: &DesiredState, live: &LiveState, options: &PlanOptions) -> Plan {
    let resolved = matching::resolve(desired, live, options);
    let (desired, live) = (&*resolved.desired, &*resolved.live);
    let mut changes = Vec::new();
    let mut unchanged = Vec::new();
    for (address, declared) in &desired.resources {
        let via = resolved.via.get(address);
        if !options.selects(address) && via.is_none() {
            continue;
        }
        match live.resources.get(address) {
            None => changes.push(create(declared)),
            Some(current) => match update(declared, current, live, options) {
                Some(mut change) => {
                    if let Some(via) = via {
                        change.reason = format!("{}, as {via} says", change.reason);
                    }
                    changes.push(change);
                }
                None => unchanged.push(address.clone()),
            },
        }
    }
    for change in &mut changes {
        let enriched = resolved.via.contains_key(&change.address);
        change.blocked = foreign_owner(&change.address, live, options)
            .or_else(|| kept_by_gateway(change, desired, live, enriched));
    }
    let pruned = prune(desired, live, options);
    changes.extend(pruned.deletes);
    let again = migrate::set_again(&changes, &unchanged, desired, live, options);
    unchanged.retain(|address| again.iter().all(|change| change.address != *address));
    changes.extend(again);
    changes.sort_by(|a, b| (a.action(), &a.address).cmp(&(b.action(), &b.address)));
    let (cases, mut refusals) = migrate::find_usage(&changes, live, options);
    let preparations = schedule::set_dependencies(&mut changes, &cases);
    let migrations = migrate::describe(&changes, &cases, &preparations, live);
    migrate::explain(&mut changes, &cases);

    refusals.splice(0..0, resolved.refusals);

    let mut plan = Plan {
        id: String::new(),
        target: options.target.clone(),
        changes,
        preparations,
        migrations,
        unchanged,
        unmanaged: pruned.unmanaged,
        refusals,
        diagnostics: resolved.diagnostics,
    };
    rules::check(&mut plan, desired, live, options);
    plan.id = identity::id_of(&plan);
    plan
}
