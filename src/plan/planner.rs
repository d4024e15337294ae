//! From two states to a plan.

use super::compare::{create, undeclared, update};
use super::matching::match_states;
use super::migrate::{self, find_usages, rewrites};
use super::model::{Change, Plan, PlanOptions};
use super::rules::{ChangeInput, PlanBasis, Rules};
use super::schedule::set_dependencies;
use super::{identity, matching::Matching};
use crate::model::{Address, DesiredState, LiveResource, LiveState};

/// Computes what makes the live state as desired, checked by the rules of this program.
///
/// The result depends on the arguments alone: same arguments, same bytes.
#[must_use]
pub fn plan(desired: &DesiredState, live: &LiveState, options: &PlanOptions) -> Plan {
    plan_with(desired, live, options, &Rules::built_in())
}

/// Computes what makes the live state as desired, checked by these rules.
#[must_use]
pub fn plan_with(
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
    rules: &Rules,
) -> Plan {
    let matching = match_states(desired, live, options);
    let planner = Planner {
        matching: &matching,
        options,
        rules,
    };
    let (mut changes, unchanged, unmanaged) = planner.changes();
    changes.sort_by(|a, b| (a.action(), &a.address).cmp(&(b.action(), &b.address)));
    let live = &*matching.live;
    let (usages, conflicts) = find_usages(&changes, live, options);
    let preparations = set_dependencies(&mut changes, &usages);
    let migrations = migrate::describe(&changes, &usages, &preparations, live);
    migrate::explain(&mut changes, &usages);
    let mut plan = Plan {
        id: String::new(),
        target: options.target.clone(),
        changes,
        preparations,
        migrations,
        unchanged,
        unmanaged,
        refusals: Vec::new(),
        diagnostics: Vec::new(),
    };
    let basis = PlanBasis {
        matching: &matching,
        conflicts: &conflicts,
        options,
    };
    rules.check(&mut plan, &basis);
    plan.id = identity::id_of(&plan);
    plan
}

struct Planner<'a> {
    matching: &'a Matching<'a>,
    options: &'a PlanOptions,
    rules: &'a Rules,
}

impl Planner<'_> {
    /// All changes, the resources that are as declared, and topmost undeclared ones that stay.
    fn changes(&self) -> (Vec<Change>, Vec<Address>, Vec<Address>) {
        let (desired, live) = (&*self.matching.desired, &*self.matching.live);
        let (mut changes, mut unchanged) = self.declared();
        let undeclared = undeclared(desired, live, self.options);
        for candidate in &undeclared.candidates {
            let change = self.checked(candidate.delete(), &candidate.family);
            if change.blocked.is_none() {
                changes.extend(candidate.delete_others(live));
            }
            changes.push(change);
        }
        let rewrites = rewrites(&changes, &unchanged, desired, live);
        unchanged.retain(|address| rewrites.iter().all(|change| change.address != *address));
        changes.extend(rewrites.into_iter().map(|change| self.checked(change, &[])));
        (changes, unchanged, undeclared.unmanaged)
    }

    /// Creates and updates, and the resources that are as declared.
    fn declared(&self) -> (Vec<Change>, Vec<Address>) {
        let live = &*self.matching.live;
        let (mut changes, mut unchanged) = (Vec::new(), Vec::new());
        for (address, declared) in &self.matching.desired.resources {
            let declared_by = self.matching.declared_by.get(address);
            if !self.options.selects(address) && declared_by.is_none() {
                continue;
            }
            let Some(current) = live.resources.get(address) else {
                changes.push(self.checked(create(declared), &[]));
                continue;
            };
            let Some(mut change) = update(declared, current, live, self.options) else {
                unchanged.push(address.clone());
                continue;
            };
            if let Some(declared_by) = declared_by {
                change.reason = format!("{}, as {declared_by} says", change.reason);
            }
            changes.push(self.checked(change, &[]));
        }
        (changes, unchanged)
    }

    /// The change, blocked if a rule says so.
    fn checked(&self, mut change: Change, removed: &[&LiveResource]) -> Change {
        change.blocked = self.rules.block(&ChangeInput {
            change: &change,
            removed,
            declared_by: self.matching.declared_by.get(&change.address),
            desired: &self.matching.desired,
            live: &self.matching.live,
            options: self.options,
        });
        change
    }
}
