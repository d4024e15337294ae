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

/// Fields in the wrong place, and sources of the wrong sort.
const MISPLACED: &str = "\
# Orders of the shop
kind: Api
metadata: orders
title: Orders   # as in the shop
# both of them
# that are
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
# Orders of the shop
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders   # as in the shop
  # both of them
  # that are
  versions:
    # the only one
    - name: 1-0-0
      title: v1
      lifecycleStage: design
      definitions:
        - name: openapi
          title: OpenAPI
          source: {url: https://contoso.com/openapi.yaml}
  # what it is
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

/// Fields under `metadata`, one of them in another layout, and one that `spec` has too.
#[test]
fn fields_under_metadata_are_moved() {
    let project = Project::local().file(
        "it.yaml",
        "\
apiVersion: apicenter/v1
kind: Api
metadata:
  # In addresses.
  name: orders
  # For people.
  title: Orders   # as in the portal
  kind: rest
spec:
  # At length.
  description: D
---
apiVersion: apicenter/v1
kind: Api
title: Returns
metadata:
    name: returns
    kind: rest
",
    );
    project
        .run("validate --fix")
        .success()
        .talks(&["moved `title`, `kind` under `spec`"]);
    assert_eq!(
        project.read("it.yaml"),
        "\
apiVersion: apicenter/v1
kind: Api
metadata:
  # In addresses.
  name: orders
spec:
  # For people.
  title: Orders   # as in the portal
  kind: rest
  # At length.
  description: D
---
apiVersion: apicenter/v1
kind: Api
metadata:
    name: returns
spec:
  title: Returns
  kind: rest
"
    );
    Project::local()
        .file(
            "it.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: a, title: A, labels: {}}\n\
             spec: {title: B, kind: rest}\n",
        )
        .run("validate")
        .exit(6)
        .talks(&[
            "help: `title` belongs under `spec`, and another one is there: remove this one",
            "help: only `name` and `previously` are allowed here; the fields of a resource are under `spec`",
        ]);
}

#[test]
fn an_api_version_is_added_at_the_column_of_the_document() {
    let project = Project::local().file(
        "it.yaml",
        "  kind: Api\n  metadata: {name: a}\n  spec: {title: A, kind: rest}\n",
    );
    project.run("validate --fix").success();
    assert!(
        project
            .read("it.yaml")
            .starts_with("  apiVersion: apicenter/v1\n  kind: Api\n")
    );
}

/// Whoever has no name has other mistakes too, and all are reported at once.
#[test]
fn a_document_without_a_name_is_checked_all_the_same() {
    for metadata in [
        "",
        "metadata: {}\n",
        "metadata: orders\n",
        "metadata: [a]\n",
    ] {
        Project::local()
            .file(
                "it.yaml",
                &format!(
                    "apiVersion: apicenter/v1\nkind: Api\n{metadata}spec: {{title: A, kind: rest, sumary: s, license: MIT}}\n"
                ),
            )
            .run("validate")
            .exit(6)
            .talks(&[
                "unknown field `sumary`",
                "`MIT` where a mapping is expected",
                "help: write `{identifier: MIT}`",
            ]);
    }
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
            "write 2 spaces for each tab",
        ),
        (
            "summary:Orders",
            "summary: Orders",
            "write `summary: Orders`",
        ),
        (
            "contacts: [\n  {name: Checkout}, # one\n  {name: Sales\n  # and no more",
            "contacts: [\n  {name: Checkout}, # one\n  {name: Sales}]\n  # and no more",
            "add `}]` at the end of line 9, for the brackets that are open",
        ),
        (
            "contacts: [{name: Checkout}, {name: Sales] # two",
            "contacts: [{name: Checkout}, {name: Sales}] # two",
            "add `}` before the `]` at the end of the line",
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
fn broken_yaml_that_can_be_read_in_several_ways_is_not_repaired() {
    for (wrong, says) in [
        // A field on the same line, a mapping on one line, or a text.
        (
            "summary: Orders kind: rest",
            "write `\"Orders kind: rest\"`",
        ),
        ("license: name: MIT", "write `\"name: MIT\"`"),
        ("versions: - name: v1", "a list item cannot start here"),
        // A text that starts with an apostrophe, and a comment that may belong to the text.
        ("summary: 'tis the season", "add `'`"),
        ("summary: \"open # and more", "add `\"`"),
        // Several texts, or one.
        ("summary: 'a', 'b'", "write `'a'', ''b'`"),
        ("summary: \"say \"hi\"\"", "write `\"say \\\"hi\\\"\"`"),
        // A text that starts with a bracket, and commas that are missing too.
        ("summary: [new orders only", "add `]`"),
        ("summary: {id", "add `}`"),
        (
            "contacts: [\n  {name: A},\n  Checkout\n  and more",
            "add `]`",
        ),
        // Each width of a tab puts the field elsewhere.
        (
            "versions:\n- name: v1\n\tlicense: {name: MIT}",
            "write 2 spaces for each tab",
        ),
    ] {
        let text = format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: T\n  {}\n  description: D\n",
            wrong.replace('\n', "\n  ").replace("  \t", "\t")
        );
        let project = Project::local().file("it.yaml", &text);
        project
            .run("validate --fix")
            .exit(6)
            .talks(&["Nothing was fixed.", "yaml-syntax", says]);
        assert_eq!(project.read("it.yaml"), text);
    }
}

#[test]
fn names_that_people_choose_are_only_fixed_in_their_spelling() {
    let text = |first: &str, second: &str| {
        format!(
            "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {{name: tier1}}
spec:
  schema: {{type: string, title: Tier, enum: [level-1, Level2]}}
  assignedTo: [{{entity: api}}]
---
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {{name: weight}}
spec:
  schema: {{type: integer, title: Weight, minimum: 10}}
  assignedTo: [{{entity: api}}]
---
apiVersion: apicenter/v1
kind: Api
metadata: {{name: orders}}
spec:
  title: Orders
  kind: rest
  customProperties:
    {first}
    {second}
"
        )
    };
    // Another property and another value may be meant, and a number below the least is a number.
    let wrong = text("tier2: level-1", "weight: 5");
    let project = Project::local().file("it.yaml", &wrong);
    project.run("validate --fix").exit(6).talks(&[
        "Nothing was fixed.",
        "did you mean `tier1`?",
        "5 is less than the minimum of 10",
    ]);
    assert_eq!(project.read("it.yaml"), wrong);
    let wrong = text("tier1: level-3", "weight: '12'");
    let project = Project::local().file("it.yaml", &wrong);
    project
        .run("validate --fix")
        .exit(6)
        .talks(&["Fixed 1 problem", "did you mean `level-1`?"]);
    assert_eq!(
        project.read("it.yaml"),
        text("tier1: level-3", "weight: 12")
    );
    let project = Project::local().file("it.yaml", &text("Tier-1: LEVEL2", "weight: 12"));
    project.run("validate --fix").success();
    assert_eq!(project.read("it.yaml"), text("tier1: Level2", "weight: 12"));
}

#[test]
fn a_path_that_may_be_an_address_is_left_to_the_user() {
    let text = |source: &str| {
        format!(
            "\
apiVersion: apicenter/v1
kind: Api
metadata: {{name: orders}}
spec:
  title: Orders
  kind: rest
  versions:
    - name: v1
      title: v1
      lifecycleStage: design
      definitions: [{{name: openapi, title: OpenAPI, source: {source}}}]
"
        )
    };
    for (source, says) in [
        (
            "{url: contoso.com/openapi.yaml}",
            "write `file: contoso.com/openapi.yaml`, or `https://` before it",
        ),
        (
            "contoso.com/openapi.yaml",
            "write `{file: contoso.com/openapi.yaml}`",
        ),
    ] {
        let project = Project::local().file("it.yaml", &text(source));
        project
            .run("validate --fix")
            .exit(6)
            .talks(&["Nothing was fixed.", says]);
        assert_eq!(project.read("it.yaml"), text(source));
    }
    let project = Project::local()
        .file("openapi.json", "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}}")
        .file("it.yaml", &text("{url: ./openapi.json}"));
    project.run("validate --fix").success();
    assert_eq!(project.read("it.yaml"), text("{file: ./openapi.json}"));
}

#[test]
fn fields_of_the_project_and_of_exemptions_are_moved_under_spec() {
    let project = Project::empty()
        .file(
            "apicenter.yaml",
            "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\ndefaultTarget: local\n# where it is\ntargets:\n  local: {emulator: {}}\n",
        )
        .file(
            "x.yaml",
            "apiVersion: apicenter/v1\nkind: Exemption\nmetadata: {name: x}\nspec:\nfindings:\n  - {code: bad-pattern, address: api/x, reason: later}\n",
        );
    project.run("validate --fix").success().talks(&[
        "moved `defaultTarget`, `targets` under `spec`",
        "moved `findings` under `spec`",
    ]);
    assert_eq!(
        project.read("apicenter.yaml"),
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: contoso}\nspec:\n  defaultTarget: local\n  # where it is\n  targets:\n    local: {emulator: {}}\n"
    );
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
fn lines_that_are_added_and_moved_end_as_the_others() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let project = Project::local().file("it.yaml", &windows(MISPLACED));
    let json = project.run("validate --format json").exit(6).json();
    let sarif = project.run("validate --format sarif").exit(6).json();
    let changes = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    for text in [
        &json["diagnostics"][0]["fix"]["edits"][0]["text"],
        &changes["replacements"][0]["insertedContent"]["text"],
    ] {
        let text = text.as_str().expect("a text");
        let lines = text.matches('\n').count();
        assert!(
            lines > 0 && lines == text.matches("\r\n").count(),
            "{text:?}"
        );
    }
    project.run("validate --fix").success();
    assert_eq!(project.read("it.yaml"), windows(IN_PLACE));
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
        ("&required yes", "{entity: api, required: *required}"),
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

/// What looks like an anchor, an address or a line of its own and is none.
#[test]
fn fixes_are_not_misled_by_what_surrounds_them() {
    let fixed = |text: &str| {
        let project = Project::local().file("it.yaml", text);
        let _ended = project.run("validate --fix");
        project.read("it.yaml")
    };
    let environment = |title: &str, more: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {{name: dev}}\nspec:\n  title: {title}\n  kind: testing\n{more}"
        )
    };
    let open = environment(
        "R & D",
        "  server: {managementPortalUri: [https://a.example}\n",
    );
    assert!(
        fixed(&open).contains("[https://a.example]}"),
        "{}",
        fixed(&open)
    );
    let empty = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n  versions:\n    \
                 - name: v1\n      title: v1\n      lifecycleStage: design\n      definitions:\n        - {name: openapi, title: O, source: {url: ''}}\n";
    assert_eq!(fixed(empty), empty);
    let indented = "  kind: Environment\n  metadata: {name: dev}\n  spec: {title: Dev, kind: testing}\n  title: Other\n";
    assert_eq!(
        fixed(indented),
        format!("  apiVersion: apicenter/v1\n{indented}")
    );
}
