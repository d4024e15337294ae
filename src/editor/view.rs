//! What a request is about: a document that is open, and what is known of its project.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lsp_types::{
    DocumentChanges, Location, OneOf, OptionalVersionedTextDocumentIdentifier, Range,
    TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};

use super::facts::Facts;
use super::places::uri_of;
use crate::model::Source;

/// What a request is about.
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts,
    /// The text of the document; its name is the path within the project.
    pub(super) document: &'a Source,
    pub(super) root: &'a Path,
    /// The text of a file of the project, as the editor has it or else from disk.
    pub(super) read: &'a dyn Fn(&str) -> Option<Arc<str>>,
    /// The addresses and versions of the open documents of the project, by their paths.
    pub(super) open: BTreeMap<&'a str, (&'a Uri, i32)>,
}

impl View<'_> {
    /// The path of the document.
    pub(super) fn file(&self) -> &str {
        &self.document.name
    }

    /// The address of a file of the project, as the editor has it.
    pub(super) fn uri(&self, file: &str) -> Option<Uri> {
        let open = self.open.get(file);
        open.map(|(uri, _)| (*uri).clone())
            .or_else(|| uri_of(&self.root.join(file)))
    }

    /// A place in a file of the project.
    pub(super) fn location(&self, file: &str, range: Range) -> Option<Location> {
        let uri = self.uri(file)?;
        Some(Location { uri, range })
    }

    /// Edits of several files.
    pub(super) fn edit(&self, edits: BTreeMap<String, Vec<TextEdit>>) -> WorkspaceEdit {
        let edits = edits.into_iter().filter_map(|(file, edits)| {
            let uri = self.uri(&file)?;
            let version = self.open.get(file.as_str()).map(|(_, version)| *version);
            Some(TextDocumentEdit {
                text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
                edits: edits.into_iter().map(OneOf::Left).collect(),
            })
        });
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(edits.collect())),
            ..WorkspaceEdit::default()
        }
    }
}
