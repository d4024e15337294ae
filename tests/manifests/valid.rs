//! What valid manifests mean: the values that a plan would send.

use serde_json::{Value, json};

use super::table::text_of;
use crate::cli::harness::Project;

/// The fields that creating this would set, by address and path.
fn fields(project: &Project) -> Value {
    let plan = project.run("plan --format json").success().json();
    let mut all = serde_json::Map::new();
    for change in plan["changes"].as_array().expect("changes") {
        for field in change["fields"].as_array().expect("fields") {
            let address = change["address"].as_str().expect("an address");
            let path = field["path"].as_str().expect("a path");
            all.insert(format!("{address} {path}"), field["after"].clone());
        }
    }
    Value::Object(all)
}

fn fields_of(text: &str) -> Value {
    fields(&Project::local().file("it.yaml", text))
}

#[test]
fn texts_stay_as_they_were_written() {
    let all = fields_of(&text_of(
        "Api",
        "title: 1.10\nkind: rest\nsummary: 007\ndescription: yes\ncontacts: [{name: 2024-01-01, email: null}]\n\
         versions: [{name: 1-0-0, title: 1.0, lifecycleStage: design, definitions: \
         [{name: 010, title: ~x, specification: {name: openapi, version: 3.10}}]}]",
    ));
    for (path, value) in [
        ("api/it-is title", "1.10"),
        ("api/it-is summary", "007"),
        ("api/it-is description", "yes"),
        ("api/it-is/version/1-0-0 title", "1.0"),
        ("api/it-is/version/1-0-0/definition/010 title", "~x"),
        (
            "api/it-is/version/1-0-0/definition/010 specification.version",
            "3.10",
        ),
    ] {
        assert_eq!(all[path], value, "{path}: {all:#}");
    }
    assert_eq!(all["api/it-is contacts"], json!([{"name": "2024-01-01"}]));
}

#[test]
fn custom_properties_are_read_as_their_schemas_ask() {
    let schema = |name: &str, schema: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: {name}}}\nspec: {{schema: {schema}, assignedTo: [{{entity: api}}]}}\n---\n"
        )
    };
    let text = [
        schema("a-text", "{type: string}"),
        schema("a-number", "{type: number}"),
        schema("a-flag", "{type: boolean}"),
        schema("a-list", "{type: array, items: {type: string}}"),
        schema(
            "an-object",
            "{type: object, properties: {text: {type: string}, count: {type: integer}}}",
        ),
        text_of(
            "Api",
            "title: T\nkind: rest\ncustomProperties:\n  a-text: 1.10\n  a-number: 1.10\n  a-flag: true\n  \
             a-list: [1, yes, 0x1F]\n  an-object: {text: 3.0, count: 3}",
        ),
    ];
    let all = fields_of(&text.concat());
    let property = |name: &str| all[format!("api/it-is customProperties.{name}")].clone();
    assert_eq!(property("a-text"), "1.10", "{all:#}");
    assert_eq!(property("a-number"), json!(1.1));
    assert_eq!(property("a-flag"), json!(true));
    assert_eq!(property("a-list"), json!(["1", "yes", "0x1F"]));
    assert_eq!(property("an-object.text"), "3.0");
    assert_eq!(property("an-object.count"), json!(3));
}

#[test]
fn the_specification_is_read_from_the_document() {
    let definition = |name: &str, file: &str| {
        format!("\n  - {{name: {name}, title: D, source: {{file: {file}}}}}")
    };
    let files = [
        (
            "a.yaml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n",
            "openapi",
            json!("3.1.0"),
        ),
        (
            "b.json",
            "{\"swagger\": \"2.0\", \"info\": {\"title\": \"T\"}}",
            "openapi",
            json!("2.0"),
        ),
        (
            "c.yaml",
            "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\n",
            "asyncapi",
            json!("2.6.0"),
        ),
        (
            "d.graphql",
            "type Query { a: Int }\n",
            "graphql",
            Value::Null,
        ),
        (
            "e.proto",
            "syntax = \"proto3\";\nmessage M {}\n",
            "grpc",
            json!("proto3"),
        ),
    ];
    let project = Project::local();
    let mut list = String::new();
    for (file, text, ..) in &files {
        list += &definition(&format!("def-{}", &file[..1]), file);
        project.write(file, text);
    }
    let versions = format!(
        "title: T\nkind: rest\nversions:\n- name: 1-0-0\n  title: v\n  lifecycleStage: design\n  definitions:{list}"
    );
    project.write("it.yaml", text_of("Api", &versions));
    let all = fields(&project);
    for (file, _, name, version) in &files {
        let path = format!("api/it-is/version/1-0-0/definition/def-{}", &file[..1]);
        assert_eq!(all[format!("{path} specification.name")], *name, "{all:#}");
        assert_eq!(
            all[format!("{path} specification.version")],
            *version,
            "{file}"
        );
        let digest = all[format!("{path} source")]
            .as_str()
            .expect("a digest")
            .to_owned();
        assert!(digest.starts_with("sha256:"), "{digest}");
    }
}

#[test]
fn choices_are_sent_in_the_form_of_the_portal() {
    let all = fields_of(&text_of(
        "MetadataSchema",
        "schema: {type: string, enum: [a, b]}\nassignedTo: [{entity: environment}, {entity: api, required: false}]",
    ));
    assert_eq!(
        all["metadata-schema/it-is schema.oneOf"],
        json!([{"const": "a", "description": ""}, {"const": "b", "description": ""}]),
        "{all:#}"
    );
    assert_eq!(
        all["metadata-schema/it-is assignedTo"],
        json!([{"entity": "api"}, {"entity": "environment"}])
    );
}

#[test]
fn anchors_and_merge_keys_are_what_they_stand_for() {
    let all = fields_of(&text_of(
        "Api",
        "title: T\nkind: rest\ndeployments:\n- &base\n  name: dep-a\n  title: A\n  description: shared\n- <<: *base\n  name: dep-b",
    ));
    assert_eq!(all["api/it-is/deployment/dep-b title"], "A", "{all:#}");
    assert_eq!(all["api/it-is/deployment/dep-b description"], "shared");
}

#[test]
fn variables_are_replaced_in_every_value() {
    let spec = "targets: {local: {emulator: {}, variables: {stage: prod, count: \"7\"}}}";
    let text = text_of(
        "Api",
        "title: ${stage}-${stage} $${stage} $5\nkind: rest\nversions: [{name: \"${count}-0-0\", title: \"v${count}\", lifecycleStage: design}]",
    );
    let all = fields(&Project::with_spec(spec).file("it.yaml", &text));
    assert_eq!(all["api/it-is title"], "prod-prod ${stage} $5", "{all:#}");
    assert_eq!(all["api/it-is/version/7-0-0 title"], "v7");
}

#[test]
fn the_order_of_lists_that_are_sets_and_of_keys_means_nothing() {
    let id = |text: &str| {
        let project = Project::local().file("it.yaml", text);
        let plan = project.run("plan --format json").success().json();
        plan["planId"].clone()
    };
    let one = id(&text_of("Api", "title: T\nkind: rest\nsummary: S"));
    assert_eq!(one, id(&text_of("Api", "summary: S\nkind: rest\ntitle: T")));
    assert_ne!(one, id(&text_of("Api", "summary: S\nkind: soap\ntitle: T")));
}
