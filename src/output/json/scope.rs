//! What a plan was limited to, in machine form.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Address;
use crate::output::scope::{ScopeWords, command_for_all};
use crate::plan::{ChangedSince, Plan, PlanScope};

/// What a plan compares of the service. The rest was not compared, and part of it not read.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ScopeJson {
    /// `--changed-since`.
    changed_since: String,
    /// The commit at which the branch begins.
    base: String,
    /// The resources that are declared differently since then, or depend on one that is.
    addresses: Vec<String>,
    /// Those that are no longer declared, each with everything below it.
    removed: Vec<String>,
    /// The same in words.
    message: String,
    /// The command that compares everything.
    command_for_all: String,
    /// The `planId` of the plan of everything that has the same changes and no others.
    plan_id_of_all: String,
}

impl ScopeJson {
    pub(super) fn new(scope: &PlanScope, plan: &Plan) -> Self {
        let ChangedSince {
            reference,
            base,
            addresses,
        } = &*scope.changed;
        let words = ScopeWords::of(scope, plan);
        Self {
            changed_since: reference.clone(),
            base: base.clone(),
            addresses: addresses.single().map(Address::to_string).collect(),
            removed: addresses.families().map(Address::to_string).collect(),
            message: words.sentences(),
            command_for_all: command_for_all(scope, plan),
            plan_id_of_all: scope.whole_id.clone(),
        }
    }
}

/// `--changed-since` of a saved plan.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ChangedSinceJson {
    /// What was given.
    pub(crate) reference: String,
    /// The commit at which the branch begins.
    base: String,
}

impl ChangedSinceJson {
    /// What a plan was limited by.
    #[must_use]
    pub fn new(changed: &ChangedSince) -> Self {
        Self {
            reference: changed.reference.clone(),
            base: changed.base.clone(),
        }
    }

    /// What was given, and the commit.
    #[must_use]
    pub fn parts(self) -> (String, String) {
        (self.reference, self.base)
    }
}
