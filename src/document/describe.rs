//! What a text describes.

use super::description::{Description, DocumentError, Format};
use super::reading::Reading;
use super::{graphql, proto, structured, xml};

/// Finds out what a text describes, from its content and, where that leaves a choice, its file name.
///
/// A text of no known format is `other`.
///
/// # Errors
///
/// A text that claims a format, by its file name or its first words, and is not well-formed in it.
pub fn describe(name_hint: Option<&str>, text: &str) -> Result<Description, DocumentError> {
    of_reading(name_hint, &Reading::new(text))
}

/// What a text describes that may have been read already.
pub(super) fn of_reading(
    name_hint: Option<&str>,
    reading: &Reading<'_>,
) -> Result<Description, DocumentError> {
    let mark = reading.mark();
    by_name(&name_hint.map(name_ending).unwrap_or_default(), reading).map_err(|error| {
        let place = error
            .place
            .map(|place| place.start + mark..place.end + mark);
        DocumentError { place, ..error }
    })
}

/// What follows the last dot of a file's name, in lower case: all of a name that counts.
#[must_use]
pub fn name_ending(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, suffix)) => suffix.to_ascii_lowercase(),
        None => String::new(),
    }
}

fn by_name(suffix: &str, reading: &Reading<'_>) -> Result<Description, DocumentError> {
    let text = reading.text;
    match suffix {
        "json" => structured::describe_json(reading, true),
        "yaml" | "yml" if !structured::is_raml(text) && !reading.starts_json() => {
            structured::describe_yaml(reading, false)
        }
        "raml" => structured::describe_raml(reading),
        "graphql" | "graphqls" | "gql" => graphql::describe(text),
        "proto" => proto::describe(text),
        "wsdl" | "wadl" | "xml" | "xsd" => xml::describe(text, suffix),
        "md" | "markdown" => Ok(markdown(text)),
        "txt" | "rst" | "adoc" | "html" | "htm" => Ok(Description::other(Format::Text)),
        _ => by_content(reading),
    }
}

fn by_content(reading: &Reading<'_>) -> Result<Description, DocumentError> {
    let text = reading.text;
    if structured::is_raml(text) {
        structured::describe_raml(reading)
    } else if reading.starts_json() {
        structured::describe_json(reading, false)
    } else if text.trim_start().starts_with('<') {
        xml::describe(text, "")
    } else if structured::claims_description(text) {
        structured::describe_yaml(reading, true)
    } else if proto::claims(text) {
        proto::describe(text)
    } else if graphql::claims(text) {
        graphql::describe(text)
    } else {
        Ok(Description::other(Format::Text))
    }
}

