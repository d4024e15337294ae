//! `apply --undo-file`, and `apply --undo` that goes back.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use super::harness::Project;
use super::held::held;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

pub(super) const APPLY: &str = "apply --auto-approve --undo-file undo.json";

pub(super) const UNDO: &str = "apply --undo undo.json --auto-approve";

/// A service with the API `orders` and its ground, a field of a newer service, and a project that prunes.
pub(super) fn applied() -> (ServiceFixture, Project) {
    let mut center = ServiceFixture::start();
    let settings = "prune: {scope: all}\nsafety: {maxDeletes: \"100%\"}";
    let project = orders(Project::of_with(&center, settings));
    project.run("apply --auto-approve -q").success();
    let mut api = center.get("apis/orders")["properties"].take();
    api["contacts"] = json!([{"name": "Team", "phone": "1"}, {"name": "Boss", "phone": "2"}]);
    api["novel"] = json!({"deep": [1, 2]});
    center.put("apis/orders", api);
    project.edit(
        "apis/orders.yaml",
        "  kind: rest\n",
        "  kind: rest\n  contacts: [{name: Team}, {name: Boss}]\n",
    );
    project.run("plan --detailed-exitcode").success();
    center.mark();
    (center, project)
}

/// The same, and its API got another title by an apply with a record.
pub(super) fn retitled() -> (ServiceFixture, Project) {
    let (center, project) = applied();
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: All orders\n",
    );
    project.run(APPLY).success();
    (center, project)
}

/// Applies with a record, undoes it, and compares all that the service holds.
#[track_caller]
fn goes_back(center: &ServiceFixture, project: &Project, more: &str) {
    let before = held(center);
    project.run(&format!("{APPLY} {more}")).success();
    assert_ne!(held(center), before, "the apply changes something");
    project.run(UNDO).success();
    assert_eq!(held(center), before);
    project.run(UNDO).success().says(&["No changes."]);
}

const MORE: &str = "\
apiVersion: apicenter/v1
kind: Environment
metadata: {name: staging}
spec: {title: Staging, kind: staging}
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: payments}
spec:
  title: Payments
  kind: rest
  versions:
    - name: v1
      title: v1
      lifecycleStage: design
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}
  deployments:
    - {name: stage, title: Stage, environment: staging, definition: v1/openapi}
";

#[test]
fn what_an_apply_created_is_deleted_although_nothing_is_pruned() {
    let (center, project) = applied();
    project.write("apis/more.yaml", MORE);
    goes_back(&center, &project, "");
}

#[test]
fn what_an_apply_changed_is_as_before_with_documents_and_unknown_fields() {
    let (center, project) = applied();
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: All orders\n",
    );
    project.edit(
        "apis/orders.yaml",
        "[{name: Team}, {name: Boss}]",
        "[{name: Boss}]",
    );
    project.edit("apis/orders.yaml", "title: Production", "title: Live");
    project.edit("apis/openapi.yaml", "List orders", "All orders");
    goes_back(&center, &project, "");
}

#[test]
fn what_an_apply_deleted_is_there_again() {
    let (center, project) = applied();
    project.remove("apis/orders.yaml");
    goes_back(&center, &project, "--prune");
}

#[test]
fn what_got_another_name_gets_the_former_one() {
    let (center, project) = applied();
    project.edit(
        "apis/orders.yaml",
        "metadata: {name: orders}",
        "metadata: {name: purchases, previously: [orders]}",
    );
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: Purchases\n",
    );
    let before = held(&center);
    project.run(APPLY).success();
    project
        .run("plan --undo undo.json")
        .success()
        .says(&["> api/orders", "1 to rename"]);
    project.run(UNDO).success();
    assert_eq!(held(&center), before);
    project.run(UNDO).success().says(&["No changes."]);
}

fn schema(kind: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: rank}}\nspec:\n  \
         schema: {{type: {kind}, title: Rank}}\n  assignedTo: [{{entity: api}}]\n"
    )
}

#[test]
fn a_metadata_schema_gets_its_former_type_and_its_values() {
    let (center, project) = applied();
    let ranked = |value: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: ranked}}\nspec: {{title: Ranked, \
             kind: rest, customProperties: {{rank: {value}}}}}\n"
        )
    };
    project.write("rank.yaml", schema("string"));
    project.write("ranked.yaml", ranked("low"));
    project.run("apply --auto-approve -q").success();
    project.write("rank.yaml", schema("array, items: {type: string}"));
    project.write("ranked.yaml", ranked("[low, high]"));
    goes_back(&center, &project, "");
}

