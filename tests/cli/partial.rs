//! Exit code 4: an apply that did some of its changes, what it tells, and how the next run heals.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{self, api, orders};
use super::service_fixture::ServiceFixture;

const DEFINITION: &str = "apis/orders/versions/1-0-0/definitions/openapi";

/// The outcome of each address, from the JSON report.
fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let results = report["results"].as_array().expect("results");
    results
        .iter()
        .map(|result| {
            (
                result["address"].as_str().expect("an address"),
                result["outcome"].as_str().expect("an outcome"),
            )
        })
        .collect()
}

#[test]
fn what_needs_a_failed_change_is_skipped_and_the_rest_is_done() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/billing.yaml", &api("billing"));
    let fault = Fault::Status(400);
    center.inject(FaultRule::next("PUT", "/apis/orders/versions/1-0-0", fault).times(1000));
    let report = project.run("apply --auto-approve --format json").exit(4);
    let report = report.json();
    assert_eq!(report["complete"], false);
    assert_eq!(report["interrupted"], false);
    assert_eq!(
        [&report["added"], &report["changed"]],
        [&json!(4), &json!(0)]
    );
    assert_eq!(
        outcomes(&report),
        [
            ("metadata-schema/team", "done"),
            ("environment/production", "done"),
            ("api/billing", "done"),
            ("api/orders", "done"),
            ("api/orders/version/1-0-0", "failed"),
            ("api/orders/version/1-0-0/definition/openapi", "skipped"),
            ("api/orders/deployment/prod-eu", "skipped"),
        ]
    );
    let mut done: Vec<String> = center
        .requests()
        .into_iter()
        .filter(|request| request.method == "PUT" && request.status.is_some_and(|s| s < 300))
        .filter_map(|request| Some(request.path.rsplit_once('/')?.1.to_owned()))
        .collect();
    done.sort();
    assert_eq!(done, ["billing", "orders", "production", "team"]);

    // The next run does what is left, and nothing else.
    center.heal();
    center.mark();
    project.run("apply --auto-approve").success().says(&[
        "Plan: 3 to add",
        "Apply complete! Resources: 3 added, 0 changed, 0 destroyed.",
    ]);
    assert_eq!(center.writes().len(), 4, "{:?}", center.writes());
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn text_and_json_end_alike_and_name_what_was_not_done() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    center.inject(FaultRule::next("PUT", "/apis/orders", Fault::Status(400)).times(1000));
    project
        .run("apply --auto-approve")
        .exit(4)
        .says(&[
            "Not done:",
            "+ api/orders: PUT apis/orders: refused by the service",
            "+ api/orders/version/1-0-0: needs api/orders",
            "+ api/orders/version/1-0-0/definition/openapi: needs api/orders",
            "+ api/orders/deployment/prod-eu: needs api/orders",
            "Apply incomplete. Resources: 2 added, 0 changed, 0 destroyed.",
            "run apply again",
        ])
        .talks(&["failed api/orders:", "skipped api/orders/"]);
    project
        .run("apply --auto-approve --format json")
        .exit(4)
        .never_says("Not done");
}

#[test]
fn a_document_that_is_refused_leaves_a_resource_that_the_next_run_completes() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let fault = Fault::Status(400);
    center.inject(FaultRule::next("POST", "/importSpecification", fault).times(1000));
    project.run("apply --auto-approve").exit(4).says(&[
        "definition/openapi: written, but its document was not imported:",
        "Apply incomplete. Resources: 4 added",
    ]);
    center.heal();
    center.mark();
    project.run("apply --auto-approve").success();
    let mut writes = center.writes();
    writes.sort();
    assert_eq!(
        writes,
        [
            format!("POST {DEFINITION}/importSpecification"),
            "PUT apis/orders/deployments/prod-eu".to_owned(),
        ]
    );
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_delete_that_fails_is_reported_and_done_by_the_next_run() {
    let center = ServiceFixture::start();
    let spec = "prune: {scope: all}";
    let project = Project::of_with(&center, spec).file(
        "a.yaml",
        &samples::apis(["one-api", "two-api", "three-api"]),
    );
    project.run("apply --auto-approve").success();
    project.write("a.yaml", samples::apis(["one-api"]));
    center.inject(FaultRule::next("DELETE", "two-api", Fault::Status(409)).times(1000));
    project.run("apply --auto-approve --prune").exit(4).says(&[
        "- api/two-api: DELETE apis/two-api: refused by the service",
        "Resources: 0 added, 0 changed, 1 destroyed.",
    ]);
    center.heal();
    project
        .run("apply --auto-approve --prune")
        .success()
        .says(&["Resources: 0 added, 0 changed, 1 destroyed."]);
    assert_eq!(
        center.get("apis")["value"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_service_that_does_not_keep_what_it_accepts_is_told() {
    // The answer says 200 and nothing is done: what verification is for.
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("a.yaml", &api("orders"));
    center.inject(FaultRule::next("PUT", "/apis/orders", Fault::Status(200)));
    project
        .run("apply --auto-approve")
        .exit(1)
        .says(&["Apply complete!"])
        .talks(&["api/orders", "verification failed"]);
    center.inject(FaultRule::next("PUT", "/apis/orders", Fault::Status(200)));
    project.run("apply --auto-approve --no-verify").success();
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}
