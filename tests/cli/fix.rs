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
    let again = project
        .run("validate --fix")
        .success()
        .says(&["Valid. 2 resources are declared."]);
    assert_eq!(again.stderr(), "", "nothing is wrong, so nothing is said");
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
  contacts: Jane Doe
  externalDocumentation: '[{\"url\": \"https://docs.contoso.com\"}]'
  termsOfService: '{\"url\": \"https://contoso.com/terms\"}'
  license: '{url: https://contoso.com/license'
  deployments:
    - name: production
      title: Production
      environment: production
      server:
        runtimeUri: https://a.contoso.com, https://b.contoso.com
    - name: staging
      title: Staging
      environment: production
      server:
        runtimeUri: |
          - https://c.contoso.com
          - https://d.contoso.com
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, kind: production}
";
    let project = Project::local().file("it.yaml", text);
    let ended = project.run("validate --fix").exit(6).talks(&[
        "Nothing was fixed",
        "this program knows `apicenter/v1`",
        "write `my-api`",
        "write `Orders`",
        "did you mean `rest`?",
        "did you mean `lifecycleStage`?",
        "did you mean `production`?",
        "write it as YAML, without the quotes around it",
        "write `[https://a.contoso.com, https://b.contoso.com]`",
        "write `[https://c.contoso.com, https://d.contoso.com]`",
    ]);
    assert!(
        !ended.stderr().contains("write `[{url"),
        "{}",
        ended.stderr()
    );
    assert_eq!(project.read("it.yaml"), text);
}

#[test]
fn what_an_alias_shares_is_shown_and_not_written() {
    for (schema, assignment) in [
        ("&answer yes", "{entity: api, required: *answer}"),
        (
            "unset",
            "&all {entity: api, required: yes}, {<<: *all, entity: environment}",
        ),
    ] {
        let text = format!(
            "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {{name: team}}
spec:
  schema: {{type: string, title: {schema}}}
  assignedTo: [{assignment}]
"
        );
        let project = Project::local().file("it.yaml", &text);
        project.run("validate --fix").exit(6).talks(&[
            "Nothing was fixed",
            "`yes` where true or false is expected",
            "write `true`",
        ]);
        assert_eq!(project.read("it.yaml"), text);
    }
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
fn a_link_out_of_the_project_is_not_read_and_so_not_fixed() {
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("it.yaml");
    std::fs::write(&target, WRONG).unwrap();
    let project = Project::local();
    std::os::unix::fs::symlink(&target, project.path("it.yaml")).unwrap();
    project.run("validate --fix").exit(6).talks(&[
        "Nothing was fixed.",
        "it.yaml:1:1: error[file-unreadable]: cannot read `it.yaml`: it leads out of the project folder",
    ]);
    assert_eq!(
        String::from_utf8(std::fs::read(&target).unwrap()).unwrap(),
        WRONG
    );
}
