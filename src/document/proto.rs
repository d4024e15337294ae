//! Protocol buffer files, as far as their tokens go.

use super::brackets::Brackets;
use super::description::{Description, DocumentError, Format};

const STATEMENTS: [&str; 9] = [
    "syntax", "edition", "package", "import", "option", "message", "enum", "service", "extend",
];

/// Whether a text starts with `syntax = "…"` or `edition = "…"`.
pub(super) fn claims(text: &str) -> bool {
    statement(text).is_some()
}

/// Checks that quotes, comments and brackets match and that the file starts with a statement.
///
/// The version is what the file states: `proto3`, `proto2` or an edition's year.
pub(super) fn describe(text: &str) -> Result<Description, DocumentError> {
    let mut brackets = Brackets::default();
    let mut at = 0;
    let mut first = true;
    while let Some((start, length)) = token(text, at)? {
        let token = &text[start..start + length];
        if first && !STATEMENTS.contains(&token) {
            let message = "a proto file starts with a definition such as `syntax` or `message`";
            return Err(DocumentError::at(message, start..start + length));
        }
        first = false;
        if let Some(sign) = token.chars().next() {
            brackets.take(sign, start)?;
        }
        at = start + length;
    }
    brackets.end()?;
    let version = statement(text).map(str::to_owned);
    Ok(Description::new("grpc", version, Format::Text))
}

/// What `syntax` or `edition` is set to, if the file starts with that.
fn statement(text: &str) -> Option<&str> {
    let mut at = 0;
    let mut next = || {
        let (start, length) = token(text, at).ok().flatten()?;
        at = start + length;
        text.get(start..at)
    };
    let (word, sign, value) = (next()?, next()?, next()?);
    let quoted = value.starts_with(['"', '\'']) && value.len() > 2;
    (matches!(word, "syntax" | "edition") && sign == "=" && quoted)
        .then(|| &value[1..value.len() - 1])
}

/// The offset and length of the next token: a word, a quoted text, or one sign.
pub(super) fn token(text: &str, from: usize) -> Result<Option<(usize, usize)>, DocumentError> {
    let mut at = from;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/");
            let unclosed = || DocumentError::at("a comment is never closed", at..at + 2);
            at += 4 + end.ok_or_else(unclosed)?;
        } else {
            break;
        }
    }
    let rest = &text[at..];
    let Some(first) = rest.chars().next() else {
        return Ok(None);
    };
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let length = if matches!(first, '"' | '\'') {
        quoted(rest, first)
            .ok_or_else(|| DocumentError::at("a quoted text is never closed", at..at + 1))?
    } else if is_word(first) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    Ok(Some((at, length)))
}

fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_what_the_file_states() {
        let version = |text| describe(text).unwrap().specification.version;
        assert_eq!(
            version("/* c */ syntax = 'proto2';"),
            Some("proto2".to_owned())
        );
        assert_eq!(
            version("edition = \"2023\";\nmessage M {}"),
            Some("2023".to_owned())
        );
        assert_eq!(
            version("package a.b; // }\nservice S { rpc A (B) returns (C); }"),
            None
        );
    }

    #[test]
    fn comments_quotes_and_brackets_must_close() {
        for text in [
            "/* c",
            "option a = \"x",
            "message M { /* } */",
            "message M }",
            "message M (]",
        ] {
            assert!(describe(text).is_err(), "{text}");
        }
    }
}
