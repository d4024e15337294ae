//! Descriptions that are split into several files: one document in every respect.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

const MAIN: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    $ref: paths/orders.yaml
  /health:
    get:
      responses:
        '204': {description: Healthy}
components:
  schemas:
    Order: {$ref: './schemas/order.json'}
";

const PATHS: &str = "\
get:
  summary: List orders
  parameters:
    - $ref: '../common.yaml#/components/parameters/Page'
  responses:
    '200':
      description: Orders
      content:
        application/json:
          schema:
            type: array
            items: {$ref: ../openapi.yaml#/components/schemas/Order}
";

const ORDER: &str = r##"{
  "type": "object",
  "properties": {
    "id": {"type": "string"},
    "parent": {"$ref": "#"},
    "state": {"$ref": "../common.yaml#/components/schemas/State"}
  }
}
"##;

const COMMON: &str = "\
components:
  parameters:
    Page: {name: page, in: query, schema: {type: integer}}
  schemas:
    State: {type: string, enum: [open, done]}
";

/// The project of the samples with a document of four files.
fn split(project: Project) -> Project {
    let project = orders(project);
    project.write("apis/openapi.yaml", MAIN);
    project.write("apis/paths/orders.yaml", PATHS);
    project.write("apis/schemas/order.json", ORDER);
    project.write("apis/common.yaml", COMMON);
    project
}

fn applied() -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = split(Project::of(&center));
    project.run("validate").success().says(&["Valid."]);
    project.run("apply --auto-approve -q").success();
    (center, project)
}

/// The only change of a plan.
fn change(project: &Project) -> Value {
    let plan = project.run("plan --format json").success();
    let plan: Value = serde_json::from_str(plan.stdout()).expect("the plan is JSON");
    let changes = plan["changes"].as_array().expect("a list").clone();
    assert_eq!(changes.len(), 1, "{plan:#}");
    changes[0].clone()
}

#[test]
fn parts_are_no_strangers_and_the_whole_is_imported() {
    let (_center, project) = applied();
    project.run("plan").success().says(&["No changes."]);
    // A format that does not matter changes nothing.
    project.write(
        "apis/common.yaml",
        COMMON.replace("[open, done]", "[\"open\", # !\n        done]"),
    );
    project.run("plan").success().says(&["No changes."]);
    project.run("export --out copy").success();
    let whole = project.read("copy/apis/orders/1-0-0/openapi.yaml");
    for text in [
        "$ref: \"#/components/schemas/Order\"",
        "name: page",
        "- done",
        "List orders",
    ] {
        assert!(whole.contains(text), "{whole}");
    }
    assert!(
        !whole.contains(".yaml") && !whole.contains(".json"),
        "{whole}"
    );
}

