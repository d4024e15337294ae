//! GraphQL schemas, as far as their tokens go.

use super::brackets::Brackets;
use super::description::{Description, DocumentError, Format};

pub(super) const DEFINITIONS: [&str; 13] = [
    "schema",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "directive",
    "extend",
    "query",
    "mutation",
    "subscription",
    "fragment",
];

/// Whether a text starts like a schema.
pub(super) fn claims(text: &str) -> bool {
    let mut tokens = Tokens { text, at: 0 }
        .filter_map(Result::ok)
        .filter(|token| token.kind != Kind::Text)
        .map(|token| token.text);
    let (first, second, third) = (tokens.next(), tokens.next(), tokens.next());
    match first {
        Some("schema") => matches!(second, Some("{" | "@")),
        Some("directive") => second == Some("@"),
        Some("extend") => second.is_some_and(|word| DEFINITIONS[..7].contains(&word)),
        Some("scalar") => third.is_none_or(|word| word == "@" || DEFINITIONS.contains(&word)),
        Some("union") => matches!(third, Some("=" | "@")),
        Some("type" | "interface" | "enum" | "input") => {
            matches!(third, Some("{" | "@" | "implements"))
        }
        _ => false,
    }
}

/// Checks that the text falls into tokens, that its brackets match and that it starts a definition.
pub(super) fn describe(text: &str) -> Result<Description, DocumentError> {
    if text.trim_start().starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok()
    {
        return super::structured::describe_json(text, true);
    }
    let mut brackets = Brackets::default();
    let mut first = true;
    for token in (Tokens { text, at: 0 }) {
        let token = token?;
        if token.kind == Kind::Text {
            continue;
        }
        if first && token.text != "{" && !DEFINITIONS.contains(&token.text) {
            let message = "a GraphQL schema starts with a definition such as `type`";
            return Err(DocumentError::at(
                message,
                token.at..token.at + token.text.len(),
            ));
        }
        first = false;
        if let Some(sign) = token
            .text
            .chars()
            .next()
            .filter(|_| token.kind == Kind::Sign)
        {
            brackets.take(sign, token.at)?;
        }
    }
    brackets.end()?;
    if first {
        return Err(DocumentError::at("no GraphQL definition", 0..text.len()));
    }
    Ok(Description::new("graphql", None, Format::Text))
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Sign,
    Text,
}

pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    at: usize,
}

pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

/// The tokens of a text; the last one is an error if it does not fall into tokens.
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Result<Token<'a>, DocumentError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.at..)?;
            let skipped = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            self.at += rest.len() - skipped.len();
            if !skipped.starts_with('#') {
                break;
            }
            self.at += skipped.find(['\n', '\r']).unwrap_or(skipped.len());
        }
        let rest = &self.text[self.at..];
        let at = self.at;
        let token = token(rest, at);
        // After an error, nothing more can be told apart.
        self.at = match &token {
            Some(Ok(token)) => at + token.text.len(),
            _ => self.text.len() + 1,
        };
        token
    }
}

fn token(rest: &str, at: usize) -> Option<Result<Token<'_>, DocumentError>> {
    let first = rest.chars().next()?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '+');
    let (kind, length) = match first {
        '"' => (Kind::Text, quoted(rest)),
        '!' | '$' | '&' | '(' | ')' | ':' | '=' | '@' | '[' | ']' | '{' | '|' | '}' => {
            (Kind::Sign, Some(1))
        }
        c if is_word(c) => (Kind::Word, rest.find(|c| !is_word(c)).or(Some(rest.len()))),
        c => {
            let message = format!("`{c}` cannot stand in a GraphQL schema");
            return Some(Err(DocumentError::at(message, at..at + c.len_utf8())));
        }
    };
    Some(match length {
        Some(length) => Ok(Token {
            kind,
            text: &rest[..length],
            at,
        }),
        None => Err(DocumentError::at(
            "a quoted text is never closed",
            at..at + 1,
        )),
    })
}

/// The length of a quoted text: `"…"` on one line, or `"""…"""`.
fn quoted(rest: &str) -> Option<usize> {
    if let Some(block) = rest.strip_prefix("\"\"\"") {
        let mut from = 0;
        loop {
            let end = from + block[from..].find("\"\"\"")?;
            if !block[..end].ends_with('\\') {
                return Some(end + 6);
            }
            from = end + 3;
        }
    }
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            '\n' | '\r' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_told_from_prose() {
        for text in [
            "type Query { a: Int }",
            "\"\"\"Doc \\\"\"\" more\"\"\"\ntype Q @x { a: Int }",
            "extend type Q { a: Int }",
            "directive @a on FIELD",
            "scalar Date",
            "scalar Date\ntype Q { a: Int }",
            "union U = A | B",
            "interface I implements J { a: Int }",
        ] {
            assert!(claims(text), "{text}");
            describe(text).unwrap();
        }
        for text in [
            "",
            "type of text { a }",
            "scalar products are",
            "query me",
            "enum",
            "\"type\" Q {",
        ] {
            assert!(!claims(text), "{text}");
        }
    }
}
