//! What a text becomes: trees, places and problems.

use super::*;

#[test]
fn spans_cover_exactly_what_was_written() {
    let text = "# top\ntitle: Ørder  # c\nlist:\n  - plain\n  - 'quo''ted'\n  - name: x\n    kind: {a: [1, 2 ], b: }\nempty:\ntext: |\n  one\n\n  two\n\n\nfold: &f !!str >- # why | not\n\n  a\n  b\nmulti: a\n  b\nlast: -1\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        let read = read(&text);
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        let lines = |s: &str| s.replace("\r\n", "\n");
        assert_eq!(read.text("title"), "Ørder");
        assert_eq!(
            lines(read.text("list")),
            "plain\n  - 'quo''ted'\n  - name: x\n    kind: {a: [1, 2 ], b: }"
        );
        assert_eq!(read.text("list/1"), "'quo''ted'");
        assert_eq!(
            lines(read.text("list/2")),
            "name: x\n    kind: {a: [1, 2 ], b: }"
        );
        assert_eq!(read.text("list/2/kind"), "{a: [1, 2 ], b: }");
        assert_eq!(read.text("list/2/kind/a"), "[1, 2 ]");
        assert_eq!(read.text("list/2/kind/a/1"), "2");
        assert_eq!(read.text("empty"), "");
        assert_eq!(
            read.at("empty").span.start,
            text.find("empty:").unwrap() + 6
        );
        assert_eq!(lines(read.text("text")), "|\n  one\n\n  two");
        assert_eq!(lines(read.text("fold")), ">- # why | not\n\n  a\n  b");
        assert_eq!(lines(read.text("multi")), "a\n  b");
        assert_eq!(read.text("last"), "-1");
        assert!(lines(read.sources.text(read.root().span)).starts_with("title: Ørder"));
        assert!(read.sources.text(read.root().span).ends_with("last: -1"));
        for entry in read.root().entries().unwrap() {
            assert_eq!(read.sources.text(entry.key.span), entry.key.text);
        }
        assert_eq!(read.at("text").scalar_text(), Some("one\n\ntwo\n"));
        assert_eq!(read.at("fold").scalar_text(), Some("\na b"));
        assert_eq!(read.at("multi").scalar_text(), Some("a b"));
    }
}

#[test]
fn block_texts_start_at_their_indicator_and_end_at_their_last_line() {
    let read = read("- |\n  a\n\n- >+\n\n- - |2-\n     a\n- |   # nothing\n- x\n");
    for (path, text) in [
        ("0", "|\n  a"),
        ("1", ">+"),
        ("2/0", "|2-\n     a"),
        ("3", "|"),
        ("4", "x"),
    ] {
        assert_eq!(read.text(path), text, "{path}");
    }
    let read = self::read("--- |\n a\n--- >\n b\n");
    for (document, text) in read.documents.iter().zip(["|\n a", ">\n b"]) {
        assert_eq!(
            read.sources.text(document.root.as_ref().unwrap().span),
            text
        );
    }
}

#[test]
fn first_spans_are_short() {
    let read = read("a:\n  b: 1\n  c: 2\nl:\n  - x: 1\n    y: 2\ne: {}\nf: [ ]\ns: text\n");
    let first = |path| read.sources.text(read.at(path).first_span());
    assert_eq!(first("a"), "b");
    assert_eq!(first("l"), "x");
    assert_eq!(first("e"), "{");
    assert_eq!(first("f"), "[");
    assert_eq!(first("s"), "text");
}

#[test]
fn documents_are_separate_and_may_be_empty() {
    let read = read("a: 1\n---\n---\n# nothing\n---\nb: 2\n...\n--- ~\n");
    assert!(read.diagnostics.is_empty());
    let roots: Vec<_> = read
        .documents
        .iter()
        .map(|document| document.root.as_ref().map(|root| root.to_json()))
        .collect();
    assert_eq!(
        roots,
        [
            Some(json!({"a": 1})),
            None,
            None,
            Some(json!({"b": 2})),
            Some(Value::Null)
        ]
    );
    for empty in ["", "\n", "# only a comment\n", "\u{feff}"] {
        let read = self::read(empty);
        assert!(read.diagnostics.is_empty(), "{empty:?}");
        assert!(read.documents.iter().all(|d| d.root.is_none()), "{empty:?}");
    }
}

