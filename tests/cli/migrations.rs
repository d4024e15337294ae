//! Metadata schemas that change while APIs hold values of them.

use apicenter::emulator::{Fault, FaultRule};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Project;
use super::service_fixture::ServiceFixture;

fn schema(kind: &str, assigned: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: rank}}\nspec:\n  \
         schema: {{type: {kind}, title: Rank}}\n  assignedTo: [{assigned}]\n"
    )
}

fn api(name: &str, value: &str) -> String {
    let value = match value {
        "" => String::new(),
        value => format!("\n  customProperties: {{rank: {value}}}"),
    };
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec:\n  title: {name}\n  \
         kind: rest{value}\n"
    )
}

/// The schema `rank` and two APIs that have a value of it, applied.
fn applied(assigned: &str) -> (ServiceFixture, Project) {
    let mut center = ServiceFixture::start();
    let project = Project::of_with(
        &center,
        "prune: {scope: all}\nsafety: {maxDeletes: \"100%\"}",
    );
    project.write("rank.yaml", schema("string", assigned));
    project.write("billing.yaml", api("billing", "low"));
    project.write("orders.yaml", api("orders", "high"));
    project.run("apply --auto-approve -q").success();
    center.mark();
    (center, project)
}

/// The type of the schema, and the values of the APIs.
fn state(center: &ServiceFixture) -> Value {
    let rank = |api: &str| {
        center.get(&format!("apis/{api}"))["properties"]["customProperties"]["rank"].clone()
    };
    json!([rank("billing"), rank("orders")])
}