fn title(center: &ServiceFixture) -> Value {
    center.get("apis/orders")["properties"]["title"].clone()
}

#[test]
fn what_somebody_changed_since_is_not_overwritten() {
    let (center, project) = applied();
    project.write("apis/more.yaml", MORE);
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: All orders\n",
    );
    project.run(APPLY).success();
    let mut api = center.get("apis/orders")["properties"].take();
    api["title"] = json!("Somebody's");
    center.put("apis/orders", api);
    center.put(
        "apis/payments/versions/v2",
        json!({"title": "v2", "lifecycleStage": "design"}),
    );
    let changed = held(&center);
    project.run(UNDO).exit(5).talks(&[
        "api/orders: `title` is \"Somebody's\", and the apply left \"All orders\"",
        "api/payments: somebody added api/payments/version/v2 below it",
        "help: ",
    ]);
    assert_eq!(held(&center), changed);
    assert_eq!(title(&center), "Somebody's");
}

/// A service with a deployed definition without a document, and a project that gives it one.
fn with_later_document() -> (ServiceFixture, Project) {
    let (center, project) = applied();
    let plain = "        - {name: plain, title: Plain}\n";
    project.edit(
        "apis/orders.yaml",
        "      definitions:\n",
        &format!("      definitions:\n{plain}"),
    );
    project.edit(
        "apis/orders.yaml",
        "definition: 1-0-0/openapi",
        "definition: 1-0-0/plain",
    );
    project.run("apply --auto-approve -q").success();
    project.edit(
        "apis/orders.yaml",
        "title: Plain}",
        "title: Plain, source: {file: openapi.yaml}}",
    );
    (center, project)
}

#[test]
fn a_document_that_was_not_there_is_removed_with_its_definition() {
    let (center, project) = with_later_document();
    let before = held(&center);
    project.run(APPLY).success();
    project.run("plan --undo undo.json").success().says(&[
        "± api/orders/version/1-0-0/definition/plain",
        "had no content, which cannot be removed, so it is deleted and created again",
    ]);
    project.run(UNDO).success();
    assert_eq!(held(&center), before);
    project.run(UNDO).success().says(&["No changes."]);
}

#[test]
fn a_ruleset_that_was_not_there_is_removed_with_its_analyzer() {
    let (center, project) = applied();
    let analyzer = "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: default}\nspec: {title: House rules";
    project.write("rules/ruleset.yml", "rules: {}\n");
    project.write("analyzer.yaml", format!("{analyzer}}}\n"));
    project.run("apply --auto-approve -q").success();
    project.write("analyzer.yaml", format!("{analyzer}, ruleset: rules}}\n"));
    let before = center.get("analyzerConfigs/default")["properties"].take();
    project.run(APPLY).success();
    project.run("plan --undo undo.json").success().says(&[
        "± analyzer/default",
        "had no content, which cannot be removed, so it is deleted and created again",
    ]);
    project.run(UNDO).success();
    let after = center.get("analyzerConfigs/default")["properties"].take();
    assert_eq!(after, before);
    project.run(UNDO).success().says(&["No changes."]);
}

/// The deployment is written with the former name of its environment while its definition is replaced.
#[test]
fn nothing_that_refers_to_a_definition_is_written_while_it_is_replaced() {
    let (mut center, project) = with_later_document();
    project.edit(
        "ground.yaml",
        "{name: production}",
        "{name: live, previously: [production]}",
    );
    project.edit(
        "apis/orders.yaml",
        "environment: production",
        "environment: live",
    );
    project.run(APPLY).success();
    center.mark();
    project.run(UNDO).success();
    let writes = center.writes();
    let first = |method: &str, end: &str| {
        let mut writes = writes.iter();
        let at = writes.position(|write| write.starts_with(method) && write.ends_with(end));
        at.unwrap_or_else(|| panic!("no {method} of {end} in {writes:#?}"))
    };
    let (redirected, deleted) = (
        first("PUT", "deployments/prod-eu"),
        first("DELETE", "definitions/plain"),
    );
    assert!(redirected < deleted, "{writes:#?}");
}

