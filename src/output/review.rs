//! What the renderers for reviewers share: the options of a review, and differences of texts.

use serde_json::Value;

use super::json::OptionsJson;
use super::origin::PlanOrigin;
use super::value::texts_by_line;
use crate::document::{Diff, DiffLineKind, DiffOptions, DocumentDiff, document_diff, unified_diff};
use crate::model::{Address, DesiredState, Diagnostic, Sources, Span};
use crate::plan::{Change, FieldChange};

/// Longest value that is shown on one line, in characters.
const LONGEST: usize = 60;

/// What a reviewer is shown beside the plan itself.
#[derive(Debug, Clone)]
pub struct Review<'a> {
    /// The files, so that places can be named.
    pub sources: &'a Sources,
    /// Problems of the manifests that concern this review.
    pub diagnostics: &'a [Diagnostic],
    /// What is said of the others, which are not shown.
    pub elsewhere: Option<&'a str>,
    /// What the plan was asked for, so that exactly that can be applied.
    pub options: &'a OptionsJson,
    /// What the manifests declare.
    pub desired: &'a DesiredState,
    /// Where the plan comes from.
    pub origin: &'a PlanOrigin,
    /// Where the portal shows the service, if it does.
    pub portal: Option<Portal>,
    /// Whether the service is the embedded emulator, which has no real subscription.
    pub is_emulator: bool,
    /// Whether resources without changes are listed.
    pub show_unchanged: bool,
    /// Most lines of one difference between texts.
    pub diff_lines: usize,
}

/// Where a portal shows the resources of a service.
#[derive(Debug, Clone)]
pub struct Portal {
    /// The address of the service's page.
    pub service: String,
    /// What is behind it for a resource.
    pub path: fn(&Address) -> String,
}

impl Review<'_> {
    /// `file:line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        self.sources.display(span)
    }

    /// How the two texts of a field differ, where it holds a document or a long text on both sides.
    pub(super) fn text_diff(&self, change: &Change, field: &FieldChange) -> Option<Diff> {
        if change.text.is_some() && change.is_document(field) {
            return Some(self.document_diff(change, field)?.diff);
        }
        self.value_diff(field.before.as_ref(), field.after.as_ref())
    }

    /// How the documents of a field differ, if it is one and both are known.
    pub(super) fn document_diff(
        &self,
        change: &Change,
        field: &FieldChange,
    ) -> Option<DocumentDiff> {
        let text = change.text.as_ref().filter(|_| change.is_document(field))?;
        let before = text.before.as_deref()?;
        Some(document_diff(before, &text.after.text, self.diff_options()))
    }

    /// How two values differ, where the lines of long texts say it better.
    pub(super) fn value_diff(&self, before: Option<&Value>, after: Option<&Value>) -> Option<Diff> {
        let (before, after) = texts_by_line(before, after, LONGEST)?;
        Some(unified_diff(&before, &after, self.diff_options()))
    }

    fn diff_options(&self) -> DiffOptions {
        DiffOptions {
            max_lines: self.diff_lines,
            ..DiffOptions::default()
        }
    }
}

/// The sign in front of a line of a difference; a hunk's line has its own.
pub(super) fn sign(kind: DiffLineKind) -> &'static str {
    match kind {
        DiffLineKind::Context => " ",
        DiffLineKind::Added => "+",
        DiffLineKind::Removed => "-",
        DiffLineKind::Hunk | DiffLineKind::Note => "",
    }
}
