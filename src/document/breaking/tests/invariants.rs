use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Map, Value, json};

use super::{Impact, breaking, found};

/// A schema up to a depth.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!({"type": "string", "enum": ["a", "b"]})),
        Just(json!({"type": ["integer", "null"], "format": "int32", "maximum": 9})),
        Just(json!({"$ref": "#/components/schemas/S"})),
        Just(json!({"$ref": "elsewhere.json"})),
        Just(json!(true)),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let properties = prop::collection::btree_map("[a-c]", inner.clone(), 0..4);
        let required = prop::collection::btree_set("[a-c]", 0..3);
        prop_oneof![
            (properties, required).prop_map(|(properties, required)| {
                json!({"type": "object", "properties": properties, "required": required})
            }),
            inner
                .clone()
                .prop_map(|items| json!({"type": "array", "items": items})),
            prop::collection::vec(inner.clone(), 1..3).prop_map(|all| json!({"allOf": all})),
            prop::collection::vec(inner, 1..3).prop_map(|all| json!({"oneOf": all})),
        ]
    })
}

fn document(taken: &Value, returned: &Value, shared: &Value) -> Value {
    json!({
        "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://x"}],
        "security": [{"key": []}],
        "paths": {"/a/{id}": {"post": {
            "parameters": [{"in": "query", "name": "q", "schema": taken}],
            "requestBody": {"content": {"application/json": {"schema": taken}}},
            "responses": {"200": {"content": {"application/json": {"schema": returned}}}}
        }}},
        "components": {"schemas": {"S": shared}}
    })
}

/// Adds what nobody has to know: paths, parameters, properties, responses.
fn widen(value: &mut Value) {
    let operation = json!({"get": {"responses": {"200": {}}}});
    value["paths"]["/new"] = operation.clone();
    let old = &mut value["paths"]["/a/{id}"];
    old["get"] = operation["get"].clone();
    let parameters = old["post"]["parameters"].as_array_mut().unwrap();
    parameters.push(json!({"in": "query", "name": "more"}));
    old["post"]["responses"]["202"] = json!({});
    old["post"]["security"] = json!([{"key": []}, {}]);
    add_properties(value);
}

fn add_properties(value: &mut Value) {
    if let Some(properties) = value.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("more".to_owned(), json!({"type": "string"}));
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(add_properties),
        Value::Array(items) => items.iter_mut().for_each(add_properties),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_document_breaks_nothing_of_itself(a in schema(), b in schema(), c in schema()) {
        let text = document(&a, &b, &c).to_string();
        prop_assert_eq!(found(&text, &text), [""; 0]);
        let yaml = crate::yaml::emit(&document(&a, &b, &c));
        prop_assert_eq!(found(&text, &yaml), [""; 0]);
    }

    #[test]
    fn what_is_added_and_optional_breaks_nothing(a in schema(), b in schema(), c in schema()) {
        let before = document(&a, &b, &c);
        let mut after = before.clone();
        widen(&mut after);
        let mut found = found(&before.to_string(), &after.to_string());
        // What is in another file, and alternatives that overlap, cannot always be compared.
        found.retain(|line| !line.starts_with("caution: "));
        prop_assert_eq!(found, [""; 0]);
    }

    #[test]
    fn equal_texts_give_equal_findings(a in schema(), b in schema(), c in schema(), d in schema()) {
        let before = document(&a, &b, &c).to_string();
        let after = document(&d, &a, &b).to_string();
        prop_assert_eq!(breaking(&before, &after), breaking(&before, &after));
    }

    #[test]
    fn no_text_is_too_strange(before in "\\PC{0,60}", after in "[a-z{}()\\[\\]:=@|&!<>\"' \n]{0,60}") {
        for (one, other) in [(&before, &after), (&after, &before)] {
            for start in ["", "type A {", "syntax = \"proto3\"; message M {", "openapi: 3.0.0\n", "<"] {
                let found = breaking(&format!("{start}{one}"), &format!("{start}{other}"));
                prop_assert!(found.len() <= 1000);
            }
        }
    }
}

#[test]
fn other_formats_of_the_same_text_lead_to_no_claim() {
    for text in [
        "",
        "# Prose\n",
        "{}",
        "[]",
        "a: 1",
        "openapi: 3.0.0",
        "#%RAML 1.0\ntitle: T\n",
    ] {
        assert_eq!(
            found(text, "openapi: 3.0.0\npaths: {/a: {get: {}}}\n"),
            [""; 0],
            "{text}"
        );
        assert_eq!(found(text, text), [""; 0], "{text}");
    }
}

#[test]
fn places_are_whole_and_on_one_line() {
    let path = format!("/{}\n`x`", "a".repeat(500));
    let mut paths = Map::new();
    paths.insert(path, json!({"get": {}}));
    let before = json!({"openapi": "3.0.0", "info": {}, "paths": paths});
    let after = json!({"openapi": "3.0.0", "info": {}, "paths": {}});
    let found = breaking(&before.to_string(), &after.to_string());
    assert_eq!(found.len(), 1);
    assert!(
        found[0].place.chars().count() == 505 && !found[0].place.contains('\n'),
        "{found:?}"
    );
}

/// Descriptions made to take long, or to go deep.
#[test]
fn hostile_descriptions_end_soon() {
    let document = |schemas: Map<String, Value>| {
        json!({"openapi": "3.0.0", "info": {}, "components": {"schemas": schemas}, "paths": {"/a": {"get": {
            "responses": {"200": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/0"}}}}}}}}})
        .to_string()
    };
    let refer = |n: usize| json!({"$ref": format!("#/components/schemas/{n}")});
    let many = |make: &dyn Fn(usize) -> Value| -> String {
        document((0..2000).map(|n| (n.to_string(), make(n))).collect())
    };
    let doubling = many(&|n| json!({"allOf": [refer(n + 1), refer(n + 1)]}));
    let alternatives = many(
        &|n| json!({"properties": {"x": {"oneOf": [refer(n + 1), refer(n + 2)]}, "y": refer(n + 1)}}),
    );
    let chain = many(&|n| json!({"properties": {"x": refer(n + 1)}}));
    let cycle = many(&|_| refer(0));
    for (one, other) in [
        (&doubling, &chain),
        (&alternatives, &alternatives),
        (&chain, &chain),
        (&cycle, &chain),
    ] {
        for found in breaking(one, other).into_iter().chain(breaking(other, one)) {
            assert_eq!(found.impact, Impact::Caution, "{found:?}");
        }
    }
    let mut paths = String::new();
    for n in 0..5000 {
        let _ = writeln!(paths, "  /p{n}: {{get: {{}}}}");
    }
    let start = "openapi: 3.0.0\ninfo: {}\npaths:\n";
    let found = breaking(&format!("{start}{paths}"), &format!("{start}  /x: {{}}\n"));
    assert_eq!(found.len(), 1000);
    let braces = "{".repeat(200_000);
    for (one, other) in [
        (
            format!("syntax = \"proto3\"; message M {braces}"),
            "syntax = \"proto3\";",
        ),
        (format!("type A {braces}"), "type A { a: Int }"),
        ("<a>".repeat(100_000), "<a/>"),
    ] {
        assert_eq!(breaking(&one, other), []);
        assert_eq!(breaking(other, &one), []);
    }
}
