//! Every rule of the program in one table: those over manifests and those over plans.
//!
//! A rule's id need not be known when the program is built, so that rules can come from a file.

mod files;
mod manifest;
mod rule;

pub use manifest::input::ManifestInput;
use rule::Check;
pub use rule::{Rule, RuleScope};

use crate::manifest::source::ProjectFiles;
use crate::model::{Code, Diagnostics, Sources, code};
use crate::plan;

/// Rules, in the order in which they are checked.
#[derive(Debug, Clone)]
pub struct Rules {
    table: Vec<Rule>,
    of_plans: plan::PlanRules,
}

impl Rules {
    /// The rules of this program.
    #[must_use]
    pub fn built_in() -> Self {
        let of_plans = plan::PlanRules::built_in();
        let mut table = manifest::rules();
        table.extend(of_plans.iter().cloned().map(Rule::from));
        Self { table, of_plans }
    }

    /// The same rules, with another one at the end.
    #[must_use]
    pub fn with(mut self, rule: impl Into<Rule>) -> Self {
        let rule = rule.into();
        if let Check::Plan(rule) = rule.check() {
            self.of_plans = self.of_plans.with(rule.clone());
        }
        self.table.push(rule);
        self
    }

    /// The same rules, with those of a project's own files at the end.
    #[must_use]
    pub fn with_rules_of(
        self,
        files: &dyn ProjectFiles,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        files::read(files, sources, diagnostics)
            .into_iter()
            .fold(self, Self::with)
    }

    /// Codes of rules that were made at run time, with their meanings.
    #[must_use]
    pub fn run_time_codes(&self) -> Vec<Code> {
        self.iter()
            .filter_map(Rule::code)
            .filter(|code| !code::ALL.contains(code))
            .cloned()
            .collect()
    }

    /// The whole table.
    pub fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.table.iter()
    }

    /// The rules over plans, for the planner.
    #[must_use]
    pub fn of_plans(&self) -> &plan::PlanRules {
        &self.of_plans
    }

    /// The same table, of which an undo is checked by what is about more than manifests.
    #[must_use]
    pub fn of_undo(&self) -> Self {
        Self {
            table: self.table.clone(),
            of_plans: self.of_plans.of_undo(),
        }
    }

    /// Runs the rules over manifests.
    pub fn check_manifests(&self, input: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
        for rule in &self.table {
            if let Check::Manifest(_, check) = rule.check() {
                check(input, diagnostics);
            }
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self::built_in()
    }
}

impl<'a> IntoIterator for &'a Rules {
    type Item = &'a Rule;
    type IntoIter = std::slice::Iter<'a, Rule>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
