//! Which values of a plan are better shown as a difference of lines.

use serde_json::Value;

use crate::document::look_alike;

/// Whether a text is the digest of a document.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 71 && text.starts_with("sha256:")
}

/// The texts of values that are better shown as a difference of lines: those of several lines or with more than so
/// many characters, and all values that look the same although they differ.
pub(super) fn texts_by_line(
    before: Option<&Value>,
    after: Option<&Value>,
    longest: usize,
) -> Option<(String, String)> {
    let text = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.unwrap_or_else(|| value.to_string())
    };
    let (before, after) = (before?, after?);
    let are_texts = before.is_string() && after.is_string();
    let (before, after) = (text(before), text(after));
    let is_long = |text: &str| text.contains(['\n', '\r']) || text.chars().count() > longest;
    let is_better =
        are_texts && (is_long(&before) || is_long(&after)) || look_alike(&before, &after);
    is_better.then_some((before, after))
}
