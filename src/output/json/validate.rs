//! The result of `validate` in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use super::diagnostic::DiagnosticJson;
use crate::model::{Diagnostic, Sources};
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
    /// Every problem.
    diagnostics: Vec<DiagnosticJson>,
}

impl ValidateJson {
    /// The result in machine form.
    #[must_use]
    pub fn new<'a>(
        resources: usize,
        diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
        sources: &Sources,
    ) -> Self {
        let diagnostics = DiagnosticJson::list(diagnostics, sources);
        let valid = diagnostics
            .iter()
            .all(|diagnostic| diagnostic.severity != "error");
        Self {
            format_version: PLAN_FORMAT,
            valid,
            resources,
            diagnostics,
        }
    }
}
