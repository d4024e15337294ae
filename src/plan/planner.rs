//! From two states to a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Cascades, create, delete_with, renamed, undeclared, update};
use super::matching::{changes_gateway, match_states};
use super::migrate::{self, find_usages, rewrites};
use super::model::{Block, Change, Plan, PlanOptions};
use super::rename::{Renaming, rename};
use super::rules::{ChangeInput, PlanBasis, PlanRules};
use super::schedule::set_dependencies;
use super::{authors, identity, matching::Matching};
use crate::model::{Address, DesiredState, LiveResource, LiveState, Role};

/// Computes what makes the live state as desired, checked by the rules of this program.
///
/// The result depends on the arguments alone: same arguments, same bytes.
#[must_use]
pub fn plan(desired: &DesiredState, live: &LiveState, options: &PlanOptions) -> Plan {
    plan_with(desired, live, options, &PlanRules::built_in())
}

/// Computes what makes the live state as desired, checked by these rules.
#[must_use]
pub fn plan_with(
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
    rules: &PlanRules,
) -> Plan {
    let renaming = rename(desired, live, options);
    let selection = &*renaming.options;
    let matching = match_states(desired, &renaming.live, selection, &renaming.former);
    let planner = Planner {
        renaming: &renaming,
        matching: &matching,
        options: selection,
        rules,
    };
    let Planned {
        mut changes,
        unchanged,
        unmanaged,
        taken_declared,
    } = planner.changes();
    let left_alone = authors::settle(&mut changes, &matching, selection);
    let unmanaged_authors = authors::of_unmanaged(&unmanaged, &matching.live, selection);
    let unmanaged_below = below(&unmanaged, &matching.desired, &matching.live);
    changes.sort_by(|a, b| (a.action(), &a.address).cmp(&(b.action(), &b.address)));
    // What may be of either of two integrations vanishes with the first.
    changes.dedup_by(|b, a| a.address == b.address);
    let live = &*matching.live;
    let (usages, conflicts) = find_usages(&changes, live, selection);
    let preparations = set_dependencies(&mut changes, &usages, &renaming);
    let migrations = migrate::describe(&changes, &usages, &preparations, live);
    migrate::explain(&mut changes, &usages);
    explain_openings(&mut changes);
    let resynchronised = resynchronised(&changes, live);
    let mut plan = Plan {
        id: String::new(),
        target: options.target.clone(),
        from: options.from.clone(),
        undoes: options.undone.is_some(),
        scope: None,
        changes,
        preparations,
        migrations,
        unchanged,
        unmanaged,
        unmanaged_below,
        base: options.base.as_ref().map(|base| base.name.clone()),
        unmanaged_authors,
        left_alone,
        matched: matching.declared_by.clone(),
        taken_declared,
        resynchronised,
        not_listed: live.context.not_listed.clone(),
        refusals: Vec::new(),
        diagnostics: Vec::new(),
        exempted: Vec::new(),
    };
    let basis = PlanBasis {
        matching: &matching,
        conflicts: &conflicts,
        rename_conflicts: &renaming.conflicts,
        options: selection,
    };
    rules.check(&mut plan, &basis);
    identity::identify(&mut plan, options);
    plan
}

fn explain_openings(changes: &mut [Change]) {
    for change in changes.iter_mut().filter(|change| change.is_opening()) {
        change
            .reason
            .push_str("; opens the catalogue to anonymous readers");
    }
}

/// What is below undeclared resources and not declared either, for those that have something.
fn below(
    tops: &[Address],
    desired: &DesiredState,
    live: &LiveState,
) -> BTreeMap<Address, Vec<Address>> {
    let is_declared = |address: &Address| desired.resources.contains_key(address);
    let above = |address: &Address| match live.resources.get(address) {
        Some(current) => current.resource.parent(),
        None => address.parent(),
    };
    let tops: BTreeSet<&Address> = tops.iter().collect();
    let mut found: BTreeMap<Address, Vec<Address>> = BTreeMap::new();
    for address in live.resources.keys() {
        if is_declared(address) || tops.contains(address) {
            continue;
        }
        let ancestors = std::iter::successors(above(address), above);
        let mut undeclared = ancestors.take_while(|above| !is_declared(above));
        if let Some(top) = undeclared.find(|above| tops.contains(above)) {
            found.entry(top).or_default().push(address.clone());
        }
    }
    found
}