#[test]
fn a_change_in_a_part_shows_at_the_part() {
    let (_center, project) = applied();
    project.edit("apis/paths/orders.yaml", "List orders", "All orders");
    let place = json!({"file": "apis/paths/orders.yaml", "line": 2, "column": 3});
    let changed = change(&project);
    assert_eq!(changed["source"], place, "{changed:#}");
    assert_eq!(changed["fields"][0]["source"], place, "{changed:#}");
    project.run("plan --annotate github").success().talks(&[
        "::notice title=update api/orders/version/1-0-0/definition/openapi,file=apis/paths/orders.yaml,line=2,",
    ]);
    project.run("apply --auto-approve -q").success();
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn what_breaks_in_a_part_is_named() {
    let (_center, project) = applied();
    project.edit(
        "apis/common.yaml",
        "name: page, in: query,",
        "name: page, in: query, required: true,",
    );
    let plan = project.run("plan").success();
    plan.is_shown_on("split-descriptions.md");
    plan.says(&[
        "apis/common.yaml:3:35",
        "breaking: GET /orders: parameter `page` is now required",
    ]);
    let changed = change(&project);
    assert_eq!(changed["breaking"][0]["place"], "GET /orders");
    assert_eq!(changed["source"]["file"], "apis/common.yaml");
}

#[test]
fn what_is_missing_is_an_error_at_the_reference() {
    let project = split(Project::local());
    project.remove("apis/common.yaml");
    project.edit("apis/schemas/order.json", "\"#\"", "\"#/properties/non\"");
    project.edit("apis/openapi.yaml", "paths/orders.yaml", "paths/order.yaml");
    project.run("validate").exit(6).talks(&[
        "apis/openapi.yaml:5:11: error[document-missing]: no file `apis/paths/order.yaml`",
        "apis/orders.yaml:15:26: named as a definition's document here",
        "did you mean `orders.yaml`?",
        "apis/schemas/order.json:5:24: error[document-reference]: `apis/schemas/order.json` has nothing at `#/properties/non`",
        "apis/schemas/order.json:6:23: error[document-missing]: no file `apis/common.yaml`",
        "3 errors",
    ]);
    let sarif = project.run("validate --format sarif").exit(6);
    assert!(
        sarif
            .stdout()
            .contains("\"uri\": \"apis/schemas/order.json\""),
        "{}",
        sarif.stdout()
    );
}

#[test]
fn parts_stay_in_the_project() {
    let project = split(Project::local());
    project.edit(
        "apis/openapi.yaml",
        "paths/orders.yaml",
        "../../orders.yaml",
    );
    project.run("validate").exit(6).talks(&[
        "apis/openapi.yaml:5:11: error[document-outside]: `../../orders.yaml` is outside the project folder",
    ]);
    #[cfg(unix)]
    {
        let outside = tempfile::tempdir().unwrap();
        std::fs::write(outside.path().join("x.yaml"), PATHS).unwrap();
        std::os::unix::fs::symlink(
            outside.path().join("x.yaml"),
            project.path("apis/link.yaml"),
        )
        .unwrap();
        project.edit("apis/openapi.yaml", "../../orders.yaml", "link.yaml");
        project
            .run("validate")
            .exit(6)
            .talks(&["apis/openapi.yaml:5:11: error[document-outside]: `apis/link.yaml`"]);
    }
}

#[test]
fn the_official_schema_judges_the_whole_and_names_the_part() {
    let project = split(Project::local());
    let quiet = project.run("validate").success();
    assert_eq!(quiet.stderr(), "");
    project.edit("apis/paths/orders.yaml", "summary:", "sumary:");
    project
        .run("validate")
        .success()
        .talks(&["apis/paths/orders.yaml:2:3: warning[document-schema]: unknown field `sumary`"]);
    project.edit(
        "apis/paths/orders.yaml",
        "sumary: List orders",
        "summary: a\n  summary: b",
    );
    project
        .run("validate")
        .success()
        .talks(&["apis/paths/orders.yaml:3:3: warning[document-duplicate-key]"]);
}

#[test]
fn parts_of_a_description_that_nobody_names_are_no_strangers_either() {
    let project = Project::local();
    project.write("specs/openapi.json", r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"$ref": "parts/a.yaml"}}}"#);
    project.write(
        "specs/parts/a.yaml",
        "get:\n  responses: {'200': {$ref: more/ok.yaml}}\n",
    );
    project.write("specs/parts/more/ok.yaml", "description: ok\n");
    project.run("validate -v").success().talks(&[
        "left out: specs/parts/a.yaml: a description file that no definition names refers to it",
        "left out: specs/parts/more/ok.yaml: a description file",
    ]);
    project.write("specs/other.yaml", "description: ok\n");
    project
        .run("validate")
        .exit(6)
        .talks(&["`specs/other.yaml` is neither a manifest nor a description file"]);
}