fn has_no_changes(project: &Project) {
    project
        .run("plan --prune --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn a_type_changes_together_with_the_values() {
    let (center, project) = applied("{entity: api}");
    project.write(
        "rank.yaml",
        schema("array, items: {type: string}", "{entity: api}"),
    );
    project.write("billing.yaml", api("billing", "[low]"));
    project.write("orders.yaml", api("orders", "[high, urgent]"));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ metadata-schema/rank  "Rank"                                                         rank.yaml:1:1
        schema.type        string → array                                                          :5:18
        schema.items.type  (none) → string                                                         :5:39
        in use by api/billing and api/orders, so in steps:
          1. clear the value on api/billing and api/orders
          2. change the schema
          3. set the value again on api/billing and api/orders

    ~ api/billing  `rank` is cleared before its schema changes                          billing.yaml:1:1
        customProperties.rank  low → [low]                                                         :7:28

    ~ api/orders  `rank` is cleared before its schema changes                            orders.yaml:1:1
        customProperties.rank  high → [high, urgent]                                               :7:28

    Plan: 0 to add, 3 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Resources: 0 added, 3 changed, 0 destroyed."]);
    let mut writes = center.writes();
    writes[..2].sort();
    writes[3..].sort();
    let apis = ["PUT apis/billing", "PUT apis/orders"];
    assert_eq!(writes[..2], apis);
    assert_eq!(writes[2], "PUT metadataSchemas/rank");
    assert_eq!(writes[3..], apis);
    assert_eq!(state(&center), json!([["low"], ["high", "urgent"]]));
    has_no_changes(&project);
}

#[test]
fn a_schema_goes_together_with_its_values() {
    let (center, project) = applied("{entity: api}");
    project.remove("rank.yaml");
    project.write("billing.yaml", api("billing", ""));
    project.write("orders.yaml", api("orders", ""));
    assert_snapshot!(project.run("plan --prune").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    - metadata-schema/rank  "Rank"  not declared, and this repository owns the whole service
        in use by api/billing and api/orders, so in steps:
          1. clear the value on api/billing and api/orders
          2. delete the schema

    ~ api/billing                                                                       billing.yaml:1:1
        customProperties.rank  low → (none)                                                         :1:1

    ~ api/orders                                                                         orders.yaml:1:1
        customProperties.rank  high → (none)                                                        :1:1

    Plan: 0 to add, 2 to change, 1 to destroy.
    Plan ID: [PLAN]
    "#);
    project
        .run("apply --prune --auto-approve")
        .success()
        .says(&["Resources: 0 added, 2 changed, 1 destroyed."]);
    assert_eq!(center.writes().len(), 3);
    has_no_changes(&project);
}

#[test]
fn a_required_schema_goes_together_with_its_values() {
    let (center, project) = applied("{entity: api, required: true}");
    project.remove("rank.yaml");
    project.write("billing.yaml", api("billing", ""));
    project.write("orders.yaml", api("orders", ""));
    assert_snapshot!(project.run("plan --prune").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    - metadata-schema/rank  "Rank"  not declared, and this repository owns the whole service
        in use by api/billing and api/orders, so in steps:
          1. make the schema optional
          2. clear the value on api/billing and api/orders
          3. delete the schema

    ~ api/billing                                                                       billing.yaml:1:1
        customProperties.rank  low → (none)                                                         :1:1

    ~ api/orders                                                                         orders.yaml:1:1
        customProperties.rank  high → (none)                                                        :1:1

    Plan: 0 to add, 2 to change, 1 to destroy.
    Plan ID: [PLAN]
    "#);
    project.run("apply --prune --auto-approve").success();
    assert_eq!(center.writes()[0], "PUT metadataSchemas/rank");
    assert_eq!(center.writes()[3], "DELETE metadataSchemas/rank");
    has_no_changes(&project);
}

#[test]
fn a_schema_is_taken_from_apis_and_given_to_environments() {
    let (center, project) = applied("{entity: api}");
    project.write("rank.yaml", schema("string", "{entity: environment}"));
    project.write("billing.yaml", api("billing", ""));
    project.write("orders.yaml", api("orders", ""));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ metadata-schema/rank  "Rank"                                                         rank.yaml:1:1
        assignedTo[environment]  (none) → {entity: environment}                                    :6:15
        assignedTo[api]          {entity: api} → (none)                                            :6:15
        in use by api/billing and api/orders, so in steps:
          1. clear the value on api/billing and api/orders
          2. change the schema

    ~ api/billing                                                                       billing.yaml:1:1
        customProperties.rank  low → (none)                                                         :1:1

    ~ api/orders                                                                         orders.yaml:1:1
        customProperties.rank  high → (none)                                                        :1:1

    Plan: 0 to add, 3 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes().len(), 3);
    has_no_changes(&project);
}

#[test]
fn a_property_becomes_required_once_every_declared_api_has_it() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    project.write("billing.yaml", api("billing", ""));
    project.run("apply --auto-approve -q").success();
    for i in 0..7 {
        center.put(
            &format!("apis/other-{i}"),
            json!({"title": "Other", "kind": "rest"}),
        );
    }
    project.write(
        "rank.yaml",
        schema("string", "{entity: api, required: true}"),
    );
    project.write("billing.yaml", api("billing", "low"));
    project.write("orders.yaml", api("orders", "high"));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ api/billing                                                                       billing.yaml:1:1
        customProperties.rank  (none) → low                                                        :7:28

    + metadata-schema/rank  "Rank"                                                         rank.yaml:1:1
        required only once every declared resource has a value, so in steps:
          1. create the schema, optional for now
          2. set the value on api/billing
          3. make the schema required
    + api/orders                                                                         orders.yaml:1:1

    Unmanaged (in the service, not in the manifests; not changed):
        api/other-0
        api/other-1
        api/other-2
        api/other-3
        api/other-4
        and 2 more: --show-unmanaged lists them

    warning: metadata-schema/rank becomes required, and 7 resources in the service have no value: api/other-0, api/other-1, api/other-2, api/other-3, api/other-4 and 2 more  rank.yaml:6:15
        the service refuses every later write of each until it has a value: keep `rank` optional until then

    Every resource with every field: --details
    Plan: 2 to add, 1 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
    project
        .run("apply --auto-approve")
        .success()
        .says(&["2 added, 1 changed"]);
    has_no_changes(&project);
}

#[test]
fn a_required_schema_of_another_type_is_required_again_in_the_end() {
    let (center, project) = applied("{entity: api, required: true}");
    project.write(
        "rank.yaml",
        schema("number", "{entity: api, required: true}"),
    );
    project.write("billing.yaml", api("billing", "1"));
    project.write("orders.yaml", api("orders", "2"));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ metadata-schema/rank  "Rank"                                                         rank.yaml:1:1
        schema.type  string → number                                                               :5:18
        in use by api/billing and api/orders, so in steps:
          1. make the schema optional
          2. clear the value on api/billing and api/orders
          3. change the schema, optional for now
          4. set the value again on api/billing and api/orders
          5. make the schema required

    ~ api/billing  `rank` is cleared before its schema changes                          billing.yaml:1:1
        customProperties.rank  low → 1                                                             :7:28

    ~ api/orders  `rank` is cleared before its schema changes                            orders.yaml:1:1
        customProperties.rank  high → 2                                                            :7:28

    Plan: 0 to add, 3 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
    assert_snapshot!(project.run("apply --auto-approve --parallelism 1").success().scrubbed_stderr(), @"
    reading contoso
    read 4 resources in [TIME] (21 requests)
    ~ metadata-schema/rank: no longer required ([TIME])
    ~ api/billing: `rank` cleared ([TIME])
    ~ api/orders: `rank` cleared ([TIME])
    ~ metadata-schema/rank: changed, not required yet ([TIME])
    ~ api/billing: updated ([TIME])
    ~ api/orders: updated ([TIME])
    ~ metadata-schema/rank: updated ([TIME])
    verifying contoso
    verified in [TIME]
    applied and verified in [TIME]
    ");
    assert_eq!(center.writes().len(), 7);
    has_no_changes(&project);
}

#[test]
fn what_an_unmanaged_api_holds_is_in_the_way() {
    let (center, project) = applied("{entity: api}");
    center.put(
        "apis/legacy",
        json!({"title": "Legacy", "kind": "rest", "customProperties": {"rank": "x"}}),
    );
    project.write("rank.yaml", schema("number", "{entity: api}"));
    project.write("billing.yaml", api("billing", "1"));
    project.write("orders.yaml", api("orders", "2"));
    assert_snapshot!(project.run("plan").exit(5).scrubbed(), @r#"
    Target live: service contoso in resource group rg

    ~ metadata-schema/rank  "Rank"                                                         rank.yaml:1:1
        schema.type  string → number                                                               :5:18

    ~ api/billing                                                                       billing.yaml:1:1
        customProperties.rank  low → 1                                                             :7:28

    ~ api/orders                                                                         orders.yaml:1:1
        customProperties.rank  high → 2                                                            :7:28

    Unmanaged (in the service, not in the manifests; not changed):
        api/legacy

    refused: metadata-schema/rank cannot change its type while it is in use by api/legacy (not declared here)  rank.yaml:5:18
        the service requires these values to be cleared first: remove `rank` from these resources where they are managed (undeclared ones: in the portal, or declare them here without it), then plan again

    Plan: 0 to add, 3 to change, 0 to destroy.
    Plan ID: [PLAN]
    "#);
    let writes = center.writes().len();
    project.run("apply --auto-approve").exit(5);
    assert_eq!(center.writes().len(), writes, "nothing was sent");
}

#[test]
fn with_only_the_schema_selected_its_users_are_known_all_the_same() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    project.write("rank.yaml", schema("string", "{entity: deployment}"));
    let deployed = |value: &str| {
        let api = api("orders", "");
        format!(
            "{api}  deployments:\n    - name: prod-eu\n      title: Production\n      \
             customProperties: {{rank: {value}}}\n"
        )
    };
    project.write("orders.yaml", deployed("high"));
    project.run("apply --auto-approve -q").success();
    project.write("rank.yaml", schema("number", "{entity: deployment}"));
    project.write("orders.yaml", deployed("1"));
    project.run("plan --only metadata-schema/*").exit(5).says(&[
        "cannot change its type while it is in use by api/orders/deployment/prod-eu (left out by \
         --only)",
    ]);
    project.run("apply --auto-approve").success();
    has_no_changes(&project);
}

#[test]
fn a_required_property_that_is_left_to_others_needs_a_first_value() {
    let center = ServiceFixture::start();
    let ignore = "ignore: [{kind: Api, field: customProperties.rank}]";
    let project = Project::of_with(&center, ignore);
    project.write(
        "rank.yaml",
        schema("string", "{entity: api, required: true}"),
    );
    project.write("orders.yaml", api("orders", ""));
    project.run("plan").success().says(&[
        "warning: metadata-schema/rank requires a value, and api/orders has none  orders.yaml:1:1",
        "the service refuses to write it: set `rank` in the manifest",
    ]);
    project.write("orders.yaml", api("orders", "low"));
    project
        .run("apply --auto-approve")
        .success()
        .never_says("warning");
}

#[test]
fn every_format_tells_the_steps() {
    let (_center, project) = applied("{entity: api}");
    project.write("rank.yaml", schema("number", "{entity: api}"));
    project.write("billing.yaml", api("billing", "1"));
    project.write("orders.yaml", api("orders", "2"));
    let json = project.run("plan --format json").success().json();
    assert_eq!(json["requests"]["writes"], 5);
    assert_eq!(json["summary"]["update"], 3);
    let change = &json["changes"][0];
    assert_eq!(change["address"], "metadata-schema/rank");
    assert_eq!(change["usedBy"], json!(["api/billing", "api/orders"]));
    assert_snapshot!(serde_json::to_string_pretty(&change["steps"]).expect("JSON"), @r#"
    [
      {
        "action": "clear",
        "description": "clear the value on api/billing and api/orders",
        "resources": [
          "api/billing",
          "api/orders"
        ]
      },
      {
        "action": "change",
        "description": "change the schema"
      },
      {
        "action": "set",
        "description": "set the value again on api/billing and api/orders",
        "resources": [
          "api/billing",
          "api/orders"
        ]
      }
    ]
    "#);
    assert_snapshot!(project.run("plan --format markdown").success().scrubbed(), @"
    <!-- apicenter-plan:live -->
    ## Plan for `live`: 0 to add, 3 to change, 0 to destroy

    Service `contoso` in resource group `rg`, subscription `00000000…` · Plan ID: `[PLAN]`

    ### Changes

    | | | |
    |---|---|---|
    | **update** | `metadata-schema/rank` Rank | `schema.type` `string` → `number`<br>in use by api/billing and api/orders, so in steps:<br>1. clear the value on api/billing and api/orders<br>2. change the schema<br>3. set the value again on api/billing and api/orders<br>`rank.yaml:1:1` |
    | **update** | `api/billing` | `customProperties.rank` `low` → `1` (`billing.yaml:1:1`) |
    | **update** | `api/orders` | `customProperties.rank` `high` → `2` (`orders.yaml:1:1`) |

    <details><summary>Fields of 3 resources</summary>

    ```diff
    ! update metadata-schema/rank  rank.yaml:1:1
    -   schema.type: string
    +   schema.type: number  rank.yaml:5:18
    ```

    ```diff
    ! update api/billing  billing.yaml:1:1
    -   customProperties.rank: low
    +   customProperties.rank: 1  billing.yaml:7:28
    ```

    ```diff
    ! update api/orders  orders.yaml:1:1
    -   customProperties.rank: high
    +   customProperties.rank: 2  orders.yaml:7:28
    ```

    </details>

    To apply exactly this plan, or nothing:

    ```sh
    apicenter apply --expect-plan [PLAN] -t live
    ```
    ");
    project
        .run("plan --format html")
        .success()
        .says(&["clear the value on api/billing and api/orders"]);
}

#[test]
fn a_failure_at_any_write_is_healed_by_the_next_apply() {
    // Optional, two cleared, changed, two set, required; each is done although it seems to fail.
    for nth in 1..=7 {
        let (center, project) = applied("{entity: api, required: true}");
        project.write(
            "rank.yaml",
            schema("number", "{entity: api, required: true}"),
        );
        project.write("billing.yaml", api("billing", "1"));
        project.write("orders.yaml", api("orders", "2"));
        center.inject(FaultRule::next("PUT", "", Fault::StatusAfter(400)).nth(nth));
        let run = "apply --auto-approve --parallelism 1";
        project.run(run).exit(4).says(&["Apply incomplete."]);
        center.heal();
        project.run("apply --auto-approve --no-verify").success();
        assert_eq!(state(&center), json!([1, 2]), "{nth}");
        has_no_changes(&project);
    }
}

#[test]
fn killed_before_any_write_the_next_apply_finishes() {
    // Optional, two cleared, deleted.
    for nth in 1..=4 {
        let (center, project) = applied("{entity: api, required: true}");
        project.remove("rank.yaml");
        project.write("billing.yaml", api("billing", ""));
        project.write("orders.yaml", api("orders", ""));
        for method in ["PUT", "DELETE"] {
            let nth = if method == "PUT" { nth } else { 1 };
            center.inject(FaultRule::next(method, "", Fault::Hang).nth(nth));
        }
        let mut run = project.start("apply --prune --auto-approve --parallelism 1");
        center.wait_for_writes(nth as usize);
        run.child().kill().expect("it is killed");
        run.finish().killed();
        center.heal();
        project
            .run("apply --prune --auto-approve --no-verify")
            .success();
        has_no_changes(&project);
    }
}
