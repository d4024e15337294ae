//! Live states that nobody expects: none leads to a false change, a false delete, or silence.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{GROUND, api, orders};
use super::service_fixture::ServiceFixture;

const SERVICE: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso";

/// Every read of a path gets this response.
fn answer(center: &ServiceFixture, path: &str, body: &Value) {
    let fault = Fault::Response {
        status: 200,
        body: body.to_string(),
    };
    center.inject(FaultRule::next("GET", path, fault).times(1000));
}

#[test]
fn a_custom_property_that_is_null_has_no_value() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("ground.yaml", GROUND)
        .file("a.yaml", &api("orders"));
    project.run("apply --auto-approve -q").success();
    let mut orders = center.get("apis/orders");
    orders["properties"]["customProperties"] = json!({"team": null});
    answer(
        &center,
        "/workspaces/default/apis",
        &json!({"value": [orders]}),
    );
    project.run("plan --detailed-exitcode").success();
    center.mark();
    project.run("apply --auto-approve -q").success();
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn an_item_without_a_name_is_an_error_and_never_a_delete_of_the_list() {
    let mut center = ServiceFixture::start();
    let project = Project::of_with(&center, "prune: {enabled: true, scope: all}\n")
        .file("a.yaml", &api("orders"));
    project.run("apply --auto-approve -q").success();
    let named = center.get("apis/orders");
    for (item, expected) in [
        (
            json!({"properties": {"title": "X", "kind": "rest"}}),
            "without a usable `name`",
        ),
        (
            json!({"name": "", "properties": {}}),
            "without a usable `name`",
        ),
        (json!({"name": null}), "without a usable `name`"),
        (
            json!({"name": "a/versions/1", "properties": {}}),
            "a/versions/1",
        ),
        (json!({"name": "lost"}), "the item `lost`"),
        (
            json!({"name": "lost", "properties": null}),
            "the item `lost`",
        ),
        (json!(null), "without a usable `name`: null"),
    ] {
        center.heal();
        answer(
            &center,
            "/workspaces/default/apis",
            &json!({"value": [named, item]}),
        );
        center.mark();
        for command in [
            "plan --prune",
            "apply --prune --auto-approve",
            "export --out out",
            "snapshot --out s.json",
        ] {
            project.run(command).exit(1).talks(&[expected]);
        }
        assert_eq!(center.writes(), [""; 0]);
    }
}

#[test]
fn the_case_of_an_assigned_entity_does_not_matter() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center).file("ground.yaml", GROUND);
    project.run("apply --auto-approve -q").success();
    let mut team = center.get("metadataSchemas/team");
    team["properties"]["assignedTo"][0]["entity"] = json!("API");
    answer(&center, "/metadataSchemas", &json!({"value": [team]}));
    project.run("plan --detailed-exitcode").success();
    center.mark();
    project.run("apply --auto-approve -q").success();
    assert_eq!(center.writes(), [""; 0]);
    center.heal();
    project.edit("ground.yaml", "entity: api", "entity: Api");
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn full_ids_of_the_own_service_are_names() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    let mut deployment = center.get("apis/orders/deployments/prod-eu");
    for field in ["environmentId", "definitionId"] {
        let id = deployment["properties"][field]
            .as_str()
            .expect("an id")
            .to_owned();
        deployment["properties"][field] = json!(format!("{}{id}", SERVICE.to_uppercase()));
    }
    answer(
        &center,
        "/apis/orders/deployments",
        &json!({"value": [deployment.clone()]}),
    );
    project.run("plan --detailed-exitcode").success();
    project.run("export --out out").success();
    let exported = project.read("out/apis/orders/api.yaml");
    for line in ["environment: production\n", "definition: 1-0-0/openapi\n"] {
        assert!(exported.contains(line), "{exported}");
    }
    std::fs::remove_dir_all(project.path("out")).expect("it was written");
    // Relative ids may be written in a manifest as well.
    center.heal();
    project.edit(
        "apis/orders.yaml",
        "environment: production",
        "environment: /workspaces/default/environments/production",
    );
    project.edit(
        "apis/orders.yaml",
        "definition: 1-0-0/openapi",
        "definition: /workspaces/default/apis/orders/versions/1-0-0/definitions/openapi",
    );
    project.run("plan --detailed-exitcode").success();
    project.edit(
        "apis/orders.yaml",
        "/workspaces/default/environments/production",
        &format!("{SERVICE}/workspaces/default/environments/production"),
    );
    project.run("validate").exit(6).talks(&[
        "which manifests cannot declare",
        "write the name of one of this service's own",
    ]);
}

const TWO: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: one}
spec:
  title: One
  kind: rest
  deployments:
    - name: shared
      title: Shared
      environment: production
      definition: two/1-0/openapi
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: two}
spec:
  title: Two
  kind: rest
  versions:
    - name: 1-0
      title: v1
      lifecycleStage: design
      definitions: [{name: openapi, title: OpenAPI}]
";

#[test]
fn a_deployment_may_run_the_definition_of_another_api() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("ground.yaml", GROUND)
        .file("a.yaml", TWO);
    project.run("validate").success();
    project.run("apply --auto-approve -q").success();
    let live = center.get("apis/one/deployments/shared");
    assert_eq!(
        live["properties"]["definitionId"],
        "/workspaces/default/apis/two/versions/1-0/definitions/openapi"
    );
    project.run("plan --detailed-exitcode").success();

    // An export says the same, and holds.
    let copy = Project::of(&center);
    copy.run("export").success();
    let exported = copy.read("apis/one/api.yaml");
    assert!(
        exported.contains("definition: two/1-0/openapi\n"),
        "{exported}"
    );
    copy.run("validate").success();
    copy.run("plan --detailed-exitcode").success();
    copy.edit("apis/one/api.yaml", "title: Shared", "title: Renamed");
    center.mark();
    copy.run("apply --auto-approve -q").success();
    assert_eq!(center.writes(), ["PUT apis/one/deployments/shared"]);
    copy.run("plan --detailed-exitcode").success();
    project.edit("a.yaml", "title: Shared", "title: Renamed");

    // The own API's name may be written, too.
    project.edit("a.yaml", "      definitions: [{name: openapi, title: OpenAPI}]\n", "      definitions: [{name: openapi, title: OpenAPI}]\n  deployments: [{name: own, title: Own, environment: production, definition: two/1-0/openapi}]\n");
    project.run("apply --auto-approve -q").success();
    project.edit(
        "a.yaml",
        "title: Own, environment: production, definition: two/1-0/openapi",
        "title: Own, environment: production, definition: 1-0/openapi",
    );
    project.run("plan --detailed-exitcode").success();

    // What is not declared is named with both APIs.
    project.edit(
        "a.yaml",
        "      definition: two/1-0/openapi",
        "      definition: two/1-0/opnapi",
    );
    project
        .run("validate")
        .exit(6)
        .talks(&["api/two/version/1-0/definition/opnapi"]);
    project.run("validate").exit(6).talks(&["two/1-0/openapi"]);
    project.run("plan").exit(6);
}
