//! Fixes: what `validate --fix` writes, what it leaves, and how fixes are shown.

use serde_json::json;

use super::harness::Project;

/// A file with several mistakes, comments and a layout of its own.
const WRONG: &str = "\
# The team that owns an API.
apiVersion: apicenter/v1
kind: metadataschema   # in lower case
metadata:   {name: team}
spec:
  schema: {type: string}
  assignedTo:
    - entity: api
      required: yes   # every API has one
---
apiVersion: apicentre/v1
kind: Api
metadata: {name: orders}
spec:
  titel: Orders
  kind: rest
  customProperties: {team: checkout}
  externalDocumentation: https://docs.contoso.com/orders  # the handbook
  contacts:
    # who is on call
    name: Checkout

    email: checkout@contoso.com
";

const RIGHT: &str = "\
# The team that owns an API.
apiVersion: apicenter/v1
kind: MetadataSchema   # in lower case
metadata:   {name: team}
spec:
  schema: {type: string}
  assignedTo:
    - entity: api
      required: true   # every API has one
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  customProperties: {team: checkout}
  externalDocumentation: [{url: https://docs.contoso.com/orders}]  # the handbook
  contacts:
    # who is on call
    - name: Checkout

      email: checkout@contoso.com
";

#[test]
fn what_is_certain_is_fixed_and_everything_else_stays_as_it_is_written() {
    let project = Project::local().file("it.yaml", WRONG);
    let before = project.run("validate").exit(6);
    before.talks(&[
        "did you mean `MetadataSchema`?",
        "did you mean `apicenter/v1`?",
        "`apicenter validate --fix` fixes all of them",
    ]);
    assert_eq!(project.read("it.yaml"), WRONG, "only `--fix` writes");
    project
        .run("validate --fix")
        .success()
        .says(&["Valid. 2 resources are declared."])
        .talks(&[
            "it.yaml:3:7: fixed[unknown-kind]: unknown kind `metadataschema`: wrote `MetadataSchema` in place of `metadataschema`",
            "it.yaml:9:17: fixed[wrong-type]: `yes` where true or false is expected: wrote `true` in place of `yes`",
            "it.yaml:15:3: fixed[unknown-field]",
            "in 1 file.",
        ]);
    assert_eq!(project.read("it.yaml"), RIGHT);
    project
        .run("validate --fix")
        .success()
        .talks(&["Nothing was fixed"]);
}

/// Fields in the wrong place, and sources of the wrong sort.
const MISPLACED: &str = "\
kind: Api
metadata: orders
title: Orders   # as in the shop
versions:
  # the only one
  - name: 1-0-0
    title: v1
    lifecycleStage: design
    definitions:
      - name: openapi
        title: OpenAPI
        source: {file: https://contoso.com/openapi.yaml}
spec:
  # what it is
  kind: rest
";

const IN_PLACE: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  # what it is
  title: Orders   # as in the shop
  versions:
    # the only one
    - name: 1-0-0
      title: v1
      lifecycleStage: design
      definitions:
        - name: openapi
          title: OpenAPI
          source: {url: https://contoso.com/openapi.yaml}
  kind: rest
";

#[test]
fn misplaced_fields_are_moved_with_their_comments() {
    let project = Project::local().file("it.yaml", MISPLACED);
    project
        .run("validate --fix")
        .success()
        .talks(&["moved `title`, `versions` under `spec`"]);
    assert_eq!(project.read("it.yaml"), IN_PLACE);
}

#[test]
fn broken_yaml_is_repaired_where_only_one_repair_can_be_read() {
    for (wrong, right, says) in [
        (
            "contacts: [{name: Checkout} # us",
            "contacts: [{name: Checkout}] # us",
            "add `]` at the end of line 7, for the `[`",
        ),
        (
            "license: {name: MIT",
            "license: {name: MIT}",
            "add `}` at the end of line 7",
        ),
        (
            "summary: Orders: all of them",
            "summary: \"Orders: all of them\"",
            "write `\"Orders: all of them\"`",
        ),
        (
            "summary: @contoso",
            "summary: \"@contoso\"",
            "write `\"@contoso\"`",
        ),
        ("summary: 'it's'", "summary: 'it''s'", "write `'it''s'`"),
        (
            "summary: \"open",
            "summary: \"open\"",
            "add `\"` at the end of line 7",
        ),
        (
            "license:\n\t  name: MIT",
            "license:\n  name: MIT",
            "write two spaces for each tab",
        ),
        (
            "summary:Orders",
            "summary: Orders",
            "write `summary: Orders`",
        ),
    ] {
        let file = |line: &str| {
            let line = line.replace('\n', "\n  ").replace("  \t", "\t");
            format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: T\n  kind: rest\n  {line}\n  description: D\n"
            )
        };
        let project = Project::local().file("it.yaml", &file(wrong));
        project
            .run("validate")
            .exit(6)
            .talks(&["yaml-syntax", says]);
        project.run("validate --fix").success();
        assert_eq!(project.read("it.yaml"), file(right), "{wrong}");
    }
}

#[test]
fn a_fix_does_not_repeat_a_secret() {
    let text = "\
apiVersion: apicenter/v1
kind: Integration
metadata: {name: aws}
source: {amazonApiGateway: {accessKey: AKIAEXAMPLE, secretAccessKey: hunter2hunter2, region: eu-west-1}}
spec: {}
";
    let project = Project::local().file("it.yaml", text);
    let run = project.run("validate --fix --format json").exit(6);
    run.never_says("hunter2");
    assert_eq!(project.read("it.yaml"), text);
}

#[test]
fn line_ends_and_a_byte_order_mark_are_kept() {
    let windows = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let project = Project::local().file("it.yaml", &windows(WRONG));
    project.run("validate --fix").success();
    assert_eq!(project.read("it.yaml"), windows(RIGHT));
}

#[test]
fn what_may_mean_something_else_is_shown_and_not_written() {
    let text = "\
apiVersion: apicenter/v2
kind: Api
metadata: {name: my_api}
spec:
  title: [Orders]
  kind: rset
  versions: [{name: v1, title: v1, lifecycle: prod}]
";
    let project = Project::local().file("it.yaml", text);
    project.run("validate --fix").exit(6).talks(&[
        "Nothing was fixed",
        "this program knows `apicenter/v1`",
        "write `my-api`",
        "write `Orders`",
        "did you mean `rest`?",
        "did you mean `lifecycleStage`?",
        "did you mean `production`?",
    ]);
    assert_eq!(project.read("it.yaml"), text);
}

#[test]
fn a_variable_is_not_overwritten_by_what_is_wrong_with_its_value() {
    let project =
        Project::with_spec("targets: {local: {emulator: {}, variables: {needed: 'yes'}}}");
    let text = "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string}
  assignedTo: [{entity: api, required: \"${needed}\"}]
";
    project.write("it.yaml", text);
    project
        .run("validate --fix")
        .exit(6)
        .talks(&["`yes` where true or false is expected", "write `true`"]);
    assert_eq!(project.read("it.yaml"), text);
}

#[test]
fn fixes_are_in_json_and_sarif() {
    let text = WRONG.replace("metadataschema", "MetadataSchema");
    let project = Project::local().file("apis/it.yaml", &text);
    let json = project.run("validate --format json").exit(6).json();
    let fix = &json["diagnostics"][0]["fix"];
    assert_eq!(
        *fix,
        json!({
            "title": "write `true`",
            "certain": true,
            "edits": [{
                "start": {"file": "apis/it.yaml", "line": 9, "column": 17},
                "end": {"file": "apis/it.yaml", "line": 9, "column": 20},
                "text": "true",
            }],
        })
    );
    let sarif = project.run("validate --format sarif").exit(6).json();
    let fix = &sarif["runs"][0]["results"][0]["fixes"];
    assert_eq!(
        *fix,
        json!([{
            "description": {"text": "Write `true`."},
            "artifactChanges": [{
                "artifactLocation": {"uri": "apis/it.yaml", "uriBaseId": "%SRCROOT%"},
                "replacements": [{
                    "deletedRegion": {"startLine": 9, "startColumn": 17, "endLine": 9, "endColumn": 20},
                    "insertedContent": {"text": "true"},
                }],
            }],
            "properties": {"certain": true},
        }])
    );
    let fixed = project.run("validate --fix --format json").success().json();
    assert_eq!(fixed["valid"], true);
    assert_eq!(fixed["diagnostics"], json!([]));
    let first = &fixed["fixed"][0];
    assert_eq!(first["code"], "wrong-type");
    assert_eq!(
        first["source"],
        json!({"file": "apis/it.yaml", "line": 9, "column": 17})
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_out_of_the_project() {
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("it.yaml");
    std::fs::write(&target, WRONG).unwrap();
    let project = Project::local();
    std::os::unix::fs::symlink(&target, project.path("it.yaml")).unwrap();
    assert_ne!(project.run("validate --fix").code(), Some(0));
    assert_eq!(
        String::from_utf8(std::fs::read(&target).unwrap()).unwrap(),
        WRONG
    );
}
