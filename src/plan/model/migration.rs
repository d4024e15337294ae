//! Migrations of metadata schemas as data: writes that prepare others, and their description.
//!
//! Documented: the service refuses to delete, retype or unassign a schema while a resource has a
//! value of it, and refuses resources without a required value. So values are cleared first and set
//! again later, and a schema becomes optional first and required last.

use crate::model::{Address, Resource};

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
