//! Places in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Position, Sources, Span};

/// A place in a file, counted from 1.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlaceJson {
    /// Path relative to the project.
    file: String,
    /// Line, from 1.
    line: usize,
    /// Column in characters, from 1.
    column: usize,
}

impl PlaceJson {
    pub(super) fn at(file: &str, position: Position) -> Self {
        Self {
            file: file.to_owned(),
            line: position.line,
            column: position.column,
        }
    }

    pub(super) fn new(span: Span, sources: &Sources) -> Self {
        let (file, position) = sources.locate(span);
        Self::at(file, position)
    }
}
