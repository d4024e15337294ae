//! The planner: what differs between the desired and the live state, as a value.
//!
//! Pure, synchronous and deterministic: it reads and sends nothing. It knows no kind by name: kinds that
//! it treats differently have a role, and their fields are read through the views of `model`.
//!
//! `planner` calls, in this order, `rename` (which live resource gets another name), `matching` (which live resource a declaration refers to), `compare`
//! (what differs, and what is not declared), `migrate` (metadata schemas in use), `schedule` (what waits
//! for what) and `rules` (everything that may stop, block or warn).

mod authors;
mod compare;
mod identity;
mod matching;
mod migrate;
mod model;
mod planner;
mod rename;
mod rules;
mod schedule;
#[cfg(test)]
mod tests;

pub use compare::differing;
pub use identity::{PLAN_FORMAT, canonical_json, id_problem};
pub use matching::{keeper, marked_owner, own_marker, unmatched};
pub use model::{
    Action, Author, Block, Carried, Change, ChangedSince, FieldChange, IgnoreRule, MaxDeletes,
    Migration, MigrationAction, MigrationStep, PerWrite, Plan, PlanBase, PlanOptions, PlanScope,
    Preparation, PruneOptions, PruneScope, Purpose, Refusal, RuleCode, Safety, Step, Summary,
    Target, TextChange, Undone, WriteId,
};
pub use planner::{plan, plan_with};
pub use rules::{ChangeInput, Findings, PlanInput, PlanRule, PlanRules, deletes_depend_on_unread};
