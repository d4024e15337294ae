//! Loading what was exported gives the live state back, whatever it holds.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::service::{
    Service, api, assert_comes_back, definition, deployment, environment, examples, metadata,
    options, service, version,
};
use crate::export::export;

/// Texts that YAML, variables or the loader could take for something else.
const ODD: &[&str] = &[
    "no",
    "1.10",
    "~",
    "null",
    "true",
    "0x1f",
    "2024-01-01",
    "12:30:45",
    "1e3",
    "-",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "<<",
    "=",
    "",
    " ",
    "  leading",
    "trailing  ",
    "\ttab",
    "a\tb",
    "line\n",
    "line\n\n\n",
    "\nfirst empty",
    "a\n\nb",
    "a\n  b\n c",
    "  a\nb",
    "a\n   \nb",
    "a  \nb\t\n",
    "a\r\nb\r\n",
    "a\rb",
    "a\u{85}b\nc",
    "a\u{2028}b\nc",
    "\u{feff}a",
    "a\u{feff}\nb",
    "nul\0byte",
    "\u{7}bell\nand line",
    "ünïcödé ✓ 😀",
    "${x}",
    "$${x}",
    "$$${",
    "${",
    "a ${stage}-b",
    "$",
    "{{ x }}",
    "[a, b]",
    "{a: b}",
    "'",
    "\"",
    "\\n",
    "|",
    "> folded",
    "---",
    "---\na",
    "a\n---\nb",
    "a\n...\n",
    "%YAML",
    "@a",
    "`a`",
    "!tag",
    "&a",
    "*a",
    "? a",
    "apicenter/v1",
    "# Orders\n\n* one\n* two\n\n```yaml\na: |\n  b\n```\n\n    code\n\nThe *end*.\n",
];

#[test]
fn every_kind_comes_back() {
    let diagnostics = assert_comes_back(&examples());
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
}

#[test]
fn odd_texts_come_back() {
    for odd in ODD {
        assert_comes_back(&with_text(odd));
    }
}

#[test]
fn values_of_custom_properties_keep_their_type() {
    let values = [
        json!(1),
        json!(-7),
        json!(1.5),
        json!(1.0),
        json!(1e20),
        json!(1e300),
        json!(5e-324),
        json!(-0.0),
        json!(18_446_744_073_709_551_615_u64),
        json!(i64::MIN),
        json!(true),
        json!(false),
        json!("1"),
        json!("1.10"),
        json!("true"),
        json!("null"),
        json!(""),
        json!([1, "1", true, "true", null, [], {}]),
        json!({"a": {"no": "no", "1": 1}, "b": [1.5]}),
        json!({"x": [{"y": [[1], ["1"]]}]}),
        json!("2024-01-01"),
        json!({"~": "~", "": 1}),
    ];
    for value in values {
        let all = Service::default()
            .with(
                metadata("free"),
                json!({"schema": r#"{"description": "anything"}"#}),
            )
            .with(
                environment("prod"),
                json!({"title": "P", "kind": "production",
                    "customProperties": {"free": value, "undeclared": value}}),
            );
        assert_comes_back(&all);
    }
}

#[test]
fn custom_properties_are_read_as_their_schemas_ask() {
    let schema = |value: Value| json!({ "schema": value.to_string() });
    let all = Service::default()
        .with(metadata("text"), schema(json!({"type": "string"})))
        .with(metadata("number"), schema(json!({"type": "number"})))
        .with(metadata("flag"), schema(json!({"type": "boolean"})))
        .with(
            metadata("many"),
            schema(json!({"type": "array", "items": {"type": "string"}})),
        )
        .with(
            metadata("object"),
            schema(json!({"type": "object", "properties": {
                "text": {"type": "string"}, "number": {"type": "number"}}})),
        )
        .with(
            environment("prod"),
            json!({"title": "P", "kind": "production", "customProperties": {
                "text": "1.10", "number": 1.5, "flag": true, "many": ["1", "no", "~", ""],
                "object": {"text": "017", "number": 17}}}),
        );
    assert!(all.export().notes.is_empty());
    assert_comes_back(&all);
}

#[test]
fn metadata_schemas_come_back_in_either_form_of_choices() {
    for schema in [
        json!({"type": "string", "enum": ["no", "1.10", "a"]}),
        json!({"type": "string", "oneOf": [{"const": "a"}, {"const": "b", "description": "B"}]}),
        json!({"type": "string", "oneOf": [{"const": "a", "description": ""}]}),
        json!({"type": "array", "items": {"type": "string", "enum": ["x", "${y}"]}}),
        json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string", "enum": ["1"]}, "enum": {"type": "number"},
            "oneOf": {"type": "string", "pattern": "^\\d+${2}$"}}}),
        json!({"enum": [1, "1", null, true, [], {}]}),
        json!({"type": "string", "enum": ["a"], "oneOf": [{"const": "a"}]}),
        json!({"type": "string", "maxLength": 10, "default": "no", "examples": ["~", {"enum": []}]}),
        json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "number",
            "minimum": 0, "maximum": 1e3}),
    ] {
        let wire = json!({"schema": schema.to_string(), "assignedTo": [
            {"entity": "environment", "required": false, "deprecated": false},
            {"entity": "api", "required": true}]});
        assert_comes_back(&Service::default().with(metadata("choice"), wire));
    }
}

