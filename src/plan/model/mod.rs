//! Plans and their options: data only.

mod change;
mod migration;
mod options;
mod plan;
mod positions;
mod text;

pub(in crate::plan) use change::is_under;
pub use change::{Action, Change, FieldChange, Step, TextChange};
pub use migration::{Migration, MigrationAction, MigrationStep, Preparation, Purpose};
pub use options::{
    IgnoreRule, MaxDeletes, Ownership, PlanOptions, PruneOptions, PruneScope, Safety, Target,
};
pub use plan::{Plan, Refusal, Summary};
pub(in crate::plan) use positions::Positions;
pub(in crate::plan) use text::first_of;
