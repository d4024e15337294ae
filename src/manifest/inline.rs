//! The limit of documents that are sent inline.

/// Largest document that can be sent inline, in bytes (documented limit of the official client).
pub const MOST_INLINE_BYTES: usize = 3 * 1024 * 1024;
