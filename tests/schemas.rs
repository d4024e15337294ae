//! The published schemas: exactly what the code says, and what manifests and plans are held to.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use apicenter::model::{Diagnostics, Sources};
use apicenter::output::PlanJson;
use apicenter::{kinds, yaml};
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[expect(clippy::disallowed_methods, reason = "the files are the project's own")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// What the published schemas should be, by file name. Written first if asked for, so that every
/// test sees the same files.
static EXPECTED: LazyLock<[(&str, String); 2]> = LazyLock::new(|| {
    let expected = [
        ("apicenter.schema.json", printed_schema()),
        ("plan.schema.json", plan_schema()),
    ];
    if std::env::vars().any(|(key, value)| key == "UPDATE_SCHEMAS" && value == "1") {
        for (name, text) in &expected {
            std::fs::write(root().join("schemas").join(name), text).unwrap();
        }
    }
    expected
});

fn published_text(name: &str) -> String {
    LazyLock::force(&EXPECTED);
    read(&root().join("schemas").join(name))
}

fn published(name: &str) -> Value {
    serde_json::from_str(&published_text(name)).unwrap()
}

/// A validator for one of the published schemas.
pub(crate) fn validator(name: &str) -> Validator {
    jsonschema::draft202012::new(&published(name)).unwrap()
}

pub(crate) fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The schema of what `plan --format json` prints.
fn plan_schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<PlanJson>();
    let id = "https://apicenter.dev/schemas/plan.schema.json";
    schema.insert("$id".to_owned(), json!(id));
    schema.insert("title".to_owned(), json!("apicenter plan"));
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())
}

