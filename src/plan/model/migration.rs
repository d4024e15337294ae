//! Writes that prepare others, and the description of migrations of metadata schemas.
//!
//! Documented: the service refuses to delete, retype or unassign a schema while a resource has a
//! value of it, and refuses resources without a required value. So values are cleared first and set
//! again later, and a schema becomes optional first and required last.

use std::sync::Arc;

use super::write_id::WriteId;
use crate::model::{Address, Body, Document, Resource};

/// Why a preparation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Makes the live schema optional, so that its values can be cleared.
    Relax,
    /// Removes values from a resource before their schemas change.
    Clear,
    /// Changes the schema but leaves it optional, so that values can be set.
    Define,
    /// Writes what has a former name under its present one, as it is.
    Copy,
    /// Lets a resource refer to another one by its present name.
    Redirect,
    /// Deletes what has a former name, after it was copied.
    Remove,
}

/// What is written with a copy besides its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// Live fields that no kind models.
    pub unmodelled: Body,
    /// The content of a definition or an analyzer.
    pub document: Option<Arc<Document>>,
}

/// A write that must come before others; its resource is written again later, or deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Preparation {
    /// Position of the change that it belongs to.
    pub change: usize,
    /// Why it is written.
    pub purpose: Purpose,
    /// What is written, or deleted.
    pub resource: Resource,
    /// What is written besides; `None` for a form of the resource of its change.
    pub carried: Option<Carried>,
    /// Writes that must be done before it.
    pub waits_for: Vec<WriteId>,
}

impl Preparation {
    /// How many write requests it takes.
    #[must_use]
    pub fn writes(&self) -> usize {
        let carried = self.carried.as_ref();
        1 + usize::from(carried.is_some_and(|carried| carried.document.is_some()))
    }
}

/// What one step of a migration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationAction {
    /// The schema stops being required.
    Relax,
    /// Values of resources are cleared.
    Clear,
    /// The schema changes.
    Change,
    /// The schema changes and is not required yet.
    Define,
    /// The schema is deleted.
    Delete,
    /// Values of resources are set.
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

/// How a metadata schema changes while resources have values of it, or lack required ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Position of the schema's change.
    pub change: usize,
    /// The live resources that have a value.
    pub users: Vec<Address>,
    /// The steps in order.
    pub steps: Vec<MigrationStep>,
}
