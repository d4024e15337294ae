//! A plan as data.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::author::Author;
use super::change::{Action, Change, Step};
use super::findings::Refusal;
use super::migration::{Migration, Preparation};
use super::options::{ChangedSince, Target};
use crate::model::{Address, Diagnostic, ExemptedFinding, NotListed, Role};

/// How many resources a plan treats in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New resources.
    pub create: usize,
    /// Changed resources.
    pub update: usize,
    /// Resources deleted and created again.
    pub replace: usize,
    /// Resources that get another name.
    pub rename: usize,
    /// Resources deleted, those that vanish with another included.
    pub delete: usize,
    /// Declared resources that are as declared.
    pub unchanged: usize,
    /// Topmost live resources that are not declared.
    pub unmanaged: usize,
    /// Changes that a rule blocks.
    pub blocked: usize,
}

/// What a plan was limited to, which is what a branch changes. The rest was not compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanScope {
    /// The branch.
    pub changed: Arc<ChangedSince>,
    /// Whether `--only` or `--exclude` limits it, too.
    pub has_patterns: bool,
    /// Whether it deletes what is not declared, as a plan of everything then has to.
    pub prunes: bool,
    /// The id of the plan of everything that has the same changes and no others.
    pub whole_id: String,
}

/// What an apply would do, and what it would leave alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// `p2-` and 32 hex digits of a hash: equal plans have equal ids, and different plans have different ones.
    /// Compared whole.
    pub id: String,
    /// The service.
    pub target: Target,
    /// The service that it would equal; `None` if the plan is from manifests.
    pub from: Option<Target>,
    /// Whether it undoes an apply, instead of carrying out what manifests declare.
    pub undoes: bool,
    /// What it was limited to; `None` if everything that `--only` selects was compared.
    pub scope: Option<PlanScope>,
    /// Every change, deletes first.
    pub changes: Vec<Change>,
    /// Writes that prepare changes.
    pub preparations: Vec<Preparation>,
    /// The steps of metadata schemas in use, for people.
    pub migrations: Vec<Migration>,
    /// Declared resources that are as declared.
    pub unchanged: Vec<Address>,
    /// Topmost live resources that are not declared.
    pub unmanaged: Vec<Address>,
    /// What is below them, by the topmost.
    pub unmanaged_below: BTreeMap<Address, Vec<Address>>,
    /// What both sides last agreed on, as the user calls it, if the differences have authors.
    pub base: Option<String>,
    /// Who made the topmost live resources that are not declared.
    pub unmanaged_authors: BTreeMap<Address, Author>,
    /// What stays as it is live although both sides differ, because the user says so.
    pub left_alone: Vec<Address>,
    /// The declarations of resources that are declared under another address, by the resource's.
    pub matched: BTreeMap<Address, Address>,
    /// Declared resources that the service deletes with others, and with which. The next apply creates
    /// them again.
    pub taken_declared: BTreeMap<Address, Address>,
    /// Integrations that get another name, and how many resources they brought in: the service deletes these with the
    /// former one, and the present one brings them in again.
    pub resynchronised: BTreeMap<Address, usize>,
    /// Types of resources that could not be listed, and why: there may be undeclared ones.
    pub not_listed: BTreeMap<String, NotListed>,
    /// Why the whole plan is refused; nothing is written unless it is empty.
    pub refusals: Vec<Refusal>,
    /// Warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings that exemptions of the project accept: those about the manifests, then those about the plan.
    /// The planner itself knows of no exemption.
    pub exempted: Vec<ExemptedFinding>,
}

impl Plan {
    /// A plan that is refused before it is made: without changes, and without an id.
    #[must_use]
    pub fn not_made(target: Target, refusals: Vec<Refusal>) -> Self {
        Self {
            id: String::new(),
            target,
            from: None,
            undoes: false,
            scope: None,
            changes: Vec::new(),
            preparations: Vec::new(),
            migrations: Vec::new(),
            unchanged: Vec::new(),
            unmanaged: Vec::new(),
            unmanaged_below: BTreeMap::new(),
            base: None,
            unmanaged_authors: BTreeMap::new(),
            left_alone: Vec::new(),
            matched: BTreeMap::new(),
            taken_declared: BTreeMap::new(),
            resynchronised: BTreeMap::new(),
            not_listed: BTreeMap::new(),
            refusals,
            diagnostics: Vec::new(),
            exempted: Vec::new(),
        }
    }

    /// Whether there is a plan, and not only why there is none.
    #[must_use]
    pub fn is_made(&self) -> bool {
        !self.id.is_empty()
    }

    /// The counts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |action| self.changes.iter().filter(|c| c.action() == action).count();
        Summary {
            create: count(Action::Create),
            update: count(Action::Update),
            replace: count(Action::Replace),
            rename: count(Action::Rename),
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

    /// Changes that remove more than what is below them, and so need a separate confirmation: the delete
    /// of an integration, and its change to another gateway or another name if it has brought something in.
    pub fn cascades(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| {
            change.address.is(Role::Integration)
                && match change.action() {
                    Action::Delete => true,
                    Action::Update => self.taken_with(&change.address).next().is_some(),
                    Action::Rename => self.resynchronised.contains_key(&change.address),
                    _ => false,
                }
        })
    }

    /// What vanishes with a resource that is deleted, or with an integration that gets another gateway.
    pub fn taken_with<'a>(&'a self, top: &'a Address) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |change| {
            matches!(&change.step, Step::Delete { with: Some(with), .. } if with == top)
        })
    }

    /// Changes that let everybody read the catalogue, and so need a confirmation of their own.
    pub fn openings(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.is_opening())
    }

    /// Declared resources whose write a rule blocks.
    pub fn blocked_writes(&self) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(|change| change.blocked.is_some() && change.after().is_some())
    }

    /// How many write requests an apply would send.
    #[must_use]
    pub fn writes(&self) -> usize {
        let preparations = self.preparations.iter().map(Preparation::writes);
        self.changes.iter().map(Change::writes).sum::<usize>() + preparations.sum::<usize>()
    }

    /// How the metadata schema of a change gets there, if it takes several steps.
    #[must_use]
    pub fn migration(&self, change: usize) -> Option<&Migration> {
        self.migrations.iter().find(|m| m.change == change)
    }
}