#[test]
fn a_record_of_another_apply_is_not_overwritten() {
    let (center, project) = retitled();
    let record = project.read("undo.json");
    project.run(APPLY).success().says(&["No changes."]);
    project.edit(
        "apis/orders.yaml",
        "  title: All orders\n",
        "  title: More\n",
    );
    project.run(APPLY).exit(5).talks(&[
        "undo.json is of another apply, which ended; nothing was sent",
        "it is not overwritten; give this apply another --undo-file",
    ]);
    assert_eq!(project.read("undo.json"), record);
    assert_eq!(title(&center), "All orders");
}

#[test]
fn an_apply_of_a_part_does_not_end_the_record_of_an_interrupted_one() {
    let (center, project) = applied();
    let before = held(&center);
    project.write("apis/more.yaml", MORE);
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: All orders\n",
    );
    let refused = Fault::Status(403);
    center.inject(FaultRule::next("PUT", "environments/staging", refused).times(9));
    project.run(APPLY).exit(4);
    center.heal();
    let is_complete = || {
        let record: Value = serde_json::from_str(&project.read("undo.json")).expect("JSON");
        record["complete"].as_bool().expect("a flag")
    };
    let only = |pattern: &str| {
        project.run(&format!("{APPLY} --only {pattern}")).success();
    };
    only("api/orders");
    assert!(!is_complete(), "nothing was done");
    only("environment/staging");
    assert!(!is_complete(), "a part was done");
    project.run(APPLY).success();
    assert!(is_complete(), "the rest was done");
    project.run(UNDO).success();
    assert_eq!(held(&center), before);
}

#[test]
fn only_a_record_as_it_was_written_and_of_the_target_is_used() {
    let (_center, project) = applied();
    project.edit(
        "apis/orders.yaml",
        "  title: Orders\n",
        "  title: All orders\n",
    );
    project.run(APPLY).success();
    project.edit("apicenter.yaml", "live:", "other:");
    project
        .run(UNDO)
        .exit(5)
        .talks(&["undo.json is of the target live, service contoso in resource group rg, and this is the target other"]);
    project
        .run(APPLY)
        .exit(5)
        .talks(&["undo.json is of the target live"]);
    project.edit("apicenter.yaml", "other:", "live:");
    let record = project.read("undo.json");
    project.write("undo.json", record.replace("\"Orders\"", "\"Mine\""));
    project
        .run(UNDO)
        .exit(1)
        .talks(&["undo.json was altered after it was written"]);
    project.write("undo.json", &record[..record.len() / 2]);
    project
        .run(UNDO)
        .exit(1)
        .talks(&["undo.json is not an undo file"]);
    project
        .run("apply --undo none.json")
        .exit(1)
        .talks(&["cannot read none.json"]);
    for more in [
        "--only api/orders",
        "--prune",
        "--changed-since main",
        "plan.json",
        "--wait-sync",
    ] {
        project.run(&format!("{UNDO} {more}")).exit(64);
    }
    project
        .run("plan --undo undo.json --out plan.json")
        .exit(64);
    project.run("apply --auto-approve --undo-file -").exit(64);
}

#[test]
fn going_back_needs_neither_manifests_nor_prune_and_keeps_the_consents() {
    let (center, project) = applied();
    project.write("apis/more.yaml", MORE);
    let before = held(&center);
    project.run(APPLY).success();
    project.write("apis/orders.yaml", "nonsense: [");
    let plan = project
        .run("plan --undo undo.json --format json")
        .success()
        .json();
    assert_eq!(plan["summary"]["delete"], 5);
    project
        .run(&format!("{UNDO} --expect-plan p2-{}", "0".repeat(32)))
        .exit(5);
    project
        .run("apply --undo undo.json")
        .exit(64)
        .talks(&["--auto-approve"]);
    project.edit(
        "apicenter.yaml",
        "maxDeletes: \"100%\"",
        "maxDeletes: \"0\", protect: [environment/staging]",
    );
    project.run(UNDO).exit(5).talks(&[
        "Not undone, because a rule blocks it:",
        "environment/staging",
    ]);
    project.edit("apicenter.yaml", ", protect: [environment/staging]", "");
    let id = plan["planId"].as_str().expect("an id");
    assert_ne!(id, "");
    let report = project
        .run(&format!("{UNDO} --format json"))
        .success()
        .json();
    assert_eq!(report["destroyed"], 1, "{report:#}");
    assert_eq!(held(&center), before);
}

#[cfg(unix)]
#[test]
fn a_record_is_for_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_center, project) = applied();
    project.write("apis/more.yaml", MORE);
    project.run(APPLY).success();
    let file = project.path("undo.json").metadata().expect("it is there");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}
