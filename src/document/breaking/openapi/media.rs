//! Media types, and which ranges match which types.

use std::collections::BTreeMap;

/// How the content for a media type was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// By its name, or where none is stated.
    Exact,
    /// A range includes it.
    Range,
    /// It is a range, of which this is a part.
    Part,
}

/// What is returned, or taken, where a media type is asked for.
pub(super) fn content_for<'c, T>(
    contents: &'c BTreeMap<String, T>,
    media: &str,
) -> Option<(&'c T, Found)> {
    if let Some(exact) = contents.get(media).or_else(|| contents.get("")) {
        return Some((exact, Found::Exact));
    }
    if media.is_empty() {
        return contents
            .values()
            .next()
            .map(|content| (content, Found::Exact));
    }
    let essence = media.split(';').next().unwrap_or_default();
    let main = media.split('/').next().unwrap_or_default();
    let range = contents
        .get(essence)
        .or_else(|| contents.get(&format!("{main}/*")))
        .or_else(|| contents.get("*/*"));
    if let Some(range) = range {
        return Some((range, Found::Range));
    }
    let is_part = |name: &str| match media.strip_suffix('*') {
        Some("*/") => true,
        Some(start) => name.starts_with(start),
        None => false,
    };
    let part = contents.iter().find(|(name, _)| is_part(name));
    part.map(|(_, content)| (content, Found::Part))
}

/// Whether the parts of a body of this media type are written as text.
pub(super) fn is_form(media: &str) -> bool {
    media.starts_with("application/x-www-form-urlencoded") || media.starts_with("multipart/")
}