/// What integrations that get another name have brought in, counted.
fn resynchronised(changes: &[Change], live: &LiveState) -> BTreeMap<Address, usize> {
    let renamed = changes.iter().filter(|change| change.former().is_some());
    let links = renamed.filter(|change| change.address.is(Role::Integration));
    let counts = links.map(|change| {
        let origins = live.origins.values();
        let own = origins.filter(|one| one.is_confirmed && one.may_be_of(&change.address));
        (change.address.clone(), own.count())
    });
    counts.filter(|(_, count)| *count > 0).collect()
}

/// Blocks what is below a resource that keeps its former name because a rule says so.
fn block_families(changes: &mut [Change], desired: &DesiredState, live: &LiveState) {
    let blocked: Vec<(Address, Block)> = changes
        .iter()
        .filter(|change| change.former().is_some())
        .filter_map(|change| Some((change.address.clone(), change.blocked.clone()?)))
        .collect();
    let above = |address: &Address| {
        let declared = desired.resources.get(address);
        let declared = declared.map(|declared| &*declared.resource);
        let current = live.resources.get(address);
        let current = current.map(|current| &current.resource);
        match declared.or(current) {
            Some(resource) => resource.parent(),
            None => address.parent(),
        }
    };
    for (top, block) in blocked {
        let is_below = |change: &&mut Change| {
            std::iter::successors(above(&change.address), above).any(|one| one == top)
        };
        for change in changes.iter_mut().filter(is_below) {
            change.blocked.get_or_insert_with(|| block.clone());
        }
    }
}

struct Planner<'a> {
    renaming: &'a Renaming<'a>,
    matching: &'a Matching<'a>,
    options: &'a PlanOptions,
    rules: &'a PlanRules,
}

/// What the planner finds before anything is ordered.
#[derive(Default)]
struct Planned {
    changes: Vec<Change>,
    /// The resources that are as declared.
    unchanged: Vec<Address>,
    /// Topmost undeclared resources that stay.
    unmanaged: Vec<Address>,
    /// Declared resources that vanish with others.
    taken_declared: BTreeMap<Address, Address>,
}

