//! Writes that make way for others: a metadata schema in use changes in steps.
//!
//! Documented: the service refuses to delete, retype or unassign a schema while a resource holds a
//! value of it, and refuses resources without a required value. So values are cleared first and set
//! again later, and a schema becomes optional first and required last.

use super::change::{Action, Change, Step};
use super::in_use::{Fate, InUse};
use super::schema_facts::holds;
use crate::model::{Address, LiveState, Resource};

/// What a preparation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The live schema, no longer required: its values can be cleared.
    Relax,
    /// A resource without the values whose schemas change.
    Clear,
    /// The changed schema, not yet required: values can be set.
    Define,
}

/// A write that must come before others; its resource is written again later, or deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// Position of the change that it belongs to.
    pub change: usize,
    /// What it is for.
    pub purpose: Purpose,
    /// What is written for the time being.
    pub resource: Resource,
    /// Writes that must be done before it, by position like [`Change::waits_for`].
    pub waits_for: Vec<usize>,
}

/// What one step of a migration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationAction {
    /// The schema stops being required.
    Relax,
    /// Resources lose their values.
    Clear,
    /// The schema changes.
    Change,
    /// The schema changes and is not required yet.
    Define,
    /// The schema goes away.
    Delete,
    /// Resources get their values.
    Set,
    /// The schema becomes required.
    Require,
}

impl MigrationAction {
    /// The word in machine output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Relax => "relax",
            Self::Clear => "clear",
            Self::Change => "change",
            Self::Define => "define",
            Self::Delete => "delete",
            Self::Set => "set",
            Self::Require => "require",
        }
    }
}

/// One step of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStep {
    /// What it does.
    pub action: MigrationAction,
    /// The resources that it writes; empty where it writes the schema.
    pub resources: Vec<Address>,
}

/// How a metadata schema changes while resources hold values of it, or lack them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Position of the schema's change.
    pub change: usize,
    /// The live resources that hold a value.
    pub users: Vec<Address>,
    /// What happens, in this order.
    pub steps: Vec<MigrationStep>,
}

/// The migrations of a plan, for people: what [`Preparation`]s and the order of changes amount to.
pub(super) fn describe(
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
pub(super) fn explain(changes: &mut [Change], cases: &[InUse]) {
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