#[test]
fn a_service_comes_back() {
    assert_comes_back(&Service::default().with(
        service(),
        json!({"location": "West Europe", "sku": {"name": "Free"},
            "identity": {"type": "SystemAssigned, UserAssigned"},
            "tags": {"on": "no", "${x}": "${x}", "a b": ""}}),
    ));
}

#[test]
fn names_that_systems_and_notations_reserve_are_kept() {
    let mut all = Service::default();
    for name in ["con", "no", "1.0", "Api", "nul.txt"] {
        all = all
            .with(
                environment(name),
                json!({"title": "E", "kind": "production"}),
            )
            .with(api(name), json!({"title": "A", "kind": "rest"}));
        for inner in ["v1", "api.yaml", "1.10", "COM1"] {
            all = all
                .with(
                    version(name, inner),
                    json!({"title": "V", "lifecycleStage": "design"}),
                )
                .document(
                    definition(name, inner, inner),
                    json!({"name": "other"}),
                    inner,
                );
        }
    }
    assert_comes_back(&all);
}

#[test]
fn names_that_no_manifest_can_have_are_left_out_and_named() {
    for name in ["a b", "é", "É", "..", "${x}", "~", "a/../b", "a/b"] {
        let body = || json!({"title": "E", "kind": "production"});
        let kept = || Service::default().with(environment("kept"), body());
        let export = kept().with(environment(name), body()).export();
        assert_eq!(export.files, kept().export().files, "{name}");
        assert!(
            export.notes.iter().any(|note| note.contains(name)),
            "{name}: {:?}",
            export.notes
        );
    }
}

#[test]
fn an_api_that_no_manifest_can_name_is_left_out_with_its_versions() {
    for name in ["a/../b", "~", "a b"] {
        let whole = |name: &str| {
            Service::default()
                .with(api(name), json!({"title": "A", "kind": "rest"}))
                .with(
                    version(name, "v1"),
                    json!({"title": "V", "lifecycleStage": "design"}),
                )
                .document(
                    definition(name, "v1", "openapi"),
                    json!({"name": "openapi"}),
                    "openapi: 3.0.0",
                )
        };
        let export = whole(name).export();
        assert_eq!(export.files, Service::default().export().files, "{name}");
        let notes = export.notes.concat();
        assert!(
            notes.contains(&format!("api/{name}: left out")),
            "{name}: {notes}"
        );

        // The API stays without a version of such a name.
        let kept = || Service::default().with(api("a"), json!({"title": "A", "kind": "rest"}));
        let export = kept()
            .with(
                version("a", name),
                json!({"title": "V", "lifecycleStage": "design"}),
            )
            .document(
                definition("a", name, "openapi"),
                json!({"name": "openapi"}),
                "openapi: 3.0.0",
            )
            .export();
        assert_eq!(export.files, kept().export().files, "{name}");
        assert!(
            export.notes.concat().contains("left out"),
            "{name}: {:?}",
            export.notes
        );
    }
}

#[test]
fn same_input_same_bytes() {
    let all = examples();
    assert_eq!(all.export(), all.export());
    assert_eq!(all.export(), export(&examples().0, &options()));
}

/// A service whose every text is this one.
fn with_text(text: &str) -> Service {
    // A live definition never has an empty document, and none can be declared.
    let document = if text.is_empty() { "-" } else { text };
    Service::default()
        .with(
            service(),
            json!({"location": "westeurope", "tags": {text: text}}),
        )
        .with(
            metadata("free"),
            json!({"schema": json!({"title": text, "const": text,
                "oneOf": [{"const": text, "description": text}], text: {text: text}}).to_string()}),
        )
        .with(
            environment("prod"),
            json!({"title": text, "kind": text, "description": text,
                "server": {"type": text, "managementPortalUri": [text]},
                "onboarding": {"instructions": text},
                "customProperties": {"free": text, "list": [text, [text]], "map": {text: text}}}),
        )
        .with(
            api("orders"),
            json!({"title": text, "kind": text, "description": text,
                "termsOfService": {"url": text}, "license": {"name": text},
                "contacts": [{"name": text}, {"email": text}],
                "externalDocumentation": [{"url": text, "description": text}]}),
        )
        .with(
            version("orders", "1-0-0"),
            json!({"title": text, "lifecycleStage": text}),
        )
        .document(
            definition("orders", "1-0-0", "text"),
            json!({"name": "other"}),
            document,
        )
        .document(
            definition("orders", "1-0-0", "same"),
            json!({"name": "other", "version": text}),
            document,
        )
        .with(
            deployment("orders", "prod"),
            json!({"title": text, "description": text,
                "environmentId": "/workspaces/default/environments/prod",
                "definitionId":
                    "/workspaces/default/apis/orders/versions/1-0-0/definitions/text",
                "server": {"runtimeUri": [text, text]}}),
        )
}

/// Values as custom properties may hold them.
fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any_text(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        r#"[-a1 :#.,\[\]{}$&*!|>'"%@`?~=\\\t\r\n\u{85}\u{a0}\u{2028}\u{feff}é]{0,16}"#,
        prop::collection::vec(prop::sample::select(ODD), 1..4).prop_map(|parts| parts.join("\n")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn any_text_comes_back(text in any_text()) {
        assert_comes_back(&with_text(&text));
    }

    #[test]
    fn any_custom_property_comes_back(value in any_value(), name in "[a-z]{3,5}") {
        let all = Service::default().with(
            environment("prod"),
            json!({"title": "P", "kind": "production", "customProperties": {name: value}}),
        );
        assert_comes_back(&all);
    }
}
