//! What a changed description breaks, in machine form.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::document::{Breaking, Impact};

/// One thing that callers of an API may rely on and that is no longer so.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct BreakingJson {
    /// Where in the description, in words: `GET /orders/{id}`.
    place: String,
    /// What is no longer so, in one line.
    message: String,
    /// The rule that found it; see docs/breaking-changes.md. Such names do not change.
    rule: &'static str,
    /// `request` or `response`, where only one of them is concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    /// The method of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    /// The path of the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The JSON pointer of what is concerned in the old description.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// The JSON pointer of what is concerned in the new description.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    /// A value that shows it: one of the two descriptions accepts it, the other refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Value>,
    /// Other operations that are concerned too; those of a removed path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<String>,
}

impl BreakingJson {
    pub(super) fn list(found: &[Breaking], impact: Impact) -> Vec<Self> {
        let of_impact = found.iter().filter(|found| found.impact == impact);
        of_impact
            .map(|found| Self {
                place: found.place.clone(),
                message: found.message.clone(),
                rule: found.rule,
                direction: found.direction,
                method: found.operation.as_ref().map(|(method, _)| method.clone()),
                path: found.operation.as_ref().map(|(_, path)| path.clone()),
                before: found.before.clone(),
                after: found.after.clone(),
                witness: found.witness.clone(),
                operations: found.other_operations.clone(),
            })
            .collect()
    }
}
