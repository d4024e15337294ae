//! Texts that are not well-formed: what is reported, and where.

use super::*;

#[test]
fn syntax_errors_have_a_place_and_plain_words() {
    for (text, message, place) in [
        ("a: b: c\n", "a `:` is not allowed here", ":"),
        ("a: @x\n", "`@` cannot start a value", "@"),
        ("a: [1, 2\n", "`[` is never closed", ""),
        ("a: [}\n", "`[` is closed by `}`", ""),
        ("a:\n\t- 1\n", "a tab cannot be used for indentation", ""),
        ("- a\nb: 1\n", "expected a list item here", "b"),
        ("key: value\nkey2\n", "a key without its `:`", "k"),
        ("x: - 1\n", "a list item cannot start here", "-"),
        (
            "a: 'it's'\n",
            "unexpected text after the closing quote",
            "s",
        ),
        (
            "a: \"\\q\"\n",
            "an escape after `\\` that YAML does not have",
            "\"",
        ),
        (
            "a: \"x\nb: 1\n",
            "a quoted text goes on in a line that is not indented",
            "b",
        ),
        ("a: }\n", "a closing bracket without an opening one", "}"),
        ("a: {b: 1\n", "`{` is never closed", ""),
    ] {
        let read = read(text);
        let diagnostic = read.only();
        assert_eq!(diagnostic.code, code::YAML_SYNTAX, "{text:?}");
        assert_eq!(diagnostic.message, message, "{text:?}");
        if !place.is_empty() {
            assert_eq!(read.primary(diagnostic), place, "{text:?}");
        }
        assert!(read.documents.is_empty());
    }
}

#[test]
fn a_tab_is_reported_where_it_is() {
    for text in [
        "a:\n\tb: 1\n\tc: 2\n",
        "a:\n  b: T\n\tc: 2\n",
        "a:\n  b: T\n  \tc: 2\n",
        "a:\n  b: T\n \tc: 2\n",
        "a:\n  b: T\r\n\r\n\tc: 2\r\n",
        "a:\n  - b: T\n\t  c: 2\n",
        "a:\n  b: long\n     \ttext\n\tc: 2\n",
        "a: \"T\"\nb: |\n  T\n\tc\n",
        "a: >\n\tT\n",
        "a:\n- b\n\t- c\n",
    ] {
        let read = read(text);
        let diagnostic = read.only();
        assert_eq!(
            diagnostic.message, "a tab cannot be used for indentation",
            "{text:?}"
        );
        let span = diagnostic.primary.as_ref().expect("a place").span;
        let lines: Vec<&str> = text.split('\n').collect();
        let position = read.sources.get(span.source).position(span.start);
        let expected = if text.contains("long") {
            4
        } else {
            lines
                .iter()
                .position(|line| line.contains('\t'))
                .expect("a tab")
                + 1
        };
        assert_eq!(read.primary(diagnostic), "\t", "{text:?}");
        assert_eq!(position.line, expected, "{text:?}");
    }
}
