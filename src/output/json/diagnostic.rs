//! Places and diagnostics in machine form.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::fix::FixJson;
use super::place::PlaceJson;
use crate::model::{Diagnostic, Severity, Sources};
use crate::output::help::help_text;
use crate::output::shown::{MOST_LISTED, Shown};

/// One problem.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DiagnosticJson {
    /// Stable name of the kind of problem.
    code: String,
    /// `error` or `warning`.
    pub(super) severity: &'static str,
    /// One sentence.
    message: String,
    /// The resource that has it: what an exemption names. The first one, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// All resources that have it, if there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<String>,
    /// The field that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedJson>,
    /// How to fix it.
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// The edits of the text that fix it, if they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson>,
}

/// Another place that matters, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RelatedJson {
    /// Why it matters.
    message: String,
    /// Where it is.
    source: PlaceJson,
}

impl DiagnosticJson {
    /// A problem in machine form.
    #[must_use]
    pub fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        Self {
            code: diagnostic.code.to_string(),
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: diagnostic.message.clone(),
            address: diagnostic.addresses.first().map(ToString::to_string),
            addresses: match diagnostic.addresses.as_slice() {
                [] | [_] => Vec::new(),
                several => several.iter().map(ToString::to_string).collect(),
            },
            path: diagnostic.path.clone(),
            source: diagnostic
                .primary
                .as_ref()
                .map(|label| PlaceJson::new(label.span, sources)),
            related: diagnostic
                .related
                .iter()
                .map(|label| RelatedJson {
                    message: label.text.clone(),
                    source: PlaceJson::new(label.span, sources),
                })
                .collect(),
            help: help_text(diagnostic).map(Cow::into_owned),
            fix: diagnostic
                .fix
                .as_ref()
                .map(|fix| FixJson::new(fix, sources)),
        }
    }

    /// The first problems, and how many others there are.
    pub(super) fn list<'a>(
        diagnostics: impl IntoIterator<Item = &'a Diagnostic, IntoIter: Clone>,
        sources: &Sources,
    ) -> (Vec<Self>, Option<OmittedJson>) {
        let shown = Shown::of(diagnostics, MOST_LISTED);
        let listed = shown.diagnostics.iter().map(|one| Self::new(one, sources));
        let omitted = OmittedJson {
            errors: shown.omitted_errors,
            warnings: shown.omitted_warnings,
        };
        (
            listed.collect(),
            shown.omission().is_some().then_some(omitted),
        )
    }
}

/// How many problems are not listed, because there are too many.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OmittedJson {
    /// Errors.
    pub(super) errors: usize,
    /// Warnings.
    warnings: usize,
}