/// What `apicenter schema` prints.
fn printed_schema() -> String {
    let program = env!("CARGO_BIN_EXE_apicenter");
    let output = Command::new(program).arg("schema").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_published_schemas_are_what_the_code_says() {
    for (name, expected) in EXPECTED.iter() {
        assert!(
            published_text(name) == *expected,
            "schemas/{name} is not what the code says; write it anew with\n    \
             UPDATE_SCHEMAS=1 cargo test --test integration schemas::\nand read what changes"
        );
    }
}

#[test]
fn the_schemas_are_schemas() {
    for name in ["apicenter.schema.json", "plan.schema.json"] {
        let schema = published(name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let text = schema.to_string();
        assert!(
            !text.contains("\"x-"),
            "{name}: a keyword that nobody else knows"
        );
    }
}

/// Every YAML file below a folder.
fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The manifests of the example: its documents of our `apiVersion`.
fn example_manifests() -> Vec<(PathBuf, Value)> {
    let mut manifests = Vec::new();
    for path in yaml_files(&root().join("examples/contoso")) {
        let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
        let text = read(&path);
        let source = sources.add(path.display().to_string(), text.as_str());
        let documents = yaml::parse(source, &text, &mut diagnostics);
        for root in documents
            .iter()
            .filter_map(|document| document.root.as_ref())
        {
            let value = root.to_json();
            if value["apiVersion"] == "apicenter/v1" {
                manifests.push((path.clone(), value));
            }
        }
        assert!(diagnostics.is_empty(), "{}", path.display());
    }
    manifests
}

#[test]
fn every_manifest_of_the_example_is_valid() {
    let validator = validator("apicenter.schema.json");
    let manifests = example_manifests();
    let mut seen: Vec<&str> = Vec::new();
    for (path, manifest) in &manifests {
        // Overlays are partial: only what they become part of is whole.
        if path.components().any(|part| part.as_os_str() == "overlays") {
            continue;
        }
        let errors = errors(&validator, manifest);
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        seen.extend(manifest["kind"].as_str());
    }
    for kind in kinds::declarable().map(|kind| kind.info.name) {
        assert!(seen.contains(&kind), "the example declares no {kind}");
    }
    assert!(seen.contains(&"Project"));
}

#[test]
fn every_example_of_a_kind_is_valid() {
    let validator = validator("apicenter.schema.json");
    for kind in kinds::declarable() {
        let spec: Value = serde_json::from_str(kind.example).unwrap();
        let manifest = manifest(kind.info.name, spec);
        assert_eq!(errors(&validator, &manifest), Vec::<String>::new());
    }
}

fn manifest(kind: &str, spec: Value) -> Value {
    json!({"apiVersion": "apicenter/v1", "kind": kind, "metadata": {"name": "orders"},
        "spec": spec})
}

fn orders() -> Value {
    manifest(
        "Api",
        json!({"title": "Orders", "kind": "rest", "contacts": [{"name": "a"}], "versions": [
            {"name": "1-0-0", "title": "v1", "lifecycleStage": "design", "definitions": [
                {"name": "openapi", "title": "O", "source": {"file": "o.yaml"}}]}]}),
    )
}

/// The manifest with one value set, or taken away.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut manifest = orders();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = manifest
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    match value {
        Some(value) => drop(parent.insert(key.to_owned(), value)),
        None => drop(parent.shift_remove(key)),
    }
    manifest
}

#[test]
fn mistakes_in_a_manifest_are_found() {
    let validator = validator("apicenter.schema.json");
    assert_eq!(errors(&validator, &orders()), Vec::<String>::new());
    let version = "/spec/versions/0";
    let definition = "/spec/versions/0/definitions/0";
    let mistakes = [
        ("an unknown field", with("/spec/titel", Some(json!("x")))),
        (
            "an unknown nested field",
            with("/spec/contacts/0/phone", Some(json!("x"))),
        ),
        (
            "an unknown field of a version",
            with(&format!("{version}/stage"), Some(json!("x"))),
        ),
        (
            "an unknown field beside the spec",
            with("/status", Some(json!({}))),
        ),
        (
            "a label, which nobody reads",
            with("/metadata/labels", Some(json!({}))),
        ),
        ("a number for a text", with("/spec/title", Some(json!(1)))),
        (
            "a text for a list",
            with("/spec/contacts", Some(json!("a"))),
        ),
        ("null for a text", with("/spec/summary", Some(Value::Null))),
        ("no title", with("/spec/title", None)),
        (
            "no title of a version",
            with(&format!("{version}/title"), None),
        ),
        ("no name", with("/metadata/name", None)),
        ("no spec", with("/spec", None)),
        ("an empty title", with("/spec/title", Some(json!("")))),
        (
            "a title that is too long",
            with("/spec/title", Some(json!("x".repeat(51)))),
        ),
        (
            "a name that the service refuses",
            with(&format!("{version}/name"), Some(json!("1.0"))),
        ),
        (
            "a name that is too short",
            with(&format!("{version}/name"), Some(json!("v1"))),
        ),
        (
            "a field that nobody can set",
            with("/spec/lifecycleStage", Some(json!("design"))),
        ),
        (
            "two sources",
            with(
                &format!("{definition}/source/url"),
                Some(json!("https://x")),
            ),
        ),
        ("another apiVersion", with("/apiVersion", Some(json!("v2")))),
        ("an unknown kind", with("/kind", Some(json!("Apis")))),
        (
            "a kind that stands inside another",
            with("/kind", Some(json!("ApiVersion"))),
        ),
        (
            "two licences",
            with(
                "/spec/license",
                Some(json!({"identifier": "MIT", "url": "u"})),
            ),
        ),
    ];
    for (what, manifest) in mistakes {
        assert!(!validator.is_valid(&manifest), "{what} passes");
    }
}

#[test]
fn what_may_be_written_in_two_ways_is_valid_in_both() {
    let validator = validator("apicenter.schema.json");
    for (sku, identity) in [
        (json!("Standard"), json!("SystemAssigned")),
        (json!({"name": "Free"}), json!({"type": "None"})),
    ] {
        let spec = json!({"location": "westeurope", "sku": sku, "identity": identity});
        let manifest = manifest("Service", spec);
        assert_eq!(errors(&validator, &manifest), Vec::<String>::new());
    }
    // A value that only the service may know is no mistake for an editor.
    let unusual = with("/spec/kind", Some(json!("odata")));
    assert_eq!(errors(&validator, &unusual), Vec::<String>::new());
}
#[test]
fn a_source_must_name_one_place() {
    let validator = validator("apicenter.schema.json");
    let empty = with("/spec/versions/0/definitions/0/source", Some(json!({})));
    assert!(!validator.is_valid(&empty));
}