#[test]
fn addresses_stay_and_are_noted() {
    let project = split(Project::local());
    project.edit(
        "apis/common.yaml",
        "{type: string, enum: [open, done]}",
        "{$ref: 'https://example.com/state.yaml'}",
    );
    let note = "note: apis/openapi.yaml: 1 reference to other addresses stays as it is, such as \
                `https://example.com/state.yaml`";
    project.run("validate").success().talks(&[note]);
    let manifest = project.read("apis/orders.yaml");
    let other = manifest.replace("metadata: {name: orders}", "metadata: {name: other}");
    project.write("apis/other.yaml", other);
    let ended = project.run("validate").success();
    ended.talks(&[
        note,
        "note: 1 more description refers to other addresses: -v lists them",
    ]);
    let ended = project.run("validate -v").success();
    assert_eq!(
        ended.stderr().matches(note).count(),
        2,
        "{}",
        ended.stderr()
    );
    project
        .run("validate -q")
        .success()
        .never_says("example.com");
}

#[test]
fn imports_that_cannot_travel_are_named() {
    let project = split(Project::local());
    project.write(
        "apis/openapi.yaml",
        "syntax = \"proto3\";\nimport \"google/protobuf/any.proto\";\nimport \"common/money.proto\";\n\
         import \"common/date.proto\";\nimport \"common/money.proto\";\nmessage M {}\n",
    );
    project.edit(
        "apis/orders.yaml",
        "file: openapi.yaml",
        "file: orders.proto",
    );
    project.write("apis/orders.proto", project.read("apis/openapi.yaml"));
    project.remove("apis/openapi.yaml");
    project.remove("apis/paths/orders.yaml");
    project.remove("apis/common.yaml");
    project.run("validate").success().talks(&[
        "apis/orders.proto:3:9: warning[document-import]: the document imports other files that the service does not get: `common/money.proto` and `common/date.proto`",
    ]);
}

#[test]
fn an_export_leaves_the_parts_alone() {
    let center = ServiceFixture::start();
    let project = split(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    let files = [
        "apis/openapi.yaml",
        "apis/paths/orders.yaml",
        "apis/schemas/order.json",
        "apis/common.yaml",
    ];
    let before: Vec<String> = files.iter().map(|file| project.read(file)).collect();
    // The manifests move to where an export writes them; the document stays where it is.
    project.run("export --force").success();
    for file in ["apis/orders.yaml", "ground.yaml"] {
        project.remove(file);
    }
    project.run("plan").success().says(&["No changes."]);
    let manifest = project.read("apis/orders/api.yaml");
    assert!(manifest.contains("file: ../openapi.yaml"), "{manifest}");
    project.run("export").success().says(&["(0 written"]);
    // Changed elsewhere, it is named and not overwritten.
    center.import(
        "apis/orders/versions/1-0-0/definitions/openapi",
        "openapi: 3.0.3\ninfo: {title: Other, version: '1'}\npaths: {}\n",
    );
    project.run("export --force").success().talks(&[
        "note: api/orders/version/1-0-0/definition/openapi: its document is not that of apis/openapi.yaml, which refers to other files",
    ]);
    let after: Vec<String> = files.iter().map(|file| project.read(file)).collect();
    assert_eq!(before, after);
    project.run("plan").success().says(&["title: Other"]);
}

#[test]
fn an_import_of_a_folder_takes_parts_with_their_main_file() {
    let project = Project::local();
    project.write("apis/openapi.yaml", MAIN);
    project.write("apis/paths/orders.yaml", PATHS);
    project.write("apis/schemas/order.json", ORDER);
    project.write("apis/common.yaml", COMMON);
    let files = "apis/openapi.yaml apis/paths/orders.yaml apis/schemas/order.json apis/common.yaml";
    project
        .run(&format!("import openapi {files}"))
        .success()
        .talks(&["note: apis/paths/orders.yaml: a part of another file, not imported by itself"]);
    project
        .run("validate")
        .success()
        .says(&["Valid. 3 resources are declared."]);
    // From elsewhere, the parts would be left behind.
    let other = Project::local();
    let main = project.path("apis/openapi.yaml");
    other.run(&format!("import openapi {}", main.display())).exit(6).talks(&[
        "openapi.yaml:5:11: error[document-missing]: the file refers to other files, which would not be copied",
    ]);
}
