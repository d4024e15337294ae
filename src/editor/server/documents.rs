//! The documents that are open in the editor.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::editor::places::offset_of;
use crate::model::Source;

/// A document that is open.
#[derive(Debug)]
pub(super) struct OpenDocument {
    /// The editor's number for the text.
    pub(super) version: i32,
    /// Its text. The name is the path within the project.
    pub(super) source: Source,
    /// The root of its project.
    pub(super) project: Option<PathBuf>,
}

impl OpenDocument {
    /// Makes changes, one after the other.
    pub(super) fn change(&mut self, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        for change in changes {
            let text: Arc<str> = match change.range {
                None => change.text.into(),
                Some(range) => {
                    let start = offset_of(&self.source, range.start);
                    let end = offset_of(&self.source, range.end).max(start);
                    let (before, after) = (&self.source.text[..start], &self.source.text[end..]);
                    format!("{before}{}{after}", change.text).into()
                }
            };
            self.source = Source::new(self.source.name.clone(), text);
        }
        self.version = version;
    }
}

/// The open documents, by the addresses that the editor gives them.
pub(super) type OpenDocuments = BTreeMap<Uri, OpenDocument>;
