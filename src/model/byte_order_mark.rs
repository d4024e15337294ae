//! The mark that some editors put in front of a text.

/// The mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A text without a byte order mark.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// A byte order mark, or nothing if there is none, and the text behind it.
#[must_use]
pub fn split_mark(text: &str) -> (&str, &str) {
    text.split_at(text.len() - without_mark(text).len())
}