impl Planner<'_> {
    fn changes(&self) -> Planned {
        let (desired, live) = (&*self.matching.desired, &*self.matching.live);
        let mut planned = self.declared();
        let undeclared = undeclared(desired, live, self.options);
        for candidate in undeclared.candidates {
            let change = self.checked(candidate.delete(), &candidate.family);
            if change.blocked.is_none() {
                planned.changes.extend(candidate.delete_others(live));
                let top = candidate.address();
                let taken = candidate.declared.iter();
                let taken = taken.map(|address| (address.clone(), top.clone()));
                planned.taken_declared.extend(taken);
            }
            planned.changes.push(change);
        }
        let rewrites = rewrites(&planned.changes, &planned.unchanged, desired, live);
        let rewritten: BTreeSet<&Address> = rewrites.iter().map(|change| &change.address).collect();
        planned
            .unchanged
            .retain(|address| !rewritten.contains(address));
        let rewrites = rewrites.into_iter();
        planned
            .changes
            .extend(rewrites.map(|change| self.checked(change, &[])));
        planned.unmanaged = undeclared.unmanaged;
        block_families(&mut planned.changes, desired, live);
        planned
    }

    /// Creates and updates with what they take along, and the resources that are as declared.
    fn declared(&self) -> Planned {
        let live = &*self.matching.live;
        let mut planned = Planned::default();
        for (address, declared) in &self.matching.desired.resources {
            let declared_by = self.matching.declared_by.get(address);
            if !self.options.selects(address) && declared_by.is_none() {
                continue;
            }
            let Some(current) = live.resources.get(address) else {
                planned
                    .changes
                    .push(self.checked(create(declared, self.options), &[]));
                continue;
            };
            let change = update(declared, current, live, self.options);
            let change = match self.renaming.former_of(address) {
                Some(former) => Some(renamed(former, change, declared, current)),
                None => change,
            };
            let Some(mut change) = change else {
                planned.unchanged.push(address.clone());
                continue;
            };
            if let Some(declared_by) = declared_by {
                change.reason = format!("{}, as {declared_by} says", change.reason);
            }
            let desired = &*self.matching.desired;
            if changes_gateway(address, desired, live, self.options) {
                self.redirect(change, &mut planned);
            } else {
                planned.changes.push(self.checked(change, &[]));
            }
        }
        planned
    }

    /// Adds the change of an integration that gets another gateway, and the loss of what it brought in.
    fn redirect(&self, mut change: Change, planned: &mut Planned) {
        let live = &*self.matching.live;
        let integration = change.address.clone();
        let taken = Cascades::new(live, BTreeSet::new())
            .of_redirected(&integration, &self.matching.desired);
        if !taken.undeclared.is_empty() {
            change.reason.push_str("; what it brought in is lost");
        }
        let change = self.checked(change, &taken.undeclared);
        if change.blocked.is_none() {
            let lost = taken.undeclared.into_iter();
            planned
                .changes
                .extend(lost.map(|member| delete_with(member, &integration, live)));
            let declared = taken.declared.into_iter();
            let declared = declared.map(|address| (address, integration.clone()));
            planned.taken_declared.extend(declared);
        }
        planned.changes.push(change);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::plan::tests::{address, desired, live};

    #[test]
    fn only_what_is_not_declared_is_below_an_unmanaged_resource() {
        let empty = || json!({});
        let mut live = live(&[
            ("api/a", empty()),
            ("api/a/version/1", empty()),
            ("api/a/version/1/deployment/x", empty()),
            ("api/b", empty()),
            ("environment/declared", empty()),
            ("environment/deep", empty()),
            ("environment/deeper", empty()),
            ("environment/other", empty()),
        ]);
        for (at, above) in [
            ("environment/declared", "api/a"),
            ("environment/deep", "api/a/version/1"),
            ("environment/deeper", "environment/deep"),
            ("environment/other", "api/b/version/not-read"),
        ] {
            let one = live.resources.get_mut(&address(at)).unwrap();
            one.resource.within = Some(address(above));
        }
        let mut desired = desired(&[("environment/declared", empty())]);
        let declared = desired.resources.get_mut(&address("environment/declared"));
        let declared = Arc::make_mut(&mut declared.unwrap().resource);
        declared.within = Some(address("api/a"));
        let plan = plan(&desired, &live, &PlanOptions::default());
        let texts = |all: &[Address]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(texts(&plan.unmanaged), ["api/a", "api/b"]);
        assert_eq!(texts(&plan.unchanged), ["environment/declared"]);
        let below = |top: &str| texts(&plan.unmanaged_below[&address(top)]);
        assert_eq!(
            below("api/a"),
            [
                "environment/deep",
                "environment/deeper",
                "api/a/version/1",
                "api/a/version/1/deployment/x"
            ]
        );
        assert_eq!(below("api/b"), ["environment/other"]);
    }

    #[test]
    fn what_is_rewritten_is_not_unchanged() {
        let schema =
            |kind: &str| json!({"schema": {"type": kind}, "assignedTo": [{"entity": "api"}]});
        let state = |kind: &str| -> [(&str, Value); 4] {
            let rewritten = json!({"title": "A", "customProperties": {"rank": "1"}});
            [
                ("metadata-schema/rank", schema(kind)),
                ("api/a", rewritten.clone()),
                ("api/b", json!({"title": "B"})),
                ("api/c", rewritten),
            ]
        };
        let plan = plan_with(
            &desired(&state("number")),
            &live(&state("string")),
            &PlanOptions::default(),
            &PlanRules::built_in(),
        );
        let unchanged: Vec<String> = plan.unchanged.iter().map(ToString::to_string).collect();
        assert_eq!(unchanged, ["api/b"]);
        let rewritten: Vec<String> = plan
            .changes
            .iter()
            .filter(|change| change.is_rewrite())
            .map(|change| change.address.to_string())
            .collect();
        assert_eq!(rewritten, ["api/a", "api/c"]);
    }
}
