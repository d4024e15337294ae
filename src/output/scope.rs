//! What is said of a plan that was limited to what a branch changes.

use super::shell::shell_word;
use crate::model::counted;
use crate::plan::{Plan, PlanScope};

/// Characters of a commit's id that people read.
const SHORT: usize = 12;

/// What was compared and what was not, in words.
pub(super) struct ScopeWords {
    /// What was compared.
    pub(super) compared: String,
    /// What was not, and how to compare it.
    pub(super) rest: String,
}

impl ScopeWords {
    pub(super) fn of(scope: &PlanScope, plan: &Plan) -> Self {
        let changed = &scope.changed;
        let since = format!(
            "since `{}` ({})",
            changed.reference,
            short_commit(&changed.base)
        );
        let single = changed.addresses.single().count();
        let removed = changed.addresses.families().count();
        let what = match (single, removed) {
            (0, 0) => None,
            (_, 0) => Some(counted(single, "declared resource")),
            (0, 1) => Some("1 resource that is no longer declared".to_owned()),
            (0, _) => Some(format!("{removed} resources that are no longer declared")),
            _ => Some(format!(
                "{} and {removed} no longer declared",
                counted(single, "declared resource")
            )),
        };
        let compared = match what {
            Some(what) => format!("Compared: what this branch changes {since}, {what}"),
            None if scope.has_patterns => {
                format!("This branch changes nothing that --only and --exclude select {since}")
            }
            None => format!("This branch changes nothing that is declared {since}"),
        };
        Self {
            compared,
            rest: format!(
                "The rest of the service was not compared; to compare all of it: {}",
                command_for_all(scope, plan)
            ),
        }
    }

    /// All of it.
    pub(super) fn sentences(&self) -> String {
        format!("{}. {}", self.compared, self.rest)
    }
}

/// What the service is like where a plan has no changes.
pub(super) fn unchanged_words(plan: &Plan) -> String {
    let resources = counted(plan.unchanged.len(), "resource");
    if let Some(from) = &plan.from {
        return format!("{} is as {} ({resources}).", plan.target.name, from.name);
    }
    if plan.undoes {
        return format!("The service is as it was before the apply ({resources}).");
    }
    match &plan.scope {
        None => format!("The service is as declared ({resources})."),
        Some(scope) if scope.changed.addresses.is_empty() => {
            "The service was not read, because there is nothing to compare.".to_owned()
        }
        Some(_) => format!("What was compared is as declared ({resources})."),
    }
}

/// The command that compares everything.
pub(super) fn command_for_all(scope: &PlanScope, plan: &Plan) -> String {
    let mut command = "apicenter plan".to_owned();
    if !plan.target.name.is_empty() {
        command.push_str(&format!(" -t {}", shell_word(&plan.target.name)));
    }
    if scope.prunes {
        command.push_str(" --prune");
    }
    command
}

/// The beginning of a commit's id.
#[must_use]
pub fn short_commit(commit: &str) -> &str {
    commit.get(..SHORT).unwrap_or(commit)
}
