//! What an undo cannot restore: its plan says so in every format.

use serde_json::{Value, json};

use super::gateways::linked;
use super::harness::Project;
use super::held::held;
use super::service_fixture::ServiceFixture;
use super::undo::{APPLY, UNDO, applied};

/// Checks that the plan of an undo has one such warning, in all formats.
#[track_caller]
fn warns(project: &Project, address: &str, message: &str, help: &str) {
    let undo = |format: &str| {
        let command = format!("plan --undo undo.json --format {format}");
        project.run(&command).success()
    };
    let plan = undo("json").json();
    let found: Vec<&Value> = plan["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .collect();
    let [warning] = found[..] else {
        panic!("{plan:#}");
    };
    assert_eq!(warning["code"], "undo-remains", "{address}");
    assert_eq!(warning["severity"], "warning");
    assert_eq!(warning["message"], message);
    assert_eq!(warning["help"], help);
    undo("text").says(&[&format!("warning: {message}")]);
    undo("markdown").says(&["undo-remains", message]);
    undo("html").says(&["undo-remains"]);
}

/// The documents that a service holds.
fn documents(center: &ServiceFixture) -> usize {
    let held = held(center);
    let apis = held["apis"].as_array().expect("a list").iter();
    let versions = apis.flat_map(|api| api["versions"].as_array().expect("a list"));
    let definitions =
        versions.flat_map(|version| version["definitions"].as_array().expect("a list"));
    // A definition, and its document: they are in an order that does not matter.
    definitions
        .filter(|pair| !pair.as_array().expect("a pair").contains(&Value::Null))
        .count()
}

#[test]
fn what_an_integration_imported_stays_and_the_plan_says_so() {
    let center = ServiceFixture::start();
    let project = linked(&center);
    let text = project.read("integration.yaml");
    project.write(
        "integration.yaml",
        format!("{text}  importSpecification: ondemand\n"),
    );
    project
        .run("apply --auto-approve --wait-sync=10m")
        .success();
    assert_eq!(documents(&center), 0);
    project.edit("integration.yaml", "ondemand", "always");
    project.run(APPLY).success();
    center.wait_until("descriptions are imported", |center| documents(center) > 0);
    warns(
        &project,
        "integration/apim",
        "descriptions that integration/apim imported since the apply stay",
        "the service removes no description from an API that an integration keeps; an integration that is deleted and \
         created again brings in its APIs without them",
    );
    project.run(UNDO).success();
    assert!(documents(&center) > 0, "they stay");
    let source = center.get("apiSources/apim");
    assert_eq!(source["properties"]["importSpecification"], "ondemand");
}

#[test]
fn a_version_that_is_created_again_is_the_youngest_and_the_plan_says_so() {
    let (center, project) = applied();
    let second = "    - {name: v2, title: v2, lifecycleStage: design}\n";
    project.edit(
        "apis/orders.yaml",
        "  versions:\n",
        &format!("  versions:\n{second}"),
    );
    project.run("apply --auto-approve -q").success();
    project.edit("apis/orders.yaml", second, "");
    project.run(&format!("{APPLY} --prune")).success();
    warns(
        &project,
        "api/orders",
        "api/orders gets 1 version again with a new date of creation",
        "the service lists versions in the order of creation, and may derive another stage of the API from it",
    );
    project.run(UNDO).success();
    let list = center.get("apis/orders/versions");
    let names = list["value"].as_array().expect("a list").iter();
    let names: Vec<&Value> = names.map(|version| &version["name"]).collect();
    assert_eq!(names, [&json!("1-0-0"), &json!("v2")]);
    let again = project
        .run("plan --undo undo.json --format json")
        .success()
        .json();
    assert_eq!(again["diagnostics"], json!([]));
}

#[test]
fn an_undo_that_restores_everything_warns_of_nothing() {
    let (_center, project) = applied();
    project.edit("apis/orders.yaml", "title: Production", "title: Live");
    project.run(APPLY).success();
    let plan = project
        .run("plan --undo undo.json --format json")
        .success()
        .json();
    assert_eq!(plan["diagnostics"], json!([]));
}