#[test]
fn every_broken_document_is_reported_and_the_sound_ones_are_kept() {
    let read = read("a: [1, 2\nb: 3\n---\nok: 1\n---\nc: 'x\n---\nalso: 2\n---\nd: e: f\n");
    let messages: Vec<_> = read
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "a `:` is not allowed here",
            "a quoted text goes on in a line that is not indented",
            "a `:` is not allowed here"
        ]
    );
    assert!(read.diagnostics.iter().all(|d| d.code == code::YAML_SYNTAX));
    let first = read.diagnostics.iter().next().unwrap();
    assert_eq!(read.sources.text(first.related[0].span), "[");
    let kept: Vec<_> = read
        .documents
        .iter()
        .map(|document| document.root.as_ref().unwrap().to_json())
        .collect();
    assert_eq!(kept, [json!({"ok": 1}), json!({"also": 2})]);
}

#[test]
fn keys_that_stand_twice_are_all_reported_with_both_places() {
    let read = read("a: 1\nb: {x: 1, 'x': 2}\na: 2\n\"a\": 3\n");
    let found: Vec<_> = read
        .diagnostics
        .iter()
        .map(|d| {
            assert_eq!(d.code, code::YAML_DUPLICATE_KEY);
            (
                d.primary.as_ref().unwrap().span.start,
                d.related[0].span.start,
            )
        })
        .collect();
    assert_eq!(found, [(15, 9), (23, 0), (28, 0)]);
    assert_eq!(read.root().to_json(), json!({"a": 1, "b": {"x": 1}}));

    let many: String = (0..40).map(|i| format!("k{}: {i}\n", i % 39)).collect();
    let read = self::read(&many);
    assert!(read.only().message.contains("`k0`"));
    assert_eq!(read.root().entries().unwrap().len(), 39);
}

#[test]
fn aliases_share_their_node() {
    let read = read("a: &x {k: [1]}\nb: *x\nc: [*x, *x]\n&n name: 1\nd: *n\n*n : 2\n");
    let a = read.root().get("a").unwrap();
    assert!(std::sync::Arc::ptr_eq(a, read.root().get("b").unwrap()));
    assert!(std::sync::Arc::ptr_eq(a, &read.at("c").items().unwrap()[1]));
    assert_eq!(read.at("d").to_json(), json!("name"));
    assert_eq!(read.only().code, code::YAML_DUPLICATE_KEY);
    assert_eq!(read.text("c"), "[*x, *x]");
}

#[test]
fn aliases_to_nothing_and_to_themselves_are_reported() {
    let read = read("a: *nope\nb: &b [1, *b]\nc: 1\n");
    let found: Vec<_> = read
        .diagnostics
        .iter()
        .map(|d| (d.code.clone(), read.primary(d)))
        .collect();
    assert_eq!(
        found,
        [(code::YAML_ALIAS, "*nope"), (code::YAML_ALIAS, "*b")]
    );
    assert_eq!(
        read.root().to_json(),
        json!({"a": null, "b": [1, null], "c": 1})
    );
    // Anchors end with their document.
    let read = self::read("a: &x 1\n---\nb: *x\n");
    assert_eq!(read.only().message, "`*x` stands for nothing");
}

#[test]
fn expansion_bombs_are_refused_at_the_alias() {
    let mut laughs = "a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n".to_owned();
    for i in 1..10 {
        let previous = vec![format!("*a{}", i - 1); 10].join(",");
        laughs += &format!("a{i}: &a{i} [{previous}]\n");
    }
    let read = read(&laughs);
    assert_eq!(read.only().code, code::YAML_ALIAS);
    assert!(read.primary(read.only()).starts_with("*a"));
    assert!(read.documents.is_empty());

    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(100_000),
        "*a,".repeat(100_000)
    );
    assert_eq!(self::read(&long).only().code, code::YAML_ALIAS);

    let keys: String = (0..2000).map(|i| format!("  k{i}: 1\n")).collect();
    let merges = format!("a: &a\n{keys}b:\n{}", "  - {<<: *a}\n".repeat(20_000));
    assert_eq!(self::read(&merges).only().code, code::YAML_ALIAS);
}

