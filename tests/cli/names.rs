//! Names of every form: those that the service holds are accepted, new ones are doubted at most.

use serde_json::json;

use super::harness::Project;
use super::service_fixture::ServiceFixture;

#[test]
fn names_that_the_service_holds_are_never_complained_about() {
    let center = ServiceFixture::start();
    let long = "a".repeat(90);
    let names = [
        "a", "v1", "1.0", "2023-10", ".hidden", "con", "x.yaml", "a.", "-", "007", "1e3", "null",
        "true", &long,
    ];
    center.put("environments/qa", json!({"title": "QA", "kind": "testing"}));
    for name in names {
        let api = format!("apis/{name}");
        center.put(&api, json!({"title": "T", "kind": "rest"}));
        let version = format!("{api}/versions/{name}");
        center.put(&version, json!({"title": "v1", "lifecycleStage": "design"}));
        let definition = format!("{version}/definitions/{name}");
        center.put(&definition, json!({"title": "D"}));
        center.put(
            &format!("{api}/deployments/{name}"),
            json!({"title": "D", "environmentId": "/workspaces/default/environments/qa",
                "definitionId": format!("/workspaces/default/{definition}"), "server": {"runtimeUri": []}}),
        );
    }
    let project = Project::of(&center);
    project.run("export").success();
    project.run("validate").success().never_says("-name]");
    project
        .run("plan --detailed-exitcode")
        .success()
        .never_says("-name]");
    project.run("export").success().says(&["(0 written, "]);
}

#[test]
fn doubtful_names_of_new_resources_are_a_warning_once_for_each_name() {
    let center = ServiceFixture::start();
    let long = "a".repeat(65);
    let manifest = |api: &str, version: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {api}}}\nspec:\n  title: T\n  kind: rest\n  \
             versions:\n    - {{name: {version}, title: v1, lifecycleStage: design}}\n---\n"
        )
    };
    let manifests =
        manifest("orders", "v1") + &manifest("billing", "v1") + &manifest(&long, "\"1.0\"");
    let project = Project::of(&center).file("apis.yaml", &manifests);
    project.run("validate").success().says(&["Valid."]);
    project.run("plan").success().says(&[
        "warning: the service may refuse the name `1.0`",
        "it contains a dot",
        "apis.yaml:26:7",
        "the name `aaaa",
        "it is longer than 64 characters",
        "the name `v1` of api/billing/version/v1 and 1 more resource: it is shorter than 3 characters",
    ]);
    project.run("apply --auto-approve").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .never_says("doubtful-name");
}
