//! What a plan says of changes that break those who call an API.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{OPENAPI, ORDERS_OPENAPI, orders};
use super::service_fixture::ServiceFixture;

const BEFORE: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders/{id}:
    get:
      parameters:
        - {in: path, name: id, required: true, schema: {type: string}}
        - {in: query, name: expand, schema: {type: string}}
      responses:
        '200':
          description: The order.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
    delete: {responses: {'204': {description: Deleted.}}}
components:
  schemas:
    Order:
      type: object
      properties:
        state: {type: string, enum: [open, done]}
        total: {type: number}
";

/// The project with this document applied.
fn applied(more: &str) -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, more));
    project.write("apis/openapi.yaml", BEFORE);
    project.run("apply --auto-approve -q").success();
    (center, project)
}

fn break_it(project: &Project) {
    project.edit(
        "apis/openapi.yaml",
        "name: expand,",
        "name: expand, required: true,",
    );
    project.edit(
        "apis/openapi.yaml",
        "    delete: {responses: {'204': {description: Deleted.}}}\n",
        "",
    );
    project.edit("apis/openapi.yaml", "[open, done]", "[open, done, lost]");
    project.edit("apis/openapi.yaml", "        total: {type: number}\n", "");
}

#[test]
fn the_page_shows_what_a_plan_prints() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.edit("apis/orders.yaml", "title: OpenAPI", "title: Orders");
    project.write("apis/openapi.yaml", ORDERS_OPENAPI);
    project.run("apply --auto-approve -q").success();
    project.edit("apis/openapi.yaml", "maximum: 100", "maximum: 50");
    project.edit("apis/openapi.yaml", "[open, done]", "[open, done, lost]");
    project.edit(
        "apis/openapi.yaml",
        "    delete:\n      responses:\n        '204': {description: Deleted.}\n",
        "",
    );
    project
        .run("plan")
        .success()
        .is_shown_on("breaking-changes.md");
}

