//! What a rule over a plan reports.

use crate::model::{Diagnostic, Span};
use crate::plan::model::{Block, Plan, Refusal, RuleCode};

/// The findings of one rule over a plan.
#[derive(Debug)]
pub struct Findings {
    code: RuleCode,
    refusals: Vec<Refusal>,
    warnings: Vec<Diagnostic>,
    blocks: Vec<(usize, String)>,
}

impl Findings {
    pub(super) fn of(code: &RuleCode) -> Self {
        Self {
            code: code.clone(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Refuses the whole plan: says what is refused, what to do, and where the cause is declared.
    pub fn refuse(
        &mut self,
        message: impl Into<String>,
        help: impl Into<String>,
        place: Option<Span>,
    ) {
        self.refusals.push(Refusal {
            code: self.code.clone(),
            message: message.into(),
            help: help.into(),
            place,
            address: None,
        });
    }

    /// Reports something worth knowing that stops nothing.
    pub fn warn(&mut self, warning: Diagnostic) {
        self.warnings.push(warning);
    }

    /// Blocks the change at a position of the plan.
    pub fn block(&mut self, change: usize, reason: impl Into<String>) {
        self.blocks.push((change, reason.into()));
    }

    /// Adds the findings to the plan. A change that is blocked already keeps its first reason.
    pub(super) fn apply(self, plan: &mut Plan) {
        for (i, reason) in self.blocks {
            let code = self.code.clone();
            plan.changes[i]
                .blocked
                .get_or_insert(Block { code, reason });
        }
        plan.refusals.extend(self.refusals);
        plan.diagnostics.extend(self.warnings);
    }
}
