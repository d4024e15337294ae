//! The steps in which a metadata schema in use changes, in words.

use crate::model::Address;
use crate::plan::{Action, Change, Migration, MigrationAction, MigrationStep};

/// Resources that are named on one line.
const MOST_NAMED: usize = 3;

/// What stands above the steps.
pub(super) fn title(migration: &Migration) -> String {
    match migration.users.as_slice() {
        [] => "in steps, one after the other:".to_owned(),
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

/// The first of some resources by name, and how many there are.
fn some(addresses: &[Address]) -> String {
    match addresses {
        [one] => one.to_string(),
        many => {
            let shown = many.iter().take(MOST_NAMED).map(ToString::to_string);
            let shown: Vec<String> = shown.collect();
            let more = match many.len().saturating_sub(MOST_NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("{} resources ({}{more})", many.len(), shown.join(", "))
        }
    }
}
