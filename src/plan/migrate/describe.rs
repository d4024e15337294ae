//! Migrations as users see them: steps per metadata schema.

use std::collections::BTreeSet;

use super::schema::has_value;
use super::usage::{SchemaUsage, ValueFate};
use crate::model::LiveState;
use crate::plan::model::{
    Action, Change, Migration, MigrationAction, MigrationStep, Preparation, Purpose,
};

/// Describes what the preparations and the order of changes amount to, for each schema that takes more
/// than one step.
pub(in crate::plan) fn describe(
    changes: &[Change],
    usages: &[SchemaUsage],
    preparations: &[Preparation],
    live: &LiveState,
) -> Vec<Migration> {
    let prepared: BTreeSet<(usize, Purpose)> = preparations
        .iter()
        .map(|preparation| (preparation.change, preparation.purpose))
        .collect();
    let mut migrations = Vec::new();
    for usage in usages {
        let steps = steps(usage, changes, &prepared);
        if steps.len() < 2 {
            continue;
        }
        let schema = &changes[usage.schema].address;
        let users = live
            .resources
            .values()
            .map(|current| &current.resource)
            .filter(|resource| has_value(resource, schema))
            .map(|resource| resource.address.clone())
            .collect();
        migrations.push(Migration {
            change: usage.schema,
            users,
            steps,
        });
    }
    migrations
}

fn steps(
    usage: &SchemaUsage,
    changes: &[Change],
    prepared: &BTreeSet<(usize, Purpose)>,
) -> Vec<MigrationStep> {
    let is_prepared = |change: usize, purpose: Purpose| prepared.contains(&(change, purpose));
    let with_fate = |fates: &[ValueFate]| -> Vec<usize> {
        usage
            .users
            .iter()
            .filter(|user| fates.contains(&user.fate))
            .map(|user| user.change)
            .collect()
    };
    let mut set = with_fate(&[ValueFate::Reset]);
    set.extend(&usage.filled);
    set.sort_unstable();
    set.dedup();
    let mut cleared = with_fate(&[ValueFate::Reset, ValueFate::Dropped]);
    let deleted = with_fate(&[ValueFate::Deleted]);
    cleared.extend(deleted.iter().filter(|&&i| is_prepared(i, Purpose::Clear)));
    cleared.sort_unstable();

    let mut steps = Vec::new();
    let mut add = |action, written: &[usize]| {
        steps.push(MigrationStep {
            action,
            resources: written
                .iter()
                .map(|&i| changes[i].address.clone())
                .collect(),
        });
    };
    if is_prepared(usage.schema, Purpose::Relax) {
        add(MigrationAction::Relax, &[]);
    }
    if !cleared.is_empty() {
        add(MigrationAction::Clear, &cleared);
    }
    let is_defined = is_prepared(usage.schema, Purpose::Define);
    let is_required_last = is_defined || !usage.filled.is_empty();
    if changes[usage.schema].action() == Action::Delete {
        add(MigrationAction::Delete, &[]);
    } else if is_defined {
        add(MigrationAction::Define, &[]);
    } else if !is_required_last {
        add(MigrationAction::Change, &[]);
    }
    if !set.is_empty() {
        add(MigrationAction::Set, &set);
    }
    if is_required_last {
        add(MigrationAction::Require, &[]);
    }
    steps
}

/// Adds to the reason of each resource whose value is cleared and set again that it is.
pub(in crate::plan) fn explain(changes: &mut [Change], usages: &[SchemaUsage]) {
    for usage in usages {
        let schema = changes[usage.schema].address.name().to_owned();
        let reset = usage
            .users
            .iter()
            .filter(|user| user.fate == ValueFate::Reset);
        for user in reset {
            let change = &mut changes[user.change];
            // The reason of a rewrite says it already.
            if !change.is_rewrite() {
                let why = format!("; `{schema}` is cleared before its schema changes");
                change.reason.push_str(&why);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::migrate::usage::ValueUser;
    use crate::plan::tests::{delete, live, resource, update};

    #[test]
    fn deleted_users_are_cleared_where_a_preparation_clears_them_first() {
        const MANY: usize = 100_000;
        let schema = |kind: &str| json!({"schema": {"type": kind}});
        let changes = [
            delete("api/a", json!({"title": "A"}), None),
            delete("api/b", json!({"title": "B"}), None),
            update("metadata-schema/rank", schema("string"), schema("number")),
        ];
        let user = |change| ValueUser {
            change,
            fate: ValueFate::Deleted,
        };
        let usage = SchemaUsage {
            schema: 2,
            users: (0..MANY).map(|i| user(i % 2)).collect(),
            filled: Vec::new(),
        };
        let preparation = |change, purpose| Preparation {
            change,
            purpose,
            resource: resource("api/a", json!({})),
            carried: None,
            waits_for: Vec::new(),
        };
        let mut preparations = vec![preparation(0, Purpose::Relax); MANY];
        preparations.push(preparation(1, Purpose::Clear));
        let described = describe(&changes, &[usage], &preparations, &live(&[]));
        let steps: Vec<(MigrationAction, usize)> = described[0]
            .steps
            .iter()
            .map(|step| (step.action, step.resources.len()))
            .collect();
        let expected = [
            (MigrationAction::Clear, MANY / 2),
            (MigrationAction::Change, 0),
        ];
        assert_eq!(steps, expected);
    }
}
