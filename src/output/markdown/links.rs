//! Where a browser shows resources and places.

use crate::model::{Span, url_path};
use crate::output::review::Review;

/// The line of a place in its file at the commit.
pub(super) fn line_of_file(review: &Review<'_>, place: Span) -> Option<String> {
    let template = review.origin.file.as_deref()?;
    let (file, start) = review.sources.locate(place);
    let path = url_path(file);
    let address = template.replace("{path}", &path);
    Some(address.replace("{line}", &start.line.to_string()))
}

/// A link. The text is Markdown already.
pub(super) fn link(text: String, url: Option<String>) -> String {
    match url {
        None => text,
        Some(url) => format!("[{text}]({})", destination(&url)),
    }
}

/// An address that ends where it should and means nothing to Markdown.
fn destination(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '(' | ')' | '<' | '>' | '|' | '`' | '"' | '\'' | '\\' | '*' | '[' | ']' | '{' | '}' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_end_early() {
        let url = "https://x/a(b)|c `d` <e>".to_owned();
        assert_eq!(
            link("t".to_owned(), Some(url)),
            "[t](https://x/a%28b%29%7Cc%20%60d%60%20%3Ce%3E)"
        );
        assert_eq!(link("t".to_owned(), None), "t");
    }
}
