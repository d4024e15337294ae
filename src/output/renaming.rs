//! What a resource that gets another name takes along, and what refers to it.

use super::outline::Brings;
use crate::model::{Address, counted};
use crate::plan::{Change, Plan, Purpose};

/// Resources that are named on one line.
const MOST_NAMED: usize = 1;

/// What is written because a resource gets another name.
#[derive(Debug, Default)]
pub(super) struct Renaming<'a> {
    /// What is below it and gets another address, too.
    pub(super) carried: Vec<&'a Address>,
    /// What refers to it and is written again.
    pub(super) referring: Vec<&'a Address>,
}

impl<'a> Renaming<'a> {
    /// What is written with a change; nothing if it is not a rename.
    pub(super) fn of(plan: &'a Plan, change: &Change) -> Self {
        let mut renaming = Self::default();
        if change.former().is_none() || change.blocked.is_some() {
            return renaming;
        }
        let own = plan.preparations.iter();
        let own = own.filter(|one| plan.changes[one.change].address == change.address);
        for preparation in own {
            let address = &preparation.resource.address;
            match preparation.purpose {
                Purpose::Copy if *address != change.address => renaming.carried.push(address),
                Purpose::Redirect => renaming.referring.push(address),
                _ => {}
            }
        }
        renaming.carried.sort();
        renaming.referring.sort();
        renaming
    }

    /// What it takes along, and what refers to it, in words.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.carried.is_empty() {
            let carried = Brings::of(self.carried.iter().copied());
            words.push(format!("takes along {carried}"));
        }
        if !self.referring.is_empty() {
            let names: Vec<String> = self.referring.iter().map(ToString::to_string).collect();
            let verb = if names.len() == 1 { "refers" } else { "refer" };
            let again = if names.len() == 1 { "is" } else { "are" };
            let names = match names.len() {
                0..=MOST_NAMED => names.join(", "),
                count => format!(
                    "{} ({} and {} more)",
                    counted(count, "resource"),
                    names[..MOST_NAMED].join(", "),
                    count - MOST_NAMED
                ),
            };
            words.push(format!("{names} {verb} to it and {again} written again"));
        }
        words
    }
}
