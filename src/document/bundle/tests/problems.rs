//! What is wrong, and what is bounded.

use super::{HEAD, bundled, problems};
use crate::document::bundle::BundleProblemKind;

#[test]
fn what_leads_nowhere_is_found_where_it_is_written() {
    let main = format!(
        "{HEAD}paths:\n  /a: {{$ref: a.yaml}}\n  /b: {{$ref: missing.yaml}}\n  /c: {{$ref: ../../etc/passwd}}\n  /d: {{$ref: broken.yaml}}\n  /e: {{$ref: e.yaml}}\ncomponents:\n  schemas: {{S: {{type: string}}}}\n"
    );
    let files = [
        ("x/openapi.yaml", main.as_str()),
        (
            "x/a.yaml",
            "get: {responses: {'200': {$ref: 'a.yaml#/nothing'}, '400': {$ref: 'openapi.yaml#/components/responses/R'}}}\nput: {requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}\n",
        ),
        ("x/broken.yaml", "a: [\n"),
        ("x/e.yaml", "$ref: e.yaml\n"),
    ];
    assert_eq!(
        problems(&files),
        [
            r#"x/broken.yaml "[" Malformed { message: "not well-formed: `[` is never closed" }"#,
            r#"x/a.yaml "'a.yaml#/nothing'" Nothing { path: "x/a.yaml", fragment: "/nothing", known: ["get", "put"], is_in_main: false }"#,
            r#"x/a.yaml "'openapi.yaml#/components/responses/R'" Nothing { path: "x/openapi.yaml", fragment: "/components/responses/R", known: [], is_in_main: false }"#,
            r##"x/a.yaml "'#/components/schemas/S'" Nothing { path: "x/a.yaml", fragment: "/components/schemas/S", known: [], is_in_main: true }"##,
            r#"x/openapi.yaml "missing.yaml" File { path: "x/missing.yaml" }"#,
            r#"x/openapi.yaml "../../etc/passwd" Outside { reference: "../../etc/passwd" }"#,
            r#"x/e.yaml "e.yaml" Endless"#,
        ]
    );
}

#[test]
fn sizes_and_depths_are_bounded() {
    let main = format!("{HEAD}paths:\n  /a: {{$ref: p0.yaml}}\n");
    let mut files = vec![("openapi.yaml".to_owned(), main)];
    for i in 0..60 {
        let next = i + 1;
        let text = format!(
            "x: 1\nget: {{responses: {{}}, callbacks: {{a: {{u: {{$ref: p{next}.yaml}}, v: {{$ref: p{next}.yaml}}}}}}}}\n"
        );
        files.push((format!("p{i}.yaml"), text));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let kinds: Vec<BundleProblemKind> = bundled(&files)
        .problems
        .into_iter()
        .map(|problem| problem.kind)
        .collect();
    assert!(kinds.contains(&BundleProblemKind::TooDeep), "{kinds:?}");
}

#[test]
fn numbers_stay_as_they_are_written() {
    let main = "openapi: 3.0.3\ninfo: {title: T, version: 1.10}\npaths: {$ref: p.yaml}\n";
    let part = "/a: {x-n: [2.0, 1e3, 123456789012345678901.50, 0.1]}\n";
    let text = bundled(&[("openapi.yaml", main), ("p.yaml", part)])
        .text
        .unwrap();
    assert!(text.contains("version: 1.10\n"), "{text}");
    assert!(text.contains("123456789012345678901.50"), "{text}");
}

#[test]
fn what_is_wrong_on_the_way_is_what_is_reported() {
    let main = format!(
        "{HEAD}paths:\n  /a: {{$ref: 'c.yaml#/missing/x'}}\n  /b: {{$ref: 'c.yaml#/broken/x'}}\n  /c: {{$ref: 'c.yaml#/outside/x'}}\n  /d: {{$ref: 'c.yaml#/far/x'}}\n"
    );
    let common = "missing: {$ref: no.yaml}\nbroken: {$ref: broken.yaml}\noutside: {$ref: ../x.yaml}\nfar: {$ref: 'https://example.com/x.yaml'}\n";
    let files = [
        ("openapi.yaml", main.as_str()),
        ("c.yaml", common),
        ("broken.yaml", "a: [\n"),
    ];
    assert_eq!(
        problems(&files),
        [
            r#"broken.yaml "[" Malformed { message: "not well-formed: `[` is never closed" }"#,
            r#"openapi.yaml "'c.yaml#/missing/x'" File { path: "no.yaml" }"#,
            r#"openapi.yaml "'c.yaml#/outside/x'" Outside { reference: "../x.yaml" }"#,
            r#"openapi.yaml "'c.yaml#/far/x'" Nothing { path: "c.yaml", fragment: "/far/x", known: ["$ref"], is_in_main: false }"#,
        ]
    );
}

#[test]
fn only_an_address_of_the_document_makes_its_references_addresses() {
    let found = |head: &str, more: &str| {
        let text = format!("{head}\n{more}: {{a: {{$ref: no.yaml}}}}\n");
        bundled(&[("main.yaml", &text)]).problems.len()
    };
    let info = "info: {title: T, version: '1'}";
    let address = "https://example.com/main.yaml";
    for (head, more, expected) in [
        (
            "$schema: https://json-schema.org/draft/2020-12/schema".to_owned(),
            "$defs",
            1,
        ),
        (
            format!("$schema: https://json-schema.org/draft/2020-12/schema\n$id: {address}"),
            "$defs",
            0,
        ),
        (
            format!("$schema: http://json-schema.org/draft-04/schema#\nid: {address}"),
            "definitions",
            0,
        ),
        (
            format!("openapi: 3.2.0\n$self: {address}\n{info}"),
            "paths",
            0,
        ),
        (format!("openapi: 3.1.0\n{info}"), "paths", 1),
        (
            format!("asyncapi: 3.0.0\nid: {address}\n{info}"),
            "channels",
            1,
        ),
        (
            format!("asyncapi: 2.6.0\nid: {address}\n{info}"),
            "channels",
            1,
        ),
    ] {
        assert_eq!(found(&head, more), expected, "{head}");
    }
}
