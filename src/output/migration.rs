//! The steps in which a metadata schema in use changes, in words.

use crate::model::Address;
use crate::plan::{
    Action, Change, Migration, MigrationAction, MigrationStep, Plan, Preparation, Purpose,
};

/// Resources that are named on one line.
const MOST_NAMED: usize = 3;

/// The line above the steps.
pub(super) fn title(migration: &Migration) -> String {
    match migration.users.as_slice() {
        [] => "required only once every declared resource has a value, so in steps:".to_owned(),
        users => format!("in use by {}, so in steps:", some(users)),
    }
}

/// Each step as a phrase, in order.
pub(super) fn steps(change: &Change, migration: &Migration) -> Vec<String> {
    let steps = migration.steps.iter();
    steps.map(|step| phrase(change, migration, step)).collect()
}

fn phrase(change: &Change, migration: &Migration, step: &MigrationStep) -> String {
    let resources = || some(&step.resources);
    let is_new = change.action() == Action::Create;
    match step.action {
        MigrationAction::Relax => "make the schema optional".to_owned(),
        MigrationAction::Clear => format!("clear the value on {}", resources()),
        MigrationAction::Change => "change the schema".to_owned(),
        MigrationAction::Define if is_new => "create the schema, optional for now".to_owned(),
        MigrationAction::Define => "change the schema, optional for now".to_owned(),
        MigrationAction::Delete => "delete the schema".to_owned(),
        MigrationAction::Set => {
            let is_cleared = |address: &Address| {
                let mut cleared = migration.steps.iter();
                cleared.any(|other| {
                    other.action == MigrationAction::Clear && other.resources.contains(address)
                })
            };
            let again = if step.resources.iter().all(is_cleared) {
                " again"
            } else {
                ""
            };
            format!("set the value{again} on {}", resources())
        }
        MigrationAction::Require => "make the schema required".to_owned(),
    }
}

/// The character in front of what a preparation has done.
pub(super) fn symbol(preparation: &Preparation) -> char {
    match preparation.purpose {
        Purpose::Copy => Action::Create.symbol(),
        Purpose::Remove => Action::Delete.symbol(),
        Purpose::Relax | Purpose::Clear | Purpose::Define | Purpose::Redirect => {
            Action::Update.symbol()
        }
    }
}

/// What a preparation has done, in words.
pub(super) fn prepared(plan: &Plan, preparation: &Preparation) -> String {
    match preparation.purpose {
        Purpose::Relax => "no longer required".to_owned(),
        Purpose::Define => "changed, not required yet".to_owned(),
        Purpose::Copy => "copied".to_owned(),
        Purpose::Redirect => {
            let address = &plan.changes[preparation.change].address;
            format!("refers to {address}")
        }
        Purpose::Remove => "deleted under its former name".to_owned(),
        Purpose::Clear => {
            let change = &plan.changes[preparation.change];
            let before = change.before().map(|before| &before.references);
            let cleared = before.into_iter().flatten();
            let cleared: Vec<String> = cleared
                .filter(|named| !preparation.resource.references.contains(named))
                .map(|schema| format!("`{}`", schema.name()))
                .collect();
            format!("{} cleared", cleared.join(", "))
        }
    }
}

/// Few resources by name; of many, the first by name and how many there are.
fn some(addresses: &[Address]) -> String {
    let names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    match names.split_at_checked(MOST_NAMED) {
        Some((shown, more)) if !more.is_empty() => {
            let shown = shown.join(", ");
            format!(
                "{} resources ({shown} and {} more)",
                names.len(),
                more.len()
            )
        }
        _ => match names.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            _ => names.concat(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    #[test]
    fn few_resources_are_named_and_many_are_counted() {
        let all: Vec<Address> = ["a", "b", "c", "d", "e"]
            .map(|name| Address::top(&kinds::API.info, name))
            .into();
        assert_eq!(some(&all[..1]), "api/a");
        assert_eq!(some(&all[..2]), "api/a and api/b");
        assert_eq!(some(&all[..3]), "api/a, api/b and api/c");
        assert_eq!(some(&all), "5 resources (api/a, api/b, api/c and 2 more)");
    }
}
