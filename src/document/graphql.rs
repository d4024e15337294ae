//! GraphQL schemas and operations, parsed by apollo-parser.

use apollo_parser::cst::Document;
use apollo_parser::{Error, Lexer, Parser, TokenKind};

use super::description::{Description, DocumentError, Format};

/// Nesting of types, values and selections, at most: the parser recurses.
const MAX_DEPTH: usize = 64;

const TYPE_SYSTEM: [&str; 8] = [
    "schema",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "directive",
];

/// Whether a text starts like a schema.
pub(super) fn claims(text: &str) -> bool {
    let mut tokens = Lexer::new(text)
        .filter_map(Result::ok)
        .filter(|token| is_significant(token.kind()))
        .map(|token| token.data());
    let (first, second, third) = (tokens.next(), tokens.next(), tokens.next());
    match first {
        Some("schema") => matches!(second, Some("{" | "@")),
        Some("directive") => second == Some("@"),
        Some("extend") => second.is_some_and(|word| TYPE_SYSTEM[..7].contains(&word)),
        Some("scalar") => {
            third.is_none_or(|word| matches!(word, "@" | "extend") || TYPE_SYSTEM.contains(&word))
        }
        Some("union") => matches!(third, Some("=" | "@")),
        Some("type" | "interface" | "enum" | "input") => {
            matches!(third, Some("{" | "@" | "implements"))
        }
        _ => false,
    }
}

fn is_significant(kind: TokenKind) -> bool {
    use TokenKind as T;
    !matches!(
        kind,
        T::Whitespace | T::Comment | T::Comma | T::StringValue | T::Eof
    )
}

/// A GraphQL text, or the JSON response to an introspection query.
pub(super) fn describe(text: &str) -> Result<Description, DocumentError> {
    if text.trim_start().starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok()
    {
        return super::structured::describe_json(&super::reading::Reading::new(text), true);
    }
    parse(text)?;
    Ok(Description::new("graphql", None, Format::Text))
}

/// Parses a text; its first error if it is not well-formed.
pub(super) fn parse(text: &str) -> Result<Document, DocumentError> {
    let tree = Parser::new(text).recursion_limit(MAX_DEPTH).parse();
    match tree.errors().min_by_key(|error| error.index()) {
        Some(error) => Err(problem(text, error)),
        None => Ok(tree.document()),
    }
}

fn problem(text: &str, error: &Error) -> DocumentError {
    if error.is_limit() {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        return DocumentError::of_parser(&message, text, error.index()..error.index());
    }
    let message = match error.message() {
        "Unexpected <EOF>." => "no GraphQL definition".to_owned(),
        message => readable(message),
    };
    DocumentError::of_parser(
        &message,
        text,
        error.index()..error.index() + error.data().len(),
    )
}

/// The parser's message with signs instead of their names.
fn readable(message: &str) -> String {
    let mut message = message.replace("EOF", "the end of the text");
    for (name, sign) in [
        ("R_CURLY", "`}`"),
        ("L_CURLY", "`{`"),
        ("R_PAREN", "`)`"),
        ("L_PAREN", "`(`"),
        ("R_BRACK", "`]`"),
        ("L_BRACK", "`[`"),
    ] {
        message = message.replace(name, sign);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_differ_from_prose() {
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

    #[test]
    fn errors_name_what_was_expected_where() {
        for (text, message, place) in [
            (
                "type Q { a: Int",
                "expected `}`, got the end of the text",
                "",
            ),
            ("type Q { a: Int) }", "expected `}`, got )", ")"),
            (
                "type Q { a: \"Int }",
                "unterminated string value",
                "\"Int }",
            ),
            (
                "type Q { \u{e9}: Int }",
                "Unexpected character \"\u{e9}\"",
                "\u{e9}",
            ),
            ("# only a comment", "no GraphQL definition", ""),
        ] {
            let error = describe(text).unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert_eq!(&text[error.place.unwrap()], place, "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |open: &str, close: &str| (open.repeat(100_000), close.repeat(100_000));
        let (lists, ends) = deep("[", "]");
        let (objects, braces) = deep("{a:", "}");
        let (selections, stops) = deep("{a", "}");
        for text in [
            format!("type A {{ a: {lists}Int{ends} }}"),
            format!("type A {{ a(x: Int = {lists}1{ends}): Int }}"),
            format!("type A @d(x: {objects}1{braces}) {{ a: Int }}"),
            format!("query Q {selections}{stops}"),
        ] {
            let error = describe(&text).unwrap_err();
            assert_eq!(error.message, "nested more than 64 levels deep");
        }
        let (lists, ends) = ("[".repeat(50), "]".repeat(50));
        describe(&format!("type A {{ a: {lists}Int{ends} }}")).unwrap();
    }

    #[test]
    fn messages_stay_short() {
        let error = describe(&format!("type {}", "\"x\" ".repeat(10_000))).unwrap_err();
        assert!(error.message.chars().count() <= 200, "{error}");
    }
}
