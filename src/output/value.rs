//! Which values of a plan are better shown as a difference of lines.

use serde_json::Value;

use crate::document::look_alike;

/// Longest value that is shown on one line, in characters.
const LONGEST: usize = 60;

/// Whether a text is the digest of a document.
pub(super) fn is_digest(text: &str) -> bool {
    text.len() == 71 && text.starts_with("sha256:")
}

/// Texts that are better shown as a difference of lines: those of several lines, and all values that
/// look the same although they differ.
pub(super) fn long_texts(
    before: Option<&Value>,
    after: Option<&Value>,
) -> Option<(String, String)> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let (is_text, before, after) = match (before?, after?) {
        (Value::String(before), Value::String(after)) => (true, before.clone(), after.clone()),
        (before, after) => (false, text(before), text(after)),
    };
    let is_long = |text: &str| text.contains(['\n', '\r']) || text.chars().count() > LONGEST;
    let is_better = is_text && (is_long(&before) || is_long(&after)) || look_alike(&before, &after);
    is_better.then_some((before, after))
}
