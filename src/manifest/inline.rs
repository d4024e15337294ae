//! The limit of documents that are sent inline.

/// Largest document that can be sent inline, in bytes (documented limit of the official client).
pub const MOST_INLINE_BYTES: usize = 3 * 1024 * 1024;

/// Whether a document is neither empty nor too large.
pub(super) fn has_size(text: &str) -> bool {
    !text.is_empty() && text.len() <= MOST_INLINE_BYTES
}