#[test]
fn a_plan_says_what_breaks() {
    let (_center, project) = applied("");
    break_it(&project);
    assert_snapshot!(project.run("plan --diff-lines 3").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ api/orders/version/1-0-0/definition/openapi  "Orders"                       apis/orders.yaml:13:11
        source  +2 −4 lines, 3 breaking, 1 caution                                                :15:19
          1 operation removed
          breaking: DELETE /orders/{id}: operation removed
          breaking: GET /orders/{id}: response 200: property `total` removed
          breaking: GET /orders/{id}: parameter `expand` is now required
          caution: GET /orders/{id}: response 200: `state` may be `lost` now
          @@ -5,18 +5,16 @@
                get:
                  parameters:
          … 18 more lines differ (in all 2 added, 4 removed)

    Every resource with every field: --details
    Plan: 0 to add, 1 to change, 0 to destroy. 3 breaking changes.
    Plan ID: [PLAN]
    "#);
    assert_snapshot!(project.run("plan --format markdown --diff-lines 3").success().scrubbed(), @"
    <!-- apicenter-plan:live -->
    ## Plan for `live`: 0 to add, 1 to change, 0 to destroy, 3 breaking changes

    Service `contoso` in resource group `rg`, subscription `00000000…` · Plan ID: `[PLAN]`

    ### ⚠️ Breaking: 3 changes in 1 API description

    - `DELETE /orders/{id}`: operation removed, in `api/orders/version/1-0-0/definition/openapi` Orders
    - `GET /orders/{id}`: response 200: property `total` removed, in `api/orders/version/1-0-0/definition/openapi` Orders
    - `GET /orders/{id}`: parameter `expand` is now required, in `api/orders/version/1-0-0/definition/openapi` Orders
    - caution: `GET /orders/{id}`: response 200: `state` may be `lost` now, in `api/orders/version/1-0-0/definition/openapi` Orders

    ### Changes

    | | | |
    |---|---|---|
    | **update** | `api/orders/version/1-0-0/definition/openapi` Orders | `source` +2 −4 lines, **3 breaking**, 1 caution (`apis/orders.yaml:13:11`) |

    <details><summary>Fields of 1 resource</summary>

    ```diff
    ! update api/orders/version/1-0-0/definition/openapi  apis/orders.yaml:13:11
    !   source: +2 −4 lines, 3 breaking, 1 caution  apis/orders.yaml:15:19
    ```

    </details>

    <details><summary>Document of <code>api/orders/version/1-0-0/definition/openapi</code>: +2 −4 lines, 3 breaking, 1 caution; 1 operation removed</summary>

    ```diff
    @@ -5,18 +5,16 @@
         get:
           parameters:
        … and 18 more lines
    ```

    </details>

    To apply exactly this plan, or nothing:

    ```sh
    apicenter apply --expect-plan [PLAN] -t live
    ```
    ");
}

#[test]
fn the_machine_form_has_places_and_messages() {
    let (_center, project) = applied("");
    break_it(&project);
    let plan = project.run("plan --format json").success().json();
    let change = &plan["changes"][0];
    let operation = "/paths/~1orders~1{id}";
    let response = "/components/schemas/Order";
    assert_eq!(
        change["breaking"],
        json!([
            {
                "place": "DELETE /orders/{id}", "message": "operation removed", "rule": "operation-removed",
                "method": "DELETE", "path": "/orders/{id}", "before": format!("{operation}/delete"),
                "beforePlace": {"line": 15, "column": 5},
            },
            {
                "place": "GET /orders/{id}", "message": "response 200: property `total` removed",
                "rule": "property-removed", "direction": "response", "method": "GET", "path": "/orders/{id}",
                "before": response, "after": response, "witness": {"total": null},
                "beforePlace": {"line": 18, "column": 5},
                "afterPlace": {"file": "apis/openapi.yaml", "line": 17, "column": 5},
            },
            {
                "place": "GET /orders/{id}", "message": "parameter `expand` is now required",
                "rule": "parameter-required", "direction": "request", "method": "GET", "path": "/orders/{id}",
                "before": format!("{operation}/get/parameters/1"), "after": format!("{operation}/get/parameters/1"),
                "beforePlace": {"line": 8, "column": 11},
                "afterPlace": {"file": "apis/openapi.yaml", "line": 8, "column": 11},
            },
        ])
    );
    assert_eq!(
        change["cautions"],
        json!([{
            "place": "GET /orders/{id}", "message": "response 200: `state` may be `lost` now",
            "rule": "schema-values", "direction": "response", "method": "GET", "path": "/orders/{id}",
            "before": format!("{response}/properties/state"), "after": format!("{response}/properties/state"),
            "witness": {"state": "lost"},
            "beforePlace": {"line": 21, "column": 9},
            "afterPlace": {"file": "apis/openapi.yaml", "line": 20, "column": 9},
        }])
    );
    let parts = json!([{"part": "operation", "removed": 1, "added": 0}]);
    assert_eq!(change["parts"], parts);
    assert_eq!(change["breakingUnknown"], Value::Null);
    project.run("apply --auto-approve").success();
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["changes"], json!([]));
}

#[test]
fn harmless_changes_and_new_versions_are_not_marked() {
    let (_center, project) = applied("");
    project.edit(
        "apis/openapi.yaml",
        "        total:",
        "        note: {type: string}\n        total:",
    );
    let version = "    - {name: 2-0-0, title: v2, lifecycleStage: design, definitions: \
                   [{name: openapi, title: OpenAPI, source: {file: new.yaml}}]}\n";
    project.write("apis/new.yaml", OPENAPI);
    project.edit(
        "apis/orders.yaml",
        "  deployments:",
        &format!("{version}  deployments:"),
    );
    for format in ["text", "json", "markdown"] {
        let ended = project.run(&format!("plan --format {format}")).success();
        ended
            .says(&["2-0-0"])
            .never_says("breaking")
            .never_says("caution");
    }
}

#[test]
fn a_snapshot_without_documents_leads_to_a_plan_that_says_so() {
    let (_center, project) = applied("");
    project.run("snapshot --out live.json").success();
    assert!(!project.read("live.json").contains("open, done"));
    break_it(&project);
    let plan = project
        .run("plan --against live.json --format json")
        .success()
        .json();
    assert_eq!(plan["summary"]["update"], 1);
    assert_eq!(plan["changes"][0]["breaking"], Value::Null);
    assert_eq!(plan["changes"][0]["breakingUnknown"], true);
    let words = "Breaking changes were not judged for 1 document";
    for format in ["text", "markdown"] {
        project
            .run(&format!("plan --against live.json --format {format}"))
            .success()
            .says(&[words])
            .never_says("caution");
    }
}

#[test]
fn a_snapshot_with_documents_gives_the_same_verdict_as_the_service() {
    let (_center, project) = applied("");
    project
        .run("snapshot --documents --out live.json")
        .success();
    let snapshot: Value = serde_json::from_str(&project.read("live.json")).expect("JSON");
    assert_eq!(snapshot["formatVersion"], "1.1");
    project
        .run("plan --against live.json --detailed-exitcode")
        .success();
    break_it(&project);
    let of = |arguments: &str| {
        let plan = project.run(arguments).success().json();
        plan["changes"].clone()
    };
    let live = of("plan --format json");
    assert_eq!(live[0]["breaking"].as_array().map(Vec::len), Some(3));
    assert_eq!(of("plan --against live.json --format json"), live);
}

#[test]
fn only_what_changed_is_shown_whatever_the_layout() {
    let (_center, project) = applied("");
    let minified = r##"{"components":{"schemas":{"Order":{"properties":{"total":{"type":"number"},"state":{"enum":["open","done","lost"],"type":"string"}},"type":"object"}}},"paths":{"/orders/{id}":{"delete":{"responses":{"204":{"description":"Deleted."}}},"get":{"responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Order"}}},"description":"The order."}},"parameters":[{"schema":{"type":"string"},"required":true,"name":"id","in":"path"},{"schema":{"type":"string"},"name":"expand","in":"query"}]}}},"info":{"version":"1.0.0","title":"Orders"},"openapi":"3.0.3"}"##;
    let requoted = BEFORE
        .replace("type: string", "\"type\": \"string\"")
        .replace("[open, done]", "['open', 'done', 'lost']")
        .replace("openapi: 3.0.3", "openapi: '3.0.3'");
    for text in [minified, &requoted] {
        project.write("apis/openapi.yaml", text);
        for format in ["text", "markdown"] {
            let plan = project
                .run(&format!("plan --format {format} --diff-lines 50"))
                .success();
            let changed: Vec<&str> = plan
                .stdout()
                .lines()
                .map(str::trim_start)
                .filter(|line| line.starts_with("+  ") || line.starts_with("-  "))
                .filter(|line| !line.contains("source: sha256"))
                .collect();
            let [line] = changed[..] else {
                panic!("{format}: {changed:#?}\n{}", plan.stdout());
            };
            assert!(line.starts_with('+') && line.contains("lost"), "{line}");
            assert!(plan.stdout().contains("one layout"), "{}", plan.stdout());
        }
    }
}

#[test]
fn annotations_are_at_the_lines_of_the_description() {
    let (_center, project) = applied("");
    break_it(&project);
    let ended = project.run("plan --annotate github").success();
    let lines = ended.stderr().lines();
    let lines: Vec<&str> = lines.filter(|line| line.starts_with("::warning")).collect();
    let start = "::warning title=breaking change in api/orders/version/1-0-0/definition/openapi,file=apis/openapi.yaml";
    for (line, column, words) in [
        (4, 3, "DELETE /orders/{id}: operation removed"),
        (
            17,
            5,
            "GET /orders/{id}: response 200: property `total` removed",
        ),
        (
            8,
            11,
            "GET /orders/{id}: parameter `expand` is now required",
        ),
    ] {
        let found = lines.iter().any(|annotation| {
            annotation.starts_with(&format!("{start},line={line},col={column},"))
                && annotation.contains(words)
        });
        assert!(found, "{words}: {lines:#?}");
    }
    assert_eq!(lines.len(), 3, "{lines:#?}");
    let (_center, project) = applied("");
    project.edit("apis/openapi.yaml", "title: Orders", "title: Order desk");
    project
        .run("plan --annotate github")
        .success()
        .never_says("::warning");
}
