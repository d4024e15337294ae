//! What a rule is, and what it sees.

use std::sync::Arc;

use super::findings::Findings;
use crate::model::{Address, DesiredState, LiveResource, LiveState};
use crate::plan::matching::Matching;
use crate::plan::migrate::SchemaConflict;
use crate::plan::model::{Change, Plan, PlanOptions, RuleCode};
use crate::plan::rename::RenameConflict;

/// What a rule over one change sees.
#[derive(Debug, Clone, Copy)]
pub struct ChangeInput<'a> {
    /// The change.
    pub change: &'a Change,
    /// What a delete removes: the resource itself and what vanishes with it. For an integration that gets
    /// another gateway, what it brought in. Empty for other changes.
    pub removed: &'a [&'a LiveResource],
    /// The declaration that the change comes from, if it has another address (a `SyncedApi`).
    pub declared_by: Option<&'a Address>,
    /// The desired state, after matching.
    pub desired: &'a DesiredState,
    /// The live state, after matching.
    pub live: &'a LiveState,
    /// The options of the plan.
    pub options: &'a PlanOptions,
}

/// What a rule over a whole plan sees.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The plan, with what earlier rules found.
    pub plan: &'a Plan,
    /// The desired state, after matching.
    pub desired: &'a DesiredState,
    /// The live state, after matching.
    pub live: &'a LiveState,
    /// The options of the plan.
    pub options: &'a PlanOptions,
    pub(in crate::plan) matching: &'a Matching<'a>,
    pub(in crate::plan) conflicts: &'a [SchemaConflict],
    pub(in crate::plan) rename_conflicts: &'a [RenameConflict],
}

impl<'a> PlanInput<'a> {
    pub(super) fn of(plan: &'a Plan, basis: &PlanBasis<'a>) -> Self {
        Self {
            plan,
            desired: &basis.matching.desired,
            live: &basis.matching.live,
            options: basis.options,
            matching: basis.matching,
            conflicts: basis.conflicts,
            rename_conflicts: basis.rename_conflicts,
        }
    }
}

/// What a plan was made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct PlanBasis<'a> {
    pub(in crate::plan) matching: &'a Matching<'a>,
    pub(in crate::plan) conflicts: &'a [SchemaConflict],
    pub(in crate::plan) rename_conflicts: &'a [RenameConflict],
    pub(in crate::plan) options: &'a PlanOptions,
}

type CheckChange = dyn Fn(&ChangeInput<'_>) -> Option<String> + Send + Sync;
type CheckPlan = dyn Fn(&PlanInput<'_>, &mut Findings) + Send + Sync;

#[derive(Clone)]
enum Check {
    Change(Arc<CheckChange>),
    Plan(Arc<CheckPlan>),
}

/// A rule that may block changes, refuse the plan, or warn.
#[derive(Clone)]
pub struct PlanRule {
    codes: Vec<RuleCode>,
    check: Check,
}

impl PlanRule {
    /// A rule over each change, before other changes are ordered by it. It returns why the change is
    /// blocked.
    pub fn over_changes(
        code: impl Into<RuleCode>,
        check: impl Fn(&ChangeInput<'_>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            codes: vec![code.into()],
            check: Check::Change(Arc::new(check)),
        }
    }

    /// A rule over the finished plan.
    pub fn over_plan(
        code: impl Into<RuleCode>,
        check: impl Fn(&PlanInput<'_>, &mut Findings) + Send + Sync + 'static,
    ) -> Self {
        Self {
            codes: vec![code.into()],
            check: Check::Plan(Arc::new(check)),
        }
    }

    /// Adds a second code that the rule warns with.
    #[must_use]
    pub fn also(mut self, code: impl Into<RuleCode>) -> Self {
        self.codes.push(code.into());
        self
    }

    /// The codes that the rule reports. Refusals and blocked changes have the first one.
    #[must_use]
    pub fn codes(&self) -> &[RuleCode] {
        &self.codes
    }

    pub(super) fn code(&self) -> &RuleCode {
        &self.codes[0]
    }

    pub(super) fn check_change(&self, input: &ChangeInput<'_>) -> Option<String> {
        match &self.check {
            Check::Change(check) => check(input),
            Check::Plan(_) => None,
        }
    }

    pub(super) fn check_plan(&self, input: &PlanInput<'_>, findings: &mut Findings) {
        if let Check::Plan(check) = &self.check {
            check(input, findings);
        }
    }
}

impl std::fmt::Debug for PlanRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlanRule")
            .field("codes", &self.codes)
            .finish_non_exhaustive()
    }
}
