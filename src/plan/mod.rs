//! The planner: what differs between the desired and the live state, as a value.
//!
//! Pure, synchronous and deterministic: it reads nothing, sends nothing and knows no kind by name.

mod compare;
mod identity;
mod matching;
mod migrate;
mod model;
mod planner;
mod rules;
mod schedule;

pub use identity::{PLAN_FORMAT, canonical_json};
pub use model::{
    Action, Block, Change, FieldChange, IgnoreRule, MaxDeletes, Migration, MigrationAction,
    MigrationStep, PerWrite, Plan, PlanOptions, Preparation, PruneOptions, PruneScope, Purpose,
    Refusal, RuleCode, Safety, Step, Summary, Target, TextChange, WriteId,
};
pub use planner::{plan, plan_with};
pub use rules::{ChangeInput, Findings, PlanInput, Rule, Rules};
