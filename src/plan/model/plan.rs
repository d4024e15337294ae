//! A plan as data.

use super::change::{Action, Change, Step};
use super::migration::{Migration, Preparation};
use super::options::Target;
use crate::model::{Address, Diagnostic, Span};

/// How many resources meet which fate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New resources.
    pub create: usize,
    /// Changed resources.
    pub update: usize,
    /// Resources deleted and made again.
    pub replace: usize,
    /// Resources deleted, those that vanish with another included.
    pub delete: usize,
    /// Declared resources that are as declared.
    pub unchanged: usize,
    /// Topmost live resources that nobody declares.
    pub unmanaged: usize,
    /// Changes that a rule forbids.
    pub blocked: usize,
}

/// A rule that forbids the whole plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is refused, with the numbers.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where the cause is declared.
    pub place: Option<Span>,
}

/// What an apply would do, and what it would leave alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// `p1-` and twelve hex digits: equal plans, and only those, have equal ids.
    pub id: String,
    /// The service.
    pub target: Target,
    /// Every change, deletes first.
    pub changes: Vec<Change>,
    /// Writes that make way for changes.
    pub preparations: Vec<Preparation>,
    /// What the preparations and the order amount to, one for each metadata schema in use.
    pub migrations: Vec<Migration>,
    /// Declared resources that are as declared.
    pub unchanged: Vec<Address>,
    /// Topmost live resources that nobody declares.
    pub unmanaged: Vec<Address>,
    /// Rules that forbid the whole plan.
    pub refusals: Vec<Refusal>,
    /// What is worth knowing.
    pub diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// The counts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |action| self.changes.iter().filter(|c| c.action() == action).count();
        Summary {
            create: count(Action::Create),
            update: count(Action::Update),
            replace: count(Action::Replace),
            delete: count(Action::Delete),
            unchanged: self.unchanged.len(),
            unmanaged: self.unmanaged.len(),
            blocked: count(Action::Blocked),
        }
    }

    /// Whether an apply would send anything.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.changes.iter().any(|change| change.blocked.is_none())
    }

    /// Deletes that take along more than what lies below them, and so need a consent of their own.
    pub fn cascades(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| {
            change.action() == Action::Delete && change.address.kind().name == "Integration"
        })
    }

    /// What vanishes with a resource that is deleted.
    pub fn taken_with<'a>(&'a self, top: &'a Address) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |change| {
            matches!(&change.step, Step::Delete { with: Some(with), .. } if with == top)
        })
    }

    /// Declared resources that a rule keeps from being as declared.
    pub fn blocked_writes(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.blocked.is_some() && change.after().is_some())
    }

    /// How many write requests an apply would send.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.changes.iter().map(Change::writes).sum::<usize>() + self.preparations.len()
    }

    /// How the metadata schema of a change is taken through it, where that takes steps.
    #[must_use]
    pub fn migration(&self, change: usize) -> Option<&Migration> {
        self.migrations.iter().find(|m| m.change == change)
    }
}
