//! What people read, word for word.

use apicenter::emulator::{Fault, FaultRule};
use insta::assert_snapshot;
use serde_json::json;

use super::harness::{Ended, Project};
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

/// A project that was applied.
fn applied(more: &str) -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, more));
    project.run("apply --auto-approve -q").success();
    (center, project)
}

#[test]
fn a_plan_that_creates() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    + metadata-schema/team  "Team"                                                       ground.yaml:1:1
    + environment/production  "Production"                                               ground.yaml:8:1
    + api/orders  "Orders"  1 version, 1 definition, 1 deployment                   apis/orders.yaml:1:1

    Every resource with every field: --details
    Plan: 6 to add, 0 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_updates_one_field() {
    let (_center, project) = applied("");
    project.edit("apis/orders.yaml", "title: Orders", "title: Order desk");
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ api/orders  "Order desk"                                                      apis/orders.yaml:1:1
        title  Orders → Order desk                                                                 :5:10

    Plan: 0 to add, 1 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_changes_adds_and_removes_fields() {
    let (center, project) = applied("");
    center.put(
        "environments/production",
        json!({"title": "Prod", "kind": "staging", "description": "One line\nand another",
            "server": {"type": "Kubernetes", "managementPortalUri": ["https://old.contoso.com"]}}),
    );
    project.edit(
        "ground.yaml",
        "{title: Production, kind: production}",
        "{title: Production, kind: production, description: \"One line\\nand one more\", \
         onboarding: {instructions: Ask}}",
    );
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ environment/production  "Production"                                               ground.yaml:8:1
        title                       Prod → Production                                             :11:15
        kind                        staging → production                                          :11:33
        description                                                                               :11:58
          @@ -1,2 +1,2 @@
            One line
          - and another
          + and one more
        onboarding.instructions     (none) → Ask                                                 :11:111
        server.type                 Kubernetes → (none)                                             :8:1
        server.managementPortalUri  [https://old.contoso.com] → (none)                              :8:1

    Plan: 0 to add, 1 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_deletes_with_all_that_lies_below() {
    let (_center, project) = applied("prune: {scope: all}");
    project.remove("apis/orders.yaml");
    assert_snapshot!(project.run("plan --prune").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    - api/orders  "Orders"  not declared, and this repository owns the whole service
          with version/1-0-0, version/1-0-0/definition/openapi, deployment/prod-eu

    Plan: 0 to add, 0 to change, 4 to destroy.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_is_blocked_in_part() {
    let (_center, project) = applied("prune: {scope: all}\nsafety: {protect: [environment/*]}");
    project.remove("ground.yaml");
    project.remove("apis/orders.yaml");
    project.write("b.yaml", api("billing"));
    assert_snapshot!(project.run("plan --prune").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    Not declared, and this repository owns the whole service:
    - metadata-schema/team  "Team"
    - api/orders  "Orders"  with version/1-0-0, version/1-0-0/definition/openapi, deployment/prod-eu

    ! environment/production  "Production"  delete blocked: protected by safety.protect

    + api/billing                                                                             b.yaml:1:1

    Every resource with every field: --details
    Plan: 1 to add, 0 to change, 5 to destroy. 1 blocked.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_changes_a_document() {
    let (_center, project) = applied("");
    project.edit(
        "apis/openapi.yaml",
        "      summary: List orders\n",
        "      deprecated: true\n",
    );
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ api/orders/version/1-0-0/definition/openapi  "Orders"                       apis/orders.yaml:13:11
        source  +1 −1 lines                                                                       :15:19
          @@ -5,6 +5,6 @@
            paths:
              /orders:
                get:
          -       summary: List orders
          +       deprecated: true
                  responses:
                    '200': {description: Orders}

    Plan: 0 to add, 1 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
}

#[test]
fn a_plan_that_lists_what_nobody_declares() {
    let (center, project) = applied("");
    center.put(
        "apis/petstore",
        json!({"title": "Petstore", "kind": "rest"}),
    );
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    Unmanaged (in the service, not in the manifests; not changed):
        api/petstore

    No changes. The service is as declared (6 resources).
    "#);
}

#[test]
fn a_plan_without_changes() {
    let (_center, project) = applied("");
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    No changes. The service is as declared (6 resources).
    "#);
}

#[test]
fn a_plan_that_is_refused() {
    let (_center, project) = applied("prune: {scope: all}\nsafety: {minExisting: 1}");
    project.remove("apis/orders.yaml");
    assert_snapshot!(project.run("plan --prune").exit(5).scrubbed(), @r#"
    Target live: service contoso in resource group rg

    - api/orders  "Orders"  not declared, and this repository owns the whole service
          with version/1-0-0, version/1-0-0/definition/openapi, deployment/prod-eu

    refused: too many deletes: 4 of 6 resources, 66.67% where safety.maxDeletes allows 30%
        check that no folder of manifests is missing; to delete this many, raise safety.maxDeletes in apicenter.yaml for this change

    Plan: 0 to add, 0 to change, 4 to destroy.
    Plan ID: [PLAN]
    "#);
}

/// What an apply prints below its plan.
fn after_plan(ended: &Ended) -> String {
    let text = ended.scrubbed();
    let (_, result) = text.split_once("[PLAN]").expect("a plan and a result");
    result.trim_start().to_owned()
}

#[test]
fn an_apply_and_its_talk() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let ended = project
        .run("apply --auto-approve --parallelism 1")
        .success();
    assert_snapshot!(after_plan(&ended), @"Apply complete! Resources: 6 added, 0 changed, 0 destroyed.");
    assert_snapshot!(ended.scrubbed_stderr(), @"
    reading contoso
    read 1 resource in [TIME] (17 requests)
    + metadata-schema/team: created ([TIME])
    + environment/production: created ([TIME])
    + api/orders: created ([TIME])
    + api/orders/version/1-0-0: created ([TIME])
    + api/orders/version/1-0-0/definition/openapi: created ([TIME])
    + api/orders/deployment/prod-eu: created ([TIME])
    verifying contoso
    verified in [TIME]
    applied and verified in [TIME]
    ");
}

#[test]
fn an_apply_that_fails_in_part() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    center.inject(FaultRule::next("PUT", "/versions/1-0-0", Fault::Status(400)).times(99));
    let ended = project.run("apply --auto-approve --parallelism 1").exit(4);
    assert_snapshot!(after_plan(&ended), @r#"
    Not done:
      + api/orders/version/1-0-0: PUT apis/orders/versions/1-0-0: refused by the service: An injected fault (HTTP 400, BadRequest, request id [ID])
      + api/orders/version/1-0-0/definition/openapi: needs api/orders/version/1-0-0
      + api/orders/deployment/prod-eu: needs api/orders/version/1-0-0

    Apply incomplete. Resources: 3 added, 0 changed, 0 destroyed.
    Fix the errors, if any, and run apply again: it makes a new plan and does what is left.
    "#);
    assert_snapshot!(ended.scrubbed_stderr(), @"
    reading contoso
    read 1 resource in [TIME] (17 requests)
    + metadata-schema/team: created ([TIME])
    + environment/production: created ([TIME])
    + api/orders: created ([TIME])
    failed api/orders/version/1-0-0: PUT apis/orders/versions/1-0-0: refused by the service: An injected fault (HTTP 400, BadRequest, request id [ID])
    skipped api/orders/version/1-0-0/definition/openapi: it needs api/orders/version/1-0-0
    skipped api/orders/deployment/prod-eu: it needs api/orders/version/1-0-0
    ");
}

/// Problems of several kinds: at a value, at a key, with another place, and with wide characters.
fn broken() -> Project {
    orders(Project::local())
        .file("apis/twice.yaml", &api("Orders"))
        .file(
            "apis/wide.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: wide}\n\
             spec: {summary: \"\u{1f600} \u{f6}\", titel: Wide, kind: rest, title: Wide}\n",
        )
}

#[test]
fn problems_in_a_log() {
    assert_snapshot!(broken().run("validate").exit(6).scrubbed_stderr(), @r#"
    apis/twice.yaml:3:18: error[duplicate-resource]: api/Orders is declared twice
        3 | metadata: {name: Orders}
          |                  ^^^^^^ declared again here
        apis/orders.yaml:3:18: first declared here
        help: names are compared without case; rename one of the two or remove it

    apis/wide.yaml:4:24: error[unknown-field]: unknown field `titel`
        4 | spec: {summary: "😀 ö", titel: Wide, kind: rest, title: Wide}
          |                        ^^^^^ no such field here
        help: did you mean `title`?

    2 errors
    "#);
}

#[test]
fn problems_on_a_terminal() {
    let ended = broken().run("validate --color always").exit(6);
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_snapshot!(escapes.replace_all(&ended.scrubbed_stderr(), ""), @r#"
      × api/Orders is declared twice [duplicate-resource]
       ╭─[apis/twice.yaml:3:18]
     2 │ kind: Api
     3 │ metadata: {name: Orders}
       ·                  ───┬──
       ·                     ╰── declared again here
     4 │ spec: {title: Orders, kind: rest}
       ╰────
      apis/orders.yaml:3:18: first declared here
        3 | metadata: {name: orders}
          |                  ^^^^^^
      help: names are compared without case; rename one of the two or remove it

      × unknown field `titel` [unknown-field]
       ╭─[apis/wide.yaml:4:24]
     3 │ metadata: {name: wide}
     4 │ spec: {summary: "😀 ö", titel: Wide, kind: rest, title: Wide}
       ·                         ──┬──
       ·                           ╰── no such field here
       ╰────
      help: did you mean `title`?

    2 errors
    "#);
}
