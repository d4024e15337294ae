//! What the renderers for reviewers share: the options of a review, and differences of texts.

use super::json::OptionsJson;
use super::origin::PlanOrigin;
use super::value::texts_by_line;
use crate::document::{Diff, DiffLineKind, DiffOptions, document_diff, unified_diff};
use crate::model::{DesiredState, Diagnostic, Sources, Span};
use crate::plan::{Change, FieldChange};

/// Longest value that is shown on one line, in characters.
const LONGEST: usize = 60;

/// What a reviewer is shown beside the plan itself.
#[derive(Debug, Clone, Copy)]
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
    /// Whether the service is the embedded emulator, which has no real subscription.
    pub is_emulator: bool,
    /// Whether resources without changes are listed.
    pub show_unchanged: bool,
    /// Most lines of one difference between texts.
    pub diff_lines: usize,
}

impl Review<'_> {
    /// `file:line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        self.sources.display(span)
    }

    /// How the two texts of a field differ, where it holds a document or a long text on both sides.
    pub(super) fn text_diff(&self, change: &Change, field: &FieldChange) -> Option<Diff> {
        let options = DiffOptions {
            max_lines: self.diff_lines,
            ..DiffOptions::default()
        };
        if let (Some(text), true) = (&change.text, change.is_document(field)) {
            return Some(document_diff(
                text.before.as_deref()?,
                &text.after.text,
                options,
            ));
        }
        let (before, after) = texts_by_line(field.before.as_ref(), field.after.as_ref(), LONGEST)?;
        Some(unified_diff(&before, &after, options))
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
