//! The result of an apply in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::RefusalJson;
use crate::apply::{Outcome, Report};
use crate::model::Sources;
use crate::output::migration;
use crate::plan::{PLAN_FORMAT, Plan, Refusal};

/// The result of an apply.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplyJson {
    /// Version of this form.
    format_version: &'static str,
    /// The plan that was carried out; null where there is no plan.
    plan_id: Option<String>,
    /// Whether everything is done.
    complete: bool,
    /// Whether the user interrupted it.
    interrupted: bool,
    /// Resources created.
    added: usize,
    /// Resources changed.
    changed: usize,
    /// Resources that got another name; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    renamed: Option<usize>,
    /// Resources deleted.
    destroyed: usize,
    /// What became of each change.
    results: Vec<ResultJson>,
    /// Why nothing was sent, where the plan was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<String>,
    /// The rules that refuse it, with the resources that are the cause; absent where none does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused_by: Vec<RefusalJson>,
}

/// What became of one change.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ResultJson {
    address: String,
    action: &'static str,
    /// `done`, `failed`, `skipped`, `not-started`, `blocked`, or `remains`: expected to vanish with another
    /// resource, and still in the service.
    outcome: &'static str,
    /// What was written on the way to this change, which is not done: `rank` cleared, for example.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// What is said about a resource that did not vanish.
const REMAINS: &str =
    "it was expected to vanish with another resource, and is still in the service";

impl ApplyJson {
    /// The form for a plan that was refused: nothing was sent.
    #[must_use]
    pub fn refused(plan: &Plan, refusals: Vec<String>, by: &[Refusal], sources: &Sources) -> Self {
        let outcomes = plan.changes.iter().map(|_| Outcome::NotStarted).collect();
        let report = Report {
            outcomes,
            ..Report::default()
        };
        Self {
            complete: false,
            refusals,
            refused_by: RefusalJson::list(by, sources),
            ..Self::new(plan, &report)
        }
    }

    /// The result in machine form.
    #[must_use]
    pub fn new(plan: &Plan, report: &Report) -> Self {
        let tally = report.tally(plan);
        let results =
            plan.changes
                .iter()
                .zip(&report.outcomes)
                .enumerate()
                .map(|(i, (change, outcome))| {
                    let left = report.left_by(plan, i);
                    let (word, message) = match outcome {
                        Outcome::Done => ("done", None),
                        Outcome::Failed { error, .. } => ("failed", Some(error.to_string())),
                        Outcome::Skipped(because) => (
                            "skipped",
                            Some(format!("needs {}", plan.changes[*because].address)),
                        ),
                        Outcome::NotStarted => ("not-started", None),
                        Outcome::Remains => ("remains", Some(REMAINS.to_owned())),
                        Outcome::Blocked => (
                            "blocked",
                            change.blocked.as_ref().map(|block| block.reason.clone()),
                        ),
                    };
                    ResultJson {
                        address: change.address.to_string(),
                        action: change.action().word(),
                        outcome: word,
                        left: left.map(|preparation| migration::prepared(plan, preparation)),
                        message,
                    }
                });
        Self {
            format_version: PLAN_FORMAT,
            plan_id: plan.is_made().then(|| plan.id.clone()),
            complete: report.is_complete(),
            interrupted: report.interrupted,
            added: tally.added,
            changed: tally.changed,
            renamed: (tally.renamed > 0).then_some(tally.renamed),
            destroyed: tally.destroyed,
            results: results.collect(),
            refusals: Vec::new(),
            refused_by: Vec::new(),
        }
    }
}
