//! The migrations of a plan, for people.

use super::schema::holds;
use super::usage::{Fate, InUse};
use crate::model::LiveState;
use crate::plan::model::{
    Action, Change, Migration, MigrationAction, MigrationStep, Preparation, Purpose, Step,
};

/// The migrations of a plan, for people: what [`Preparation`]s and the order of changes amount to.
pub(in crate::plan) fn describe(
    changes: &[Change],
    cases: &[InUse],
    preparations: &[Preparation],
    live: &LiveState,
) -> Vec<Migration> {
    let describe = |case: &InUse| {
        let steps = steps(case, changes, preparations);
        let users = live.resources.values().map(|current| &current.resource);
        let schema = &changes[case.schema].address;
        let users = users.filter(|resource| holds(resource, schema));
        (steps.len() > 1).then(|| Migration {
            change: case.schema,
            users: users.map(|resource| resource.address.clone()).collect(),
            steps,
        })
    };
    cases.iter().filter_map(describe).collect()
}

fn steps(case: &InUse, changes: &[Change], preparations: &[Preparation]) -> Vec<MigrationStep> {
    let prepared = |purpose| {
        let mut own = preparations.iter().filter(|p| p.change == case.schema);
        own.any(|p| p.purpose == purpose)
    };
    let mut steps = Vec::new();
    let mut add = |action, changed: Vec<usize>| {
        let address = |i: usize| changes[i].address.clone();
        steps.push(MigrationStep {
            action,
            resources: changed.into_iter().map(address).collect(),
        });
    };
    let with_fate = |wanted: &[Fate]| -> Vec<usize> {
        let holders = case.holders.iter();
        let chosen = holders.filter(|holder| wanted.contains(&holder.fate));
        chosen.map(|holder| holder.change).collect()
    };
    let mut set = with_fate(&[Fate::Reset]);
    set.extend(&case.filled);
    set.sort_unstable();
    set.dedup();
    let mut cleared = with_fate(&[Fate::Reset, Fate::Dropped]);
    let is_cleared = |i: &usize| {
        let mut clears = preparations.iter();
        clears.any(|p| p.change == *i && p.purpose == Purpose::Clear)
    };
    cleared.extend(with_fate(&[Fate::Deleted]).iter().filter(|i| is_cleared(i)));
    cleared.sort_unstable();
    if prepared(Purpose::Relax) {
        add(MigrationAction::Relax, Vec::new());
    }
    if !cleared.is_empty() {
        add(MigrationAction::Clear, cleared);
    }
    let is_required_last = prepared(Purpose::Define) || !case.filled.is_empty();
    if changes[case.schema].action() == Action::Delete {
        add(MigrationAction::Delete, Vec::new());
    } else if prepared(Purpose::Define) {
        add(MigrationAction::Define, Vec::new());
    } else if !is_required_last {
        add(MigrationAction::Change, Vec::new());
    }
    if !set.is_empty() {
        add(MigrationAction::Set, set);
    }
    if is_required_last {
        add(MigrationAction::Require, Vec::new());
    }
    steps
}

/// Says, at each resource whose value is cleared and set again, that it is.
pub(in crate::plan) fn explain(changes: &mut [Change], cases: &[InUse]) {
    for case in cases {
        let schema = changes[case.schema].address.clone();
        let reset = case.holders.iter().filter(|h| h.fate == Fate::Reset);
        for holder in reset {
            let change = &mut changes[holder.change];
            let is_silent = change.fields.is_empty() && matches!(change.step, Step::Update { .. });
            if !is_silent {
                let why = format!("; `{}` is cleared before its schema changes", schema.name());
                change.reason.push_str(&why);
            }
        }
    }
}
