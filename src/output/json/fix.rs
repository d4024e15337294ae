//! Fixes in machine form: proposed ones, and those that were made.

use schemars::JsonSchema;
use serde::Serialize;

use super::place::PlaceJson;
use crate::model::{Fix, Position, Sources, TextEdit};

/// How a problem is fixed in the text itself.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FixJson {
    /// What to do, such as "write `true`".
    title: String,
    /// Whether the text can have meant nothing else, so that `validate --fix` makes it.
    certain: bool,
    /// The edits, all of one file.
    edits: Vec<EditJson>,
}

/// A text in the place of another.
#[derive(Debug, Serialize, JsonSchema)]
struct EditJson {
    /// Where the replaced text starts.
    start: PlaceJson,
    /// The place behind its last character; that of its start for an insertion.
    end: PlaceJson,
    /// What is written there.
    text: String,
}

impl FixJson {
    pub(super) fn new(fix: &Fix, sources: &Sources) -> Self {
        Self {
            title: fix.to_string(),
            certain: fix.is_certain(),
            edits: fix
                .edits
                .iter()
                .map(|edit| EditJson::new(edit, sources))
                .collect(),
        }
    }
}

impl EditJson {
    fn new(edit: &TextEdit, sources: &Sources) -> Self {
        let source = sources.get(edit.span.source);
        Self {
            start: PlaceJson::new(edit.span, sources),
            end: PlaceJson::at(&source.name, source.position(edit.span.end)),
            text: edit.text.clone(),
        }
    }
}

/// A problem that was fixed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FixedJson {
    /// Stable name of the kind of problem.
    code: String,
    /// What the problem was.
    message: String,
    /// What was done, such as "wrote `true` in place of `yes`".
    done: String,
    /// Where it was.
    source: PlaceJson,
}

impl FixedJson {
    /// A problem of that code and message, at that place.
    #[must_use]
    pub fn new(code: String, message: String, done: String, at: (&str, Position)) -> Self {
        Self {
            code,
            message,
            done,
            source: PlaceJson::at(at.0, at.1),
        }
    }
}
