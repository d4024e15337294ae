//! What a changed description breaks, in machine form.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::document::{Breaking, DocumentPlace, Impact};
use crate::model::{Sources, Span};
use crate::output::breaking_places::PlacedChange;

/// One thing that callers of an API may rely on and that is no longer so.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
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
    /// Where that is in the old description, if its text is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    before_place: Option<TextPlaceJson>,
    /// Where that is in the new description.
    #[serde(skip_serializing_if = "Option::is_none")]
    after_place: Option<TextPlaceJson>,
    /// A value that shows it: one of the two descriptions accepts it, the other refuses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Value>,
    /// Other operations that are concerned too; those of a removed path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    operations: Vec<String>,
}

fn pointer(place: Option<&DocumentPlace>) -> Option<String> {
    place.and_then(DocumentPlace::pointer).map(str::to_owned)
}

/// A place in the text of a description, counted from 1.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TextPlaceJson {
    /// The file, the web address, the address of a live definition, or `standard input`. Absent in a plan for the live
    /// text, and for a text that is not a file there.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// Line, from 1.
    line: usize,
    /// Column in characters, from 1.
    column: usize,
}

impl TextPlaceJson {
    fn new((span, sources): (Span, &Sources)) -> Self {
        let (file, position) = sources.locate(span);
        Self {
            file: Some(file.to_owned()).filter(|file| !file.is_empty()),
            line: position.line,
            column: position.column,
        }
    }
}

impl BreakingJson {
    pub(super) fn new(found: &Breaking) -> Self {
        Self {
            place: found.place.clone(),
            message: found.message.clone(),
            rule: found.rule,
            direction: found.direction,
            method: found.operation.as_ref().map(|(method, _)| method.clone()),
            path: found.operation.as_ref().map(|(_, path)| path.clone()),
            before: pointer(found.before.as_ref()),
            after: pointer(found.after.as_ref()),
            before_place: None,
            after_place: None,
            witness: found.witness.clone(),
            operations: found.other_operations.clone(),
        }
    }

    /// The same with its places in both descriptions.
    pub(super) fn located(
        self,
        before: Option<(Span, &Sources)>,
        after: Option<(Span, &Sources)>,
    ) -> Self {
        Self {
            before_place: before.map(TextPlaceJson::new),
            after_place: after.map(TextPlaceJson::new),
            ..self
        }
    }

    /// The findings of a change with one impact.
    pub(super) fn placed(change: &PlacedChange<'_>, impact: Impact) -> Vec<Self> {
        let of_impact = change
            .findings
            .iter()
            .filter(|placed| placed.found.impact == impact);
        of_impact
            .map(|placed| {
                Self::new(placed.found).located(
                    placed.before.map(|span| (span, &change.before)),
                    placed.after.map(|span| (span, &*change.after)),
                )
            })
            .collect()
    }
}
