//! Something that can be written at a position.

/// Something that can be written.
#[derive(Debug, Default)]
pub(super) struct Offer {
    pub(super) label: String,
    /// What is written; the label, if there is none.
    pub(super) text: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) documentation: String,
    pub(super) kind: Option<lsp_types::CompletionItemKind>,
    /// Whether it comes before others.
    pub(super) is_required: bool,
}
