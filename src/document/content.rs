//! The text without what editors and systems add to it.

use std::borrow::Cow;

use crate::model::without_mark;

/// One byte order mark dropped, every line end a line feed, none at the end.
pub(super) fn normalised(text: &str) -> Cow<'_, str> {
    let text = without_mark(text);
    if !text.contains('\r') {
        return Cow::Borrowed(text.trim_end_matches('\n'));
    }
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.truncate(text.trim_end_matches('\n').len());
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_one_mark_do_not_count() {
        for text in [
            "a\nb",
            "a\nb\n\n",
            "a\r\nb\r\n",
            "a\rb",
            "\u{feff}a\nb\r\n\r",
        ] {
            assert_eq!(normalised(text), "a\nb", "{text:?}");
        }
        assert_eq!(normalised("\u{feff}\u{feff}a "), "\u{feff}a ");
        assert_eq!(normalised("\n"), "");
    }
}
