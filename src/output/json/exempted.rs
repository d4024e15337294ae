//! Exempted findings in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnostic::DiagnosticJson;
use super::place::PlaceJson;
use crate::model::{ExemptedFinding, Sources};

/// A finding that an exemption accepts.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExemptedJson {
    /// The finding.
    #[serde(flatten)]
    finding: DiagnosticJson,
    /// Why it is accepted.
    reason: String,
    /// Who accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The last day on which it is accepted, in UTC, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// Where the exemption is.
    exemption: PlaceJson,
}

impl ExemptedJson {
    pub(super) fn list(exempted: &[ExemptedFinding], sources: &Sources) -> Vec<Self> {
        exempted
            .iter()
            .map(|one| Self {
                finding: DiagnosticJson::new(&one.finding, sources),
                reason: one.acceptance.reason.clone(),
                by: one.acceptance.by.clone(),
                until: one.acceptance.until.map(|until| until.to_string()),
                exemption: PlaceJson::new(one.acceptance.place, sources),
            })
            .collect()
    }
}
