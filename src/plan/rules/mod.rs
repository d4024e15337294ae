//! Every rule that may stop a plan, block a change or warn about it, in one table.

mod ambiguous_match;
mod cascades;
mod dangling_link;
mod deletes;
mod doubtful_name;
mod edit_conflict;
mod excluded;
mod findings;
mod foreign_owner;
mod hidden_below;
mod immutable;
mod integration;
mod kept_by_integration;
mod left_out_manifest;
mod limits;
mod missing_values;
mod not_synchronised;
mod possible_rename;
mod protected;
mod public;
mod rename_conflict;
mod rule;
mod schema_in_use;
mod selection;
#[cfg(test)]
mod tests;

pub use deletes::deletes_depend_on_unread;
pub use findings::Findings;
pub(in crate::plan) use rule::PlanBasis;
pub use rule::{ChangeInput, PlanInput, PlanRule};

use super::model::{Block, Plan};
use crate::model::code;

/// The rules that a plan is checked by, in this order.
#[derive(Debug, Clone)]
pub struct PlanRules(Vec<PlanRule>);

impl PlanRules {
    /// The rules of this program.
    #[must_use]
    pub fn built_in() -> Self {
        Self(vec![
            PlanRule::over_changes(code::FOREIGN_OWNER.id, foreign_owner::check),
            PlanRule::over_changes(code::KEPT_BY_INTEGRATION.id, kept_by_integration::check),
            PlanRule::over_changes(code::PROTECTED.id, protected::check),
            PlanRule::over_changes(code::EXCLUDED.id, excluded::check),
            PlanRule::over_changes(code::HIDDEN_BELOW.id, hidden_below::check),
            PlanRule::over_plan(code::AMBIGUOUS_MATCH.id, ambiguous_match::check),
            PlanRule::over_plan(code::NOT_SYNCHRONISED.id, not_synchronised::check),
            PlanRule::over_plan(code::SCHEMA_IN_USE.id, schema_in_use::check),
            PlanRule::over_plan(code::RENAME_CONFLICT.id, rename_conflict::check),
            PlanRule::over_plan(code::EDIT_CONFLICT.id, edit_conflict::check),
            PlanRule::over_plan(code::IMMUTABLE_FIELD.id, immutable::check),
            PlanRule::over_plan(code::METADATA_VALUE_LACKING.id, missing_values::in_service),
            PlanRule::over_plan(code::CUSTOM_PROPERTY_REQUIRED.id, missing_values::in_plan),
            PlanRule::over_plan(code::TOO_MANY_DELETES.id, deletes::check),
            PlanRule::over_plan(code::LEFT_OUT_MANIFEST.id, left_out_manifest::check),
            PlanRule::over_plan(code::DEPENDENCY_NOT_SELECTED.id, selection::check),
            PlanRule::over_plan(code::SERVICE_LIMIT.id, limits::check),
            PlanRule::over_plan(code::POSSIBLE_RENAME.id, possible_rename::check),
            PlanRule::over_plan(code::DOUBTFUL_NAME.id, doubtful_name::check),
            PlanRule::over_plan(code::CASCADE.id, cascades::check),
            PlanRule::over_plan(code::ANONYMOUS_ACCESS.id, public::check),
            PlanRule::over_plan(code::DANGLING_LINK.id, dangling_link::check),
            PlanRule::over_plan(code::INTEGRATION_PREREQUISITE.id, integration::check)
                .also(code::INTEGRATION_LINK.id),
        ])
    }

    /// The rules for which a change between two services cannot be made at all: what else is checked of a plan is about
    /// manifests and about applying them.
    #[must_use]
    pub fn of_comparison() -> Self {
        let codes = [
            code::KEPT_BY_INTEGRATION.id,
            code::AMBIGUOUS_MATCH.id,
            code::NOT_SYNCHRONISED.id,
        ];
        let mut rules = Self::built_in();
        let is_kept = |rule: &PlanRule| codes.iter().any(|code| rule.code() == code);
        rules.0.retain(is_kept);
        rules
    }

    /// Those of the rules that hold for undoing an apply too: what the service refuses, what is protected, and what needs a
    /// confirmation. The others are about manifests and what is not in them.
    #[must_use]
    pub fn of_undo(&self) -> Self {
        let codes = [
            code::PROTECTED.id,
            code::HIDDEN_BELOW.id,
            code::SCHEMA_IN_USE.id,
            code::RENAME_CONFLICT.id,
            code::IMMUTABLE_FIELD.id,
            code::METADATA_VALUE_LACKING.id,
            code::CUSTOM_PROPERTY_REQUIRED.id,
            code::SERVICE_LIMIT.id,
            code::CASCADE.id,
            code::ANONYMOUS_ACCESS.id,
            code::INTEGRATION_PREREQUISITE.id,
        ];
        let is_kept = |rule: &&PlanRule| codes.iter().any(|code| rule.code() == code);
        Self(self.0.iter().filter(is_kept).cloned().collect())
    }

    /// The same rules, with another one at the end.
    #[must_use]
    pub fn with(mut self, rule: PlanRule) -> Self {
        self.0.push(rule);
        self
    }

    /// The rules in the order in which they are checked.
    pub fn iter(&self) -> std::slice::Iter<'_, PlanRule> {
        self.0.iter()
    }

    /// Why a change is blocked: the first rule that does.
    pub(in crate::plan) fn block(&self, input: &ChangeInput<'_>) -> Option<Block> {
        self.iter().find_map(|rule| {
            let reason = rule.check_change(input)?;
            let code = rule.code().clone();
            Some(Block { code, reason })
        })
    }

    /// What the rules over a plan find, added to the plan after each of them.
    pub(in crate::plan) fn check(&self, plan: &mut Plan, basis: &PlanBasis<'_>) {
        for rule in self {
            let mut findings = Findings::of(rule.code());
            rule.check_plan(&PlanInput::of(plan, basis), &mut findings);
            findings.apply(plan);
        }
    }
}

impl<'a> IntoIterator for &'a PlanRules {
    type Item = &'a PlanRule;
    type IntoIter = std::slice::Iter<'a, PlanRule>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
