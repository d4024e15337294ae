//! The result of `validate` in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnostic::{DiagnosticJson, OmittedJson};
use super::exempted::ExemptedJson;
use super::fix::FixedJson;
use crate::model::{Diagnostic, ExemptedFinding, Sources};
use crate::plan::PLAN_FORMAT;

/// The result of `validate`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValidateJson {
    /// Version of this form.
    format_version: &'static str,
    /// Whether there is no error.
    valid: bool,
    /// Declared resources.
    resources: usize,
    /// Every problem, or the first of very many.
    diagnostics: Vec<DiagnosticJson>,
    /// How many problems are not in `diagnostics`, if there are very many.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted_diagnostics: Option<OmittedJson>,
    /// Findings that exemptions accept; they are not in `diagnostics`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exempted: Vec<ExemptedJson>,
    /// Problems that `--fix` fixed, which are no longer in `diagnostics`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<FixedJson>,
}

impl ValidateJson {
    /// The result in machine form.
    #[must_use]
    pub fn new<'a>(
        resources: usize,
        diagnostics: impl IntoIterator<Item = &'a Diagnostic, IntoIter: Clone>,
        exempted: &[ExemptedFinding],
        sources: &Sources,
    ) -> Self {
        let (diagnostics, omitted_diagnostics) = DiagnosticJson::list(diagnostics, sources);
        // Warnings are left out before errors are.
        let valid = diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity != "error");
        Self {
            format_version: PLAN_FORMAT,
            valid,
            resources,
            diagnostics,
            omitted_diagnostics,
            exempted: ExemptedJson::list(exempted, sources),
            fixed: Vec::new(),
        }
    }

    /// The result after these problems were fixed.
    #[must_use]
    pub fn fixed(mut self, fixed: Vec<FixedJson>) -> Self {
        self.fixed = fixed;
        self
    }
}
