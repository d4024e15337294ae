//! `validate`, `plan` and `apply` judge the same files alike. They may differ only about what the service
//! holds already, and then say so.

use serde_json::json;

use super::gateways::synced;
use super::harness::Project;
use super::service_fixture::ServiceFixture;

const HELD: &str = "the service holds this already";

/// All three commands refuse the files, and none claims that the service holds anything.
#[track_caller]
fn all_refuse(project: &Project, message: &str, flags: &str) {
    for command in [
        "validate".to_owned(),
        format!("plan {flags}"),
        format!("apply --auto-approve {flags}"),
    ] {
        project
            .run(&command)
            .exit(6)
            .talks(&[message])
            .never_says(HELD);
    }
}

/// A service with an API that is deployed to `prod`, and the API alone in manifests.
fn live_deployment(more: &str) -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    center.put(
        "environments/prod",
        json!({"title": "Prod", "kind": "production"}),
    );
    center.put("apis/orders", json!({"title": "Orders", "kind": "rest"}));
    center.put(
        "apis/orders/deployments/prod",
        json!({"title": "Prod", "environmentId": "/workspaces/default/environments/prod"}),
    );
    let project = Project::of_with(&center, more).file("orders.yaml", ORDERS);
    (center, project)
}

const ORDERS: &str = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  \
                      kind: rest\n  deployments: [{name: prod, title: Prod, environment: prod}]\n";

#[test]
fn a_synchronised_api_of_no_declared_integration_is_an_error_everywhere() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("synced.yaml", &synced("Shipping"));
    all_refuse(
        &project,
        "no integration `integration/apim` is declared",
        "",
    );
}

#[test]
fn two_sources_are_an_error_even_if_one_is_live() {
    let center = ServiceFixture::start();
    let source = |source: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  kind: \
             rest\n  versions:\n    - name: v01\n      title: One\n      lifecycleStage: design\n      \
             definitions:\n        - {{name: openapi, title: OpenAPI, source: {{{source}}}}}\n"
        )
    };
    let file = "file: ./orders.openapi.yaml";
    let project = Project::of(&center)
        .file("orders.yaml", &source(file))
        .file(
            "orders.openapi.yaml",
            "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {}\n",
        );
    project.run("apply --auto-approve").success();
    project.write(
        "orders.yaml",
        source(&format!("{file}, url: \"https://contoso.com/a.json\"")),
    );
    all_refuse(&project, "exclude each other", "");
}

#[test]
fn what_only_leaves_out_is_judged_as_well() {
    let (_center, project) = live_deployment("");
    let environment = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: test}\nspec: {title: Test, \
                       kind: testing}\n";
    let project = project.file("test.yaml", environment).file(
        "other.yaml",
        &ORDERS.replace("name: orders", "name: others"),
    );
    project.remove("orders.yaml");
    all_refuse(
        &project,
        "no environment `environment/prod` is declared",
        "--only environment/test",
    );
    // What the service holds is found outside of the selection, too.
    project.remove("other.yaml");
    project.write("orders.yaml", ORDERS);
    project
        .run("apply --auto-approve --only environment/test")
        .success()
        .talks(&["no environment `environment/prod` is declared", HELD]);
}

#[test]
fn what_the_service_holds_is_a_warning_as_long_as_it_stays() {
    let (_center, project) = live_deployment("prune: {scope: all}");
    project
        .run("validate")
        .exit(6)
        .talks(&["no environment `environment/prod` is declared"]);
    for command in ["plan", "apply --auto-approve", "plan --only api/orders"] {
        project
            .run(command)
            .success()
            .says(&["No changes."])
            .talks(&["no environment `environment/prod` is declared", HELD]);
    }
    // The environment would go, so the deployment could not stay as it is.
    project.run("plan --prune").exit(6).never_says(HELD);
    // Nor can what is written again.
    project.edit("orders.yaml", "title: Prod,", "title: Production,");
    project.run("plan").exit(6).never_says(HELD);
}
