//! Every text has a result, and what is written reads back.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::*;

#[test]
fn odd_inputs_are_answered() {
    let odd = [
        "\u{feff}a: 1\nb: 2\n",
        "\u{feff}\u{feff}a: 1",
        "\0",
        "a: \0",
        "---",
        "...",
        "--- ---",
        "%YAML 1.1\n---\na: 1",
        "%YAML 9.9\n---\na: 1",
        "%",
        "%TAG ! x\n",
        "&a",
        "*a",
        "&a &b c",
        "&a *a",
        "!",
        "!!",
        "!<",
        "!<>",
        "|",
        ">",
        "|9",
        "? ",
        ": ",
        "?",
        ":",
        "-",
        "- - -",
        "- ? :",
        "[,]",
        "{,}",
        "[}",
        "{]",
        "{a}",
        "[a: b: c]",
        "'",
        "\"",
        "\"\\",
        "\"\\u",
        "\"\\ud800\"",
        "\t",
        "a:\tb",
        "a: \t\n\tb: c",
        "\r",
        "a: 1\rb: 2",
        "a\u{85}b",
        "a\u{2028}b: 1",
        "<<",
        "<<:",
        "<<: <<",
        "{<<}",
        "a: |\n\n\n",
        "a: >\n   x\n y\n",
        "# c",
        "#",
        "a #b",
        "a: #b",
        "--- #",
        "a: 'x' y",
        "- a\n - b",
        "a: 1\n  b: 2\n c: 3",
        "{ a: 1, a: 2 }",
        "? a\n? b\n",
        "*a : *b",
        "=: 1",
        "@",
        "`",
        "a: *b*",
        "a: &",
        "é: ü\n- x",
        "😀: [😀",
        "? é: 1",
        "? é: 1\n: 2\nd: e",
        "- ? é: 1\n  : 2\n  d: e",
        "--- >\n😀\n...\n...\n",
    ];
    for text in odd {
        check(text);
    }
    assert_eq!(value("\u{feff}a: 1\nb: 2\n"), json!({"a": 1, "b": 2}));
    assert_eq!(self::read("\u{feff}a: 1\n").text("a"), "1");
}

/// What holds for every text: it ends, spans are within it and children within their parents.
fn check(text: &str) {
    let read = read(text);
    let fits = |span: crate::model::Span| {
        assert!(
            text.get(span.start..span.end).is_some(),
            "{text:?} {span:?}"
        );
    };
    for diagnostic in &read.diagnostics {
        fits(diagnostic.primary.as_ref().unwrap().span);
        diagnostic.related.iter().for_each(|label| fits(label.span));
    }
    for document in &read.documents {
        if let Some(root) = &document.root {
            walk(root, &fits);
            let _ = root.to_json();
        }
    }
}

fn walk(node: &Node, fits: &impl Fn(crate::model::Span)) {
    fits(node.span);
    fits(node.first_span());
    for item in node.items().unwrap_or_default() {
        walk(item, fits);
    }
    for entry in node.entries().unwrap_or_default() {
        fits(entry.key.span);
        walk(&entry.value, fits);
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~\n\t]{0,20}",
        2 => ".{0,12}",
        1 => "[ \n\t\r:#'\"|>-]{0,8}",
        1 => "[-+0-9._:eExoTZ]{1,8}",
        1 => prop::sample::select(vec![
            "no", "yes", "y", "1.10", "2024-01-01", "=", "<<", "~", "null", "0x1f", "12:30:45", "---", "...", "- ", "? ", "", "\n\n", "a\n\n", "\u{85}", "\u{2028}", "\u{feff}",
        ]).prop_map(str::to_owned),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((texts(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(2000)
    })]

    #[test]
    fn any_text_is_answered(text in ".{0,60}") {
        check(&text);
    }

    #[test]
    fn any_text_of_yaml_signs_is_answered(text in r#"[-a:,?\[\]{}#&*!|>'"%@`<~1. \t\r\n\u{feff}é]{0,60}"#) {
        check(&text);
    }

    #[test]
    fn what_is_emitted_reads_back_the_same(value in values()) {
        let yaml = emit(&value);
        let read = read(&yaml);
        prop_assert!(read.diagnostics.is_empty(), "{}\n{:#?}", yaml, read.diagnostics);
        prop_assert_eq!(read.documents.len(), 1, "{}", yaml);
        let back = read.documents[0].root.as_ref().map_or(Value::Null, |root| root.to_json());
        prop_assert_eq!(back, value, "{}", yaml);
    }
}
