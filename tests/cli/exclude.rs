//! `--exclude`: what a plan and its apply leave alone.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

/// The addresses that a plan with these flags changes.
fn planned(project: &Project, flags: &str) -> Vec<String> {
    let arguments = format!("plan --format json {flags}");
    let plan = project.run(&arguments).success().json();
    let changes = plan["changes"].as_array().expect("changes");
    let address = |change: &Value| change["address"].as_str().map(str::to_owned);
    changes.iter().filter_map(address).collect()
}

#[test]
fn what_is_excluded_is_left_out_with_what_is_below_it_and_wins_over_only() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/b.yaml", &api("orders-b"));
    assert_eq!(
        planned(&project, "--exclude api/orders"),
        [
            "metadata-schema/team",
            "environment/production",
            "api/orders-b"
        ]
    );
    assert_eq!(
        planned(&project, "--exclude api/* --exclude environment/PRODUCTION"),
        ["metadata-schema/team"]
    );
    assert_eq!(
        planned(
            &project,
            "--only api/orders* --exclude api/orders --exclude **/team"
        ),
        ["api/orders-b"]
    );
    assert_eq!(
        planned(&project, "--exclude api/*/deployment/*").len(),
        6,
        "all but the deployment"
    );
    center.mark();
    project
        .run("apply --auto-approve --exclude api/orders --exclude metadata-schema/*")
        .success()
        .says(&["Resources: 2 added"]);
    let mut writes = center.writes();
    writes.sort();
    assert_eq!(writes, ["PUT apis/orders-b", "PUT environments/production"]);
}

#[test]
fn a_needed_resource_that_is_excluded_is_named() {
    let project = orders(Project::local());
    let plan = project
        .run("plan --exclude environment/production")
        .success();
    plan.talks(&[]).says(&[
        "api/orders/deployment/prod-eu needs environment/production, which --exclude leaves out",
        "plan without the --exclude that leaves environment/production out",
    ]);
}

#[test]
fn an_exclusion_that_matches_nothing_is_wrong_usage() {
    let project = orders(Project::local());
    for command in ["plan", "apply --auto-approve"] {
        project
            .run(&format!("{command} --exclude api/order"))
            .exit(64)
            .talks(&["error: --exclude api/order matches no declared or live resource"]);
        project
            .run(&format!("{command} --exclude api/[o"))
            .exit(64)
            .talks(&["error: --exclude: `api/[o` is not an address pattern"]);
    }
}

#[test]
fn a_saved_plan_is_applied_with_its_exclusions_and_no_others() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/b.yaml", &api("orders-b"));
    let whole = project.run("plan --format json").success().json();
    let flags = "--exclude api/orders --exclude environment/*";
    let part = project
        .run(&format!("plan --format json --out plan.json {flags}"))
        .success();
    let part: Value = serde_json::from_str(&project.read("plan.json"))
        .unwrap_or_else(|_| panic!("{}", part.stdout()));
    assert_ne!(whole["planId"], part["planId"]);
    assert_eq!(
        part["options"],
        json!({"only": [], "exclude": ["api/orders", "environment/*"], "prune": false})
    );
    project
        .run("apply plan.json --auto-approve --exclude api/orders")
        .exit(64)
        .talks(&["--exclude, --prune, --changed-since, --base, --ours and --theirs are part of the saved plan"]);
    let id = part["planId"].as_str().expect("an id");
    project
        .run(&format!("apply --auto-approve --expect-plan {id}"))
        .exit(5);
    center.mark();
    project.run("apply plan.json --auto-approve").success();
    let mut writes = center.writes();
    writes.sort();
    assert_eq!(writes, ["PUT apis/orders-b", "PUT metadataSchemas/team"]);
    project
        .run(&format!(
            "plan --format markdown {}",
            "--exclude metadata-schema/*"
        ))
        .success()
        .says(&["--exclude 'metadata-schema/*'"]);
}

#[test]
fn a_delete_that_would_take_what_is_excluded_is_blocked() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of_with(&center, "prune: {scope: all}"));
    project.run("apply --auto-approve").success();
    project.remove("apis/orders.yaml");
    center.mark();
    project
        .run("apply --auto-approve --prune --exclude api/*/deployment/prod-eu")
        .success()
        .says(&[
            "api/orders/deployment/prod-eu would be deleted with it and is left out by --exclude",
        ]);
    assert_eq!(center.writes(), Vec::<String>::new());
    project
        .run("apply --auto-approve --prune --exclude api/orders")
        .success()
        .says(&["No changes."]);
    assert_eq!(center.writes(), Vec::<String>::new());
}

#[test]
fn a_schema_that_an_excluded_resource_uses_is_not_migrated() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.edit("ground.yaml", "type: string", "type: integer");
    project.edit("apis/orders.yaml", "team: checkout", "team: 5");
    center.mark();
    project
        .run("apply --auto-approve --exclude api/orders")
        .exit(5)
        .says(&["api/orders (left out by --exclude)"]);
    assert_eq!(center.writes(), Vec::<String>::new());
}

#[test]
fn a_graph_leaves_out_what_is_excluded() {
    let project = orders(Project::local());
    let graph = project
        .run("graph --exclude environment/* --exclude api/*/version/*")
        .success();
    let graph = graph.stdout();
    assert!(graph.contains("orders"), "{graph}");
    assert!(
        !graph.contains("environment/production") && !graph.contains("1-0-0"),
        "{graph}"
    );
    project
        .run("graph --exclude **")
        .exit(64)
        .talks(&["--exclude: nothing is left to draw"]);
}
