//! Plans and their options: data only.

mod author;
mod change;
mod findings;
mod migration;
mod options;
mod plan;
mod positions;
mod reason;
mod text;
mod write_id;

pub use author::{Author, PlanBase};
pub(in crate::plan) use change::is_under;
pub use change::{Action, Change, FieldChange, Step, TextChange};
pub use findings::{Block, Refusal, RuleCode};
pub use migration::{Carried, Migration, MigrationAction, MigrationStep, Preparation, Purpose};
pub use options::{
    ChangedSince, IgnoreRule, MaxDeletes, PlanOptions, PruneOptions, PruneScope, Safety, Target,
    Undone,
};
pub use plan::{Plan, PlanScope, Summary};
pub(in crate::plan) use positions::Positions;
pub(in crate::plan) use reason::{
    BY_DECLARED_FIELDS, CREATED_BY_APPLY, DELETED_BY_APPLY, EMPTIED, NOT_THERE, differing,
    differing_from_before, differing_from_manifest, renamed_from,
};
pub(in crate::plan) use text::first_of;
pub(in crate::plan) use write_id::Edge;
pub use write_id::{PerWrite, WriteId};
