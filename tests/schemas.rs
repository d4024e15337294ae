//! The published schemas: exactly what the code says, and what manifests and plans are held to.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use apicenter::model::{Diagnostics, Sources};
use apicenter::output::{DriftJson, GetJson, PlanJson, SpecDiffJson};
use apicenter::{kinds, yaml};
use jsonschema::Validator;
use schemars::JsonSchema;
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
static EXPECTED: LazyLock<[(&str, String); 5]> = LazyLock::new(|| {
    let expected = [
        ("apicenter.schema.json", printed_schema()),
        ("diff-spec.schema.json", diff_spec_schema()),
        ("drift.schema.json", output_schema::<DriftJson>("drift")),
        ("get.schema.json", output_schema::<GetJson>("get")),
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
    output_schema::<PlanJson>("plan")
}

/// The schema of what `diff-spec --format json` prints.
fn diff_spec_schema() -> String {
    output_schema::<SpecDiffJson>("diff-spec")
}

/// The schema of what a command prints as JSON.
fn output_schema<T: JsonSchema>(command: &str) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    let id = format!("https://apicenter.dev/schemas/{command}.schema.json");
    schema.insert("$id".to_owned(), json!(id));
    schema.insert("title".to_owned(), json!(format!("apicenter {command}")));
    format!("{}\n", serde_json::to_string_pretty(&schema).unwrap())
}

/// What `apicenter schema` prints.
fn printed_schema() -> String {
    schema(&root(), &[])
}

/// What `apicenter schema` prints in a folder, with these flags.
fn schema(folder: &Path, flags: &[&str]) -> String {
    let program = env!("CARGO_BIN_EXE_apicenter");
    let mut command = Command::new(program);
    let output = command.arg("-C").arg(folder).arg("schema").args(flags);
    let output = output.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The schema of the example project.
fn project_validator(flags: &[&str]) -> Validator {
    let text = schema(&root().join("examples/contoso"), flags);
    let schema = serde_json::from_str(&text).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn the_published_schemas_are_what_the_code_says() {
    for (name, expected) in EXPECTED.iter() {
        assert!(
            published_text(name) == *expected,
            "schemas/{name} is not what the code says; write it again with\n    \
             UPDATE_SCHEMAS=1 cargo test --test integration schemas::\nand read what changes"
        );
    }
}

#[test]
fn the_schemas_are_schemas() {
    for (name, _) in EXPECTED.iter() {
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
        if is_overlay(path) {
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

/// YAML reads `1.0` and `true` as something else than texts; `validate` takes what is written.
#[test]
fn words_that_yaml_reads_as_numbers_are_texts() {
    let validator = validator("apicenter.schema.json");
    for (pointer, value) in [
        ("/metadata/name", json!(1.0)),
        ("/spec/title", json!(2)),
        ("/spec/summary", json!(true)),
        ("/spec/versions/0/name", json!(1.5)),
    ] {
        let manifest = with(pointer, Some(value));
        assert_eq!(errors(&validator, &manifest), Vec::<String>::new());
    }
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
        ("a list for a text", with("/spec/title", Some(json!(["x"])))),
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
        ("another asset", with("/spec/kind", Some(json!("agent")))),
        (
            "another asset, in another case",
            with("/spec/kind", Some(json!("SKILL"))),
        ),
        ("an empty title", with("/spec/title", Some(json!("")))),
        (
            "a title that is too long",
            with("/spec/title", Some(json!("x".repeat(51)))),
        ),
        (
            "a name that the service refuses",
            with(&format!("{version}/name"), Some(json!("1_0"))),
        ),
        (
            "a name that is too short",
            with(&format!("{version}/name"), Some(json!("v_1"))),
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
    // A value that only the service may know is not a mistake for an editor.
    let unusual = with("/spec/kind", Some(json!("odata")));
    assert_eq!(errors(&validator, &unusual), Vec::<String>::new());
}

/// Keys and their addresses: what an editor says while somebody types is what `validate` says.
#[test]
fn literal_keys_are_refused_while_typing() {
    let validator = validator("apicenter.schema.json");
    let amazon = |key: &str, value: Value| {
        let secret = "https://contoso-vault.vault.azure.net/secrets/aws";
        let mut source =
            json!({"accessKey": secret, "secretAccessKey": secret, "region": "eu-central-1"});
        source[key] = value;
        manifest(
            "Integration",
            json!({"source": {"amazonApiGateway": source}}),
        )
    };
    for key in ["accessKey", "secretAccessKey"] {
        for literal in [
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "",
            "http://contoso-vault.vault.azure.net/secrets/aws",
            "https://contoso-vault.vault.azure.net/keys/aws",
            "https://contoso-vault.vault.azure.net/secrets/",
            "https://contoso-vault.vault.azure.net.example.com/secrets/aws",
            "https://example.com/?x=https://contoso-vault.vault.azure.net/secrets/aws",
            "https://contoso-vault.vault.azure.net/secrets/aws/1",
            " https://contoso-vault.vault.azure.net/secrets/aws",
        ] {
            let manifest = amazon(key, json!(literal));
            assert!(!validator.is_valid(&manifest), "{key} {literal:?} passes");
        }
        for address in [
            "https://contoso-vault.vault.azure.net/secrets/aws/",
            "https://contoso-vault.vault.azure.net:443/secrets/aws/0123456789abcdef0123456789abcdef",
            "HTTPS://Contoso-Vault.Vault.Azure.Net/Secrets/AWS",
            "https://contoso.vault.azure.cn/secrets/aws",
            "https://contoso.vault.usgovcloudapi.net/secrets/aws",
            "${awsKey}",
            "https://${vault}.vault.azure.net/secrets/aws",
        ] {
            let manifest = amazon(key, json!(address));
            assert_eq!(
                errors(&validator, &manifest),
                Vec::<String>::new(),
                "{address}"
            );
        }
        assert!(!validator.is_valid(&amazon(key, json!(1234))), "{key}");
    }
}

#[test]
fn a_source_must_name_one_place() {
    let validator = validator("apicenter.schema.json");
    let empty = with("/spec/versions/0/definitions/0/source", Some(json!({})));
    assert!(!validator.is_valid(&empty));
}

fn is_overlay(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "overlays")
}

#[test]
fn the_projects_schema_accepts_all_its_manifests() {
    let whole = project_validator(&["--project"]);
    let partial = project_validator(&["--project", "--overlay"]);
    for (path, manifest) in &example_manifests() {
        let validator = if is_overlay(path) { &partial } else { &whole };
        let errors = errors(validator, manifest);
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

#[test]
fn the_projects_schema_knows_its_metadata_and_its_environments() {
    let validator = project_validator(&["--project"]);
    let fine = json!({"team": "checkout", "line-of-business": "retail",
        "data-classification": "public", "public-facing": true});
    let api = |change: &dyn Fn(&mut Value)| {
        let mut spec = json!({"title": "Orders", "kind": "rest", "customProperties": fine,
            "deployments": [{"name": "prod", "environment": "stage-apim"}]});
        change(&mut spec);
        manifest("Api", spec)
    };
    let set = |name: &'static str, value: Value| {
        api(&|spec| spec["customProperties"][name] = value.clone())
    };
    for (what, manifest) in [
        ("nothing changed", api(&|_| {})),
        ("a variable", set("line-of-business", json!("${business}"))),
        (
            "a text that looks like a number",
            set("cost-centre", json!(2100)),
        ),
    ] {
        assert_eq!(
            errors(&validator, &manifest),
            Vec::<String>::new(),
            "{what}"
        );
    }
    for (what, manifest) in [
        (
            "a wrong choice",
            set("line-of-business", json!("wholesale")),
        ),
        ("a wrong type", set("public-facing", json!("yes"))),
        ("an unknown key", set("teem", json!("checkout"))),
        ("the ownership marker", set("managed-by", json!("me"))),
        (
            "a missing required key",
            api(&|spec| {
                drop(
                    spec["customProperties"]
                        .as_object_mut()
                        .unwrap()
                        .shift_remove("team"),
                );
            }),
        ),
        (
            "no custom metadata",
            api(&|spec| {
                drop(
                    spec.as_object_mut()
                        .unwrap()
                        .shift_remove("customProperties"),
                );
            }),
        ),
        (
            "an environment that nobody declares",
            api(&|spec| spec["deployments"][0]["environment"] = json!("prod")),
        ),
        (
            "a key of another entity",
            api(&|spec| spec["deployments"][0]["customProperties"] = json!({"team": "checkout"})),
        ),
    ] {
        assert!(!validator.is_valid(&manifest), "{what} passes");
    }
}

#[test]
fn what_other_repositories_declare_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let project = "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: part}\nspec:\n  \
        targets: {local: {emulator: {}}}\n  external: [\"environment/shared-*\", metadata-schema/team]\n";
    let environment = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: own}\n\
        spec: {title: Own, kind: testing}\n";
    std::fs::write(folder.path().join("apicenter.yaml"), project).unwrap();
    std::fs::write(folder.path().join("own.yaml"), environment).unwrap();
    let text = schema(folder.path(), &["--project"]);
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&text).unwrap()).unwrap();
    let api = |environment: &str, property: &str| {
        manifest(
            "Api",
            json!({"title": "O", "kind": "rest", "customProperties": {property: 1},
            "deployments": [{"name": "prod", "environment": environment}]}),
        )
    };
    assert!(validator.is_valid(&api("own", "team")));
    assert!(validator.is_valid(&api("shared-prod", "team")));
    assert!(!validator.is_valid(&api("other", "team")));
    assert!(!validator.is_valid(&api("own", "teem")));
}

#[test]
fn a_project_with_errors_has_a_schema_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let project = "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: broken}\nspec:\n  \
        targets: {local: {emulator: {}}}\n";
    let broken = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: own}\nspec: [\n";
    std::fs::write(folder.path().join("apicenter.yaml"), project).unwrap();
    std::fs::write(folder.path().join("broken.yaml"), broken).unwrap();
    let out = folder.path().join("new/schema.json");
    let printed = schema(folder.path(), &["--project"]);
    schema(
        folder.path(),
        &["--project", "--out", out.to_str().unwrap()],
    );
    assert_eq!(read(&out), printed);
    assert!(printed.contains("apicenter manifest of broken"));
}

#[test]
fn description_files_are_left_alone() {
    let validator = validator("apicenter.schema.json");
    assert!(validator.is_valid(&json!({"openapi": "3.0.3", "info": {}})));
    assert!(!validator.is_valid(&json!({"apiVersion": "apicenter/v1", "openapi": "3.0.3"})));
    assert!(!validator.is_valid(&json!({"title": "something else"})));
}