fn markdown(text: &str) -> Description {
    let title = text.lines().find_map(|line| line.strip_prefix("# "));
    Description::other(Format::Text)
        .titled(title.map(|title| title.trim_end_matches('#').to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;

    use super::*;

    fn described(name: &str, text: &str) -> (String, Option<String>, Option<String>, Format) {
        let hint = (!name.is_empty()).then_some(name);
        let it = describe(hint, text).unwrap_or_else(|error| panic!("{name} {text:?}: {error}"));
        (
            it.specification.name,
            it.specification.version,
            it.title,
            it.format,
        )
    }

    const SOAP: &str = "http://schemas.xmlsoap.org/wsdl/";

    #[test]
    fn formats_are_told_from_content() {
        let wsdl = format!(
            "<?xml version='1.0'?>\n<wsdl:definitions name='Shop' xmlns:wsdl='{SOAP}'><wsdl:types/></wsdl:definitions>"
        );
        for (text, name, version, title, format) in [
            (
                "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\n",
                "openapi",
                Some("3.0.3"),
                Some("Orders"),
                Format::Yaml,
            ),
            (
                "# c\ninfo:\n  title: Orders\nopenapi: 3.1\n",
                "openapi",
                Some("3.1"),
                Some("Orders"),
                Format::Yaml,
            ),
            (
                "---\n\"swagger\": \"2.0\"\ninfo: {}\n",
                "openapi",
                Some("2.0"),
                None,
                Format::Yaml,
            ),
            (
                "swagger: 2.0\r\ninfo:\r\n  title: A\r\n",
                "openapi",
                Some("2.0"),
                Some("A"),
                Format::Yaml,
            ),
            (
                r#"{"openapi":"3.0.1","info":{"title":"T"}}"#,
                "openapi",
                Some("3.0.1"),
                Some("T"),
                Format::Json,
            ),
            (
                "\u{feff} {\"swagger\":\"2.0\",\"info\":{}}",
                "openapi",
                Some("2.0"),
                None,
                Format::Json,
            ),
            (
                "asyncapi: 2.6.0\ninfo: {title: E}\n",
                "asyncapi",
                Some("2.6.0"),
                Some("E"),
                Format::Yaml,
            ),
            (
                "asyncapi: '3.0.0'\ninfo: {title: E}\n",
                "asyncapi",
                Some("3.0.0"),
                Some("E"),
                Format::Yaml,
            ),
            (
                "{openapi: 3.0.0, info: {title: Flow}}",
                "openapi",
                Some("3.0.0"),
                Some("Flow"),
                Format::Yaml,
            ),
            (
                "#%RAML 1.0\ntitle: R\n/users:\n  get: !include x.raml\n",
                "raml",
                Some("1.0"),
                Some("R"),
                Format::Yaml,
            ),
            (&wsdl, "wsdl", Some("1.1"), Some("Shop"), Format::Xml),
            (
                "<description xmlns=\"http://www.w3.org/ns/wsdl\"/>",
                "wsdl",
                Some("2.0"),
                None,
                Format::Xml,
            ),
            (
                "<application xmlns=\"http://wadl.dev.java.net/2009/02\"><doc title=\"W\"/></application>",
                "wadl",
                None,
                Some("W"),
                Format::Xml,
            ),
            (
                "# c\n\"\"\"Root\"\"\"\ntype Query { a(x: Int = 1): [String!]! }\n",
                "graphql",
                None,
                None,
                Format::Text,
            ),
            ("schema { query: Q }\n", "graphql", None, None, Format::Text),
            (
                r#"{"data":{"__schema":{"types":[]}}}"#,
                "graphql",
                None,
                None,
                Format::Json,
            ),
            (
                "// c\nsyntax = \"proto3\";\npackage a;\nmessage M { string s = 1; }\n",
                "grpc",
                Some("proto3"),
                None,
                Format::Text,
            ),
            (
                "# Title\n\nSome *text*.\n",
                "other",
                None,
                None,
                Format::Text,
            ),
            ("type of thing: none\n", "other", None, None, Format::Text),
            ("<p>Hello</p> <b>world", "other", None, None, Format::Text),
            ("<a><b/></a>", "other", None, None, Format::Xml),
            ("{}", "other", None, None, Format::Json),
            ("{not json", "other", None, None, Format::Text),
            ("", "other", None, None, Format::Text),
        ] {
            assert_eq!(
                described("", text),
                (
                    name.to_owned(),
                    version.map(str::to_owned),
                    title.map(str::to_owned),
                    format
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn names_decide_where_content_does_not() {
        assert_eq!(described("a/B.PROTO", "message M {}").0, "grpc");
        assert_eq!(described("x.graphql", "query Q { a }").0, "graphql");
        assert_eq!(described("x.yaml", "a: 1").3, Format::Yaml);
        assert_eq!(described("x.yaml", "a: [").0, "other");
        assert_eq!(
            described("x.yaml", "{\"openapi\": \"3.0.0\", \"info\": {}}").3,
            Format::Json
        );
        assert_eq!(
            described("x.md", "# The API #\n\n```yaml\nopenapi: 3.0.0\n```\n")
                .2
                .as_deref(),
            Some("The API")
        );
        assert_eq!(
            described("", "Use it so:\n```\nopenapi: [\n```\n").0,
            "other"
        );
        assert_eq!(
            described("x.wsdl", "<definitions/>").1.as_deref(),
            Some("1.1")
        );
    }

    #[test]
    fn broken_documents_are_refused_with_their_place() {
        for (name, text, message, place) in [
            ("x.json", "{\"a\": tru}", "not well-formed JSON", ""),
            ("", "{\"openapi\": \"3.0.0\",", "not well-formed JSON", ""),
            (
                "",
                "openapi: 3.0.0\ninfo: a: b\n",
                "not well-formed YAML",
                ":",
            ),
            (
                "x.yaml",
                "openapi: 3.0.0\npaths: {}\n",
                "needs `info`",
                "openapi",
            ),
            (
                "",
                "{\"openapi\": \"3.0.0\"}",
                "needs `info`",
                "\"openapi\"",
            ),
            ("", "openapi: three\ninfo: {}\n", "version", "openapi"),
            (
                "",
                "openapi: 3.0.0\ninfo: {}\n---\na: 1\n",
                "more than one",
                "",
            ),
            ("x.graphql", "type Query { a: Int", "end of the text", ""),
            (
                "x.graphql",
                "type Query { a: \"Int }",
                "unterminated",
                "\"Int }",
            ),
            ("", "type Query { a: Int) }", "expected `}`", ")"),
            ("x.graphql", "hello world", "definition", "hello"),
            (
                "x.proto",
                "syntax = \"proto3\";\nmessage M {",
                "reached end of file",
                "{",
            ),
            ("x.proto", "hello world", "`message`", "hello"),
            ("x.wsdl", "<definitions><a></definitions>", "`</a>`", ""),
            ("x.wsdl", "<html/>", "not WSDL", "html"),
            ("x.wadl", "<a", "not closed", ""),
            ("x.raml", "title: x\n", "#%RAML", ""),
            ("", "#%RAML 1.0\ntitle: [\n", "not well-formed YAML", ""),
            (
                "x.wsdl",
                "\u{feff}\u{feff}<definitions/>",
                "byte order mark",
                "\u{feff}",
            ),
            (
                "x.xml",
                "\u{feff}\u{feff}\u{feff}<a/>",
                "byte order mark",
                "\u{feff}",
            ),
            ("\u{feff}", "", "", ""),
        ] {
            if text.is_empty() {
                continue;
            }
            for mark in ["", "\u{feff}"] {
                let text = format!("{mark}{text}");
                let hint = (!name.is_empty()).then_some(name);
                let error = describe(hint, &text).expect_err(&text);
                assert!(error.message.contains(message), "{text}: {error}");
                let found = &text[error.place.clone().unwrap()];
                if !place.is_empty() {
                    assert_eq!(found, place, "{text}: {error}");
                }
            }
        }
    }

    #[test]
    fn every_count_of_byte_order_marks_has_an_outcome() {
        for (text, names) in [
            ("<definitions/>", ["x.wsdl", "x.xml", "x"]),
            ("{\"openapi\": \"3.0.3\"}", ["x.json", "x.yaml", "x"]),
            ("openapi: 3.0.3\n", ["x.yml", "x.raml", "x"]),
            ("syntax = \"proto3\";", ["x.proto", "x.graphql", "x"]),
        ] {
            for (name, marks) in names
                .into_iter()
                .flat_map(|name| [(name, 1), (name, 2), (name, 3)])
            {
                let text = format!("{}{text}", "\u{feff}".repeat(marks));
                let place = describe(Some(name), &text)
                    .err()
                    .and_then(|error| error.place);
                let place = place.unwrap_or_default();
                assert!(
                    text.get(place.clone()).is_some(),
                    "{name} {marks}: {place:?}"
                );
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(1000)
    })]

        #[test]
        fn any_text_is_answered(
            name in prop::sample::select(vec!["", "a.json", "a.yaml", "a.wsdl", "a.graphql", "a.proto", "a.raml", "a.md"]),
            start in prop::sample::select(vec!["", "openapi: 3.0.0\n", "{\"openapi\":", "<?xml?>", "<definitions ", "type Q {", "syntax = \"", "#%RAML 1.0\n"]),
            text in r#"[-a:,\[\]{}<>/?!=&;#"'\\*@ \r\n\u{feff}é]{0,30}"#,
        ) {
            let text = format!("{start}{text}");
            let hint = (!name.is_empty()).then_some(name);
            if let Err(error) = describe(hint, &text)
                && let Some(place) = error.place
            {
                prop_assert!(text.get(place.clone()).is_some(), "{:?} {:?}", text, place);
            }
        }
    }
}
