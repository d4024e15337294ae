//! The planner: what differs between the desired and the live state, as a value.
//!
//! Pure, synchronous and deterministic: it reads nothing, sends nothing and knows no kind by name.

mod change;
mod diff;
mod guard;
mod identity;
mod in_use;
mod interim;
mod lacking;
mod migration;
mod options;
mod order;
mod planner;
mod prerequisites;
mod prune;
mod resolve;
mod roles;
mod schema_facts;
mod synced;

pub use change::{Action, Change, FieldChange, Plan, Refusal, Step, Summary, TextChange};
pub use diff::diff;
pub use identity::{PLAN_FORMAT, canonical_json};
pub use migration::{Migration, MigrationAction, MigrationStep, Preparation, Purpose};
pub use options::{
    IgnoreRule, MaxDeletes, Ownership, PlanOptions, PruneOptions, PruneScope, Safety, Target,
};
pub use planner::{plan, selected as selects};