#[test]
fn deep_nesting_is_refused_however_it_is_written() {
    let deep = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
    assert_eq!(
        self::read(&deep(100))
            .diagnostics
            .count(crate::model::Severity::Error),
        0
    );
    let chain: String = (1..300)
        .map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1))
        .collect();
    for text in [
        deep(101),
        "[".repeat(20_000),
        "{a: ".repeat(20_000),
        "- ".repeat(20_000),
        (0..300).map(|i| format!("{}a:\n", " ".repeat(i))).collect(),
        format!("a0: &a0 [1]\n{chain}"),
    ] {
        let read = read(&text);
        assert!(!read.diagnostics.is_empty());
        assert!(
            read.diagnostics.iter().all(|d| d.code == code::YAML_DEPTH),
            "{:?}",
            read.diagnostics.iter().next()
        );
    }
    let read = read(&format!("{}\n---\nok: 1\n", deep(150)));
    assert_eq!(read.only().code, code::YAML_DEPTH);
    assert_eq!(read.root().to_json(), json!({"ok": 1}));
}

#[test]
fn merge_keys_add_what_is_not_there() {
    let base = "base: &base {a: 1, b: 2}\nmore: &more {b: 3, c: 4}\n";
    let merged = |yaml: &str| {
        let read = read(&format!("{base}{yaml}"));
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        read.at("x").to_json()
    };
    assert_eq!(merged("x: {<<: *base, b: 9}"), json!({"b": 9, "a": 1}));
    assert_eq!(merged("x: {b: 9, <<: *base}"), json!({"b": 9, "a": 1}));
    assert_eq!(
        merged("x:\n  <<: [*base, *more]\n  d: 5"),
        json!({"d": 5, "a": 1, "b": 2, "c": 4})
    );
    assert_eq!(
        merged("x: {<<: {<<: *base, c: 1}}"),
        json!({"c": 1, "a": 1, "b": 2})
    );
    assert_eq!(merged("x: {'<<': *base}"), json!({"<<": {"a": 1, "b": 2}}));
    assert_eq!(merged("x: {<<: []}"), json!({}));

    let read = read(&format!(
        "{base}x: {{<<: [*base, 1]}}\ny: {{<<: 1}}\nz: {{<<: *base, <<: *more}}\n"
    ));
    let codes: Vec<_> = read.diagnostics.iter().map(|d| d.code.clone()).collect();
    assert_eq!(
        codes,
        [
            code::YAML_SYNTAX,
            code::YAML_SYNTAX,
            code::YAML_DUPLICATE_KEY
        ]
    );
    assert_eq!(read.at("x").to_json(), json!({"a": 1, "b": 2}));
}

#[test]
fn tags_are_honoured_and_unknown_ones_refused() {
    assert_eq!(
        value(
            "[!!str 1, !!int '2', !!float 3, !!bool 'true', !!null '', ! 4, !<tag:yaml.org,2002:str> 5, !!str ]"
        ),
        json!(["1", 2, 3.0, true, null, "4", "5", ""])
    );
    assert_eq!(value("!!map {a: !!seq [1]}"), json!({"a": [1]}));
    for (text, place) in [
        ("a: !Ref x", "!Ref"),
        ("a: !!int x", "!!int"),
        ("a: !include {b: 1}", "!include"),
        ("a: !!seq {b: 1}", "!!seq"),
        ("a: !!binary aGk=", "!!binary"),
    ] {
        let read = read(text);
        assert_eq!(read.only().code, code::YAML_SYNTAX, "{text}");
        assert_eq!(read.primary(read.only()), place);
        assert_eq!(read.documents.len(), 1);
    }
    assert!(read("a: 1.10").at("a").scalar().unwrap().plain);
    assert!(!read("a: '1.10'").at("a").scalar().unwrap().plain);
    assert!(!read("a: !!str 1.10").at("a").scalar().unwrap().plain);
}

#[test]
fn keys_are_texts() {
    assert_eq!(
        value("1: a\ntrue: b\n~: c\n? d\n: e\n'': f\n"),
        json!({"1": "a", "true": "b", "~": "c", "d": "e", "": "f"})
    );
    for text in ["? [a]\n: 1\n", "a: {{ b }}\n", "x: &x [1]\n*x : 2\n"] {
        let read = read(text);
        assert_eq!(read.only().message, "a key must be a text", "{text}");
    }
}

#[test]
fn nothing_is_null_and_so_are_its_words() {
    let read = read("a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: nil\n");
    let nulls: Vec<_> = ["a", "b", "c", "d", "e", "f"]
        .into_iter()
        .filter(|key| read.at(key).is_null())
        .collect();
    assert_eq!(nulls, ["a", "b", "c"]);
    assert_eq!(read.at("a").scalar_text(), Some(""));
}
