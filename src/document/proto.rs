//! Protocol buffer files, parsed by protox-parse.

use std::borrow::Cow;
use std::sync::LazyLock;

use prost_types::FileDescriptorProto;
use regex::{Captures, Regex};

use super::description::{Description, DocumentError, Format};
use super::edition;

/// `syntax = "…"` or `edition = "…"` at the start of a file, behind comments.
static SYNTAX: LazyLock<Regex> = LazyLock::new(|| {
    let comments = r"(?:\s|//[^\n]*(?:\n|$)|/\*(?s:.*?)\*/)*";
    let statement = r#"(?<statement>(?<word>syntax|edition)\s*=\s*["'](?<value>[^"'\n]+)["'])"#;
    Regex::new(&format!("^{comments}{statement}")).expect("the pattern is a constant")
});

/// Whether a text starts with `syntax = "…"` or `edition = "…"`.
pub(super) fn claims(text: &str) -> bool {
    SYNTAX.is_match(text)
}

/// The version is what the file states: `proto3`, `proto2` or an edition's year.
pub(super) fn describe(text: &str) -> Result<Description, DocumentError> {
    let stated = SYNTAX.captures(text);
    let version = stated.as_ref().map(|stated| stated["value"].to_owned());
    match parse(text) {
        // What else is wrong may be a construct of the edition, which the parser does not know.
        Err(error) if states_edition(stated.as_ref()) && error.place.is_some() => {}
        Err(error) => return Err(at_end(error, text)),
        Ok(_) => {}
    }
    Ok(Description::new("grpc", version, Format::Text))
}

/// Parses a file without resolving its imports. An edition is read as `proto3`, its nearest relative;
/// a label that is a feature there stays one (`features.field_presence`).
///
/// # Errors
///
/// The first error; its place is `None` where the text ends too early.
pub(super) fn parse(text: &str) -> Result<FileDescriptorProto, DocumentError> {
    let edition = SYNTAX
        .captures(text)
        .filter(|stated| states_edition(Some(stated)));
    let read = match edition.and_then(|stated| stated.name("statement")) {
        Some(it) => {
            let (comments, rest) = (&text[..it.start()], edition::as_proto3(&text[it.end()..]));
            Cow::Owned(format!("{comments}syntax = \"proto3\"{rest}"))
        }
        None => Cow::Borrowed(text),
    };
    protox_parse::parse("description.proto", &read).map_err(|error| {
        let message = error.to_string().replace('\'', "`");
        match error.span() {
            Some(place) => DocumentError::of_parser(&message, text, place),
            None => DocumentError {
                place: None,
                ..DocumentError::of_parser(&message, text, 0..0)
            },
        }
    })
}

/// Whether a file states an edition instead of a syntax.
pub(super) fn is_edition(text: &str) -> bool {
    states_edition(SYNTAX.captures(text).as_ref())
}

/// What a file states at its start: its syntax or its edition.
pub(super) fn stated(text: &str) -> Option<(String, String)> {
    let stated = SYNTAX.captures(text)?;
    Some((stated["word"].to_owned(), stated["value"].to_owned()))
}

fn states_edition(stated: Option<&Captures<'_>>) -> bool {
    stated.is_some_and(|stated| &stated["word"] == "edition")
}

/// Gives an error at the end of the text the last character as its place.
fn at_end(error: DocumentError, text: &str) -> DocumentError {
    let body = text.trim_end();
    let start = body
        .char_indices()
        .next_back()
        .map_or(0, |(start, _)| start);
    DocumentError {
        place: error.place.or(Some(start..body.len())),
        ..error
    }
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
            "edition = \"2023\"; message M {",
        ] {
            let error = describe(text).unwrap_err();
            assert!(error.place.is_some(), "{text}: {error}");
        }
    }

    #[test]
    fn the_syntax_of_editions_is_read() {
        for body in [
            "option features.field_presence = IMPLICIT;",
            "message M { string a = 1 [features.field_presence = IMPLICIT]; }",
            "message M { string a = 1 [features = { field_presence: LEGACY_REQUIRED }]; }",
            "message M { repeated int32 a = 1; reserved foo, bar; }",
            "message M { int32 a = 1 [default = 7, deprecated = true]; }",
            "message M { M m = 1 [features.message_encoding = DELIMITED]; }",
            "message M { extensions 4 to 1000 [verification = DECLARATION]; }",
            "enum E { option features.enum_type = CLOSED; A = 1; reserved B; }",
            "import option \"a.proto\"; export message M { local enum E { A = 0; } }",
        ] {
            let text = format!("edition = \"2024\"; {body}");
            describe(&text).unwrap();
            assert!(parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_later_edition_may_hold_what_the_parser_does_not_know() {
        let text = "edition = \"2099\"; record R { string a = 1; }";
        describe(text).unwrap();
        assert!(parse(text).is_err());
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = |open: &str, close: &str| {
            format!(
                "syntax = \"proto3\"; {}{}",
                open.repeat(50_000),
                close.repeat(50_000)
            )
        };
        let error = describe(&deep("message M {", "}")).unwrap_err();
        assert_eq!(
            error.message,
            "reached maximum recursion limit for nested messages"
        );
        describe(&deep("/*", "")).unwrap_err();
        describe(&format!(
            "syntax = \"proto3\"; option (a) = {}{};",
            "{a ".repeat(50_000),
            "}".repeat(50_000)
        ))
        .unwrap();
        let error = describe(&format!("syntax = \"proto3\"; {}", "x".repeat(100_000))).unwrap_err();
        assert!(error.message.chars().count() <= 200, "{error}");
    }
}
