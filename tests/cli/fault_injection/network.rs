//! Bad weather between the program and the service.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::json;

use crate::cli::harness::Project;
use crate::cli::samples::{api, orders};
use crate::cli::service_fixture::ServiceFixture;

/// One request of each kind that an apply sends: a method, and a part of the path.
const EVERY_KIND: [(&str, &str); 12] = [
    ("GET", "/services/contoso"),
    ("GET", "/metadataSchemas"),
    ("GET", "/environments"),
    ("GET", "/apis"),
    ("GET", "/versions"),
    ("PUT", "/metadataSchemas/team"),
    ("PUT", "/environments/production"),
    ("PUT", "/apis/orders"),
    ("PUT", "/versions/1-0-0"),
    ("PUT", "/definitions/openapi"),
    ("PUT", "/deployments/prod-eu"),
    ("POST", "/importSpecification"),
];

fn converges(project: &Project) {
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn one_failure_of_each_kind_of_request_is_survived() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let faults = [Fault::Status(500), Fault::StatusAfter(503)];
    for ((method, path), fault) in EVERY_KIND.into_iter().zip(faults.iter().cycle()) {
        center.inject(FaultRule::next(method, path, fault.clone()));
    }
    project
        .run("apply --auto-approve --no-verify")
        .success()
        .says(&["Resources: 6 added, 0 changed, 0 destroyed."]);
    let fault = Fault::Status(500);
    center.inject(FaultRule::next("POST", "/exportSpecification", fault));
    converges(&project);
}

#[test]
fn throttling_is_waited_out() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for (method, path) in [
        ("GET", "/apis"),
        ("PUT", "/apis/orders"),
        ("POST", "/import"),
    ] {
        center.inject(FaultRule::next(method, path, Fault::Throttle(1)));
    }
    project.run("apply --auto-approve").success();
    let refused = center
        .requests()
        .into_iter()
        .filter(|r| r.status == Some(429));
    assert_eq!(refused.count(), 3);
    converges(&project);
}

#[test]
fn a_service_that_lets_few_requests_through_is_served_all_the_same() {
    let center = ServiceFixture::with(|options| options.throttle_rps = Some(20));
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    converges(&project);
}

#[test]
fn connections_that_break_before_or_after_the_work_do_no_harm() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let faults = [Fault::ResetBefore, Fault::ResetAfter];
    for ((method, path), fault) in EVERY_KIND.into_iter().zip(faults.iter().cycle()) {
        center.inject(FaultRule::next(method, path, fault.clone()));
    }
    let run = project.run("apply --auto-approve --no-verify");
    // An import may be given up rather than sent twice; everything else is safe to repeat.
    if run.stdout.contains("Apply incomplete") {
        run.exit(4);
        project.run("apply --auto-approve").success();
    } else {
        run.success();
    }
    converges(&project);
}

#[test]
fn deletes_survive_failures_before_and_after_the_work() {
    let faults = [
        Fault::Status(500),
        Fault::StatusAfter(500),
        Fault::ResetBefore,
        Fault::ResetAfter,
    ];
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, "prune: {scope: all}");
    project.write("a.yaml", api("stays"));
    for (i, fault) in faults.into_iter().enumerate() {
        let name = format!("goes-{i}");
        center.put(
            &format!("apis/{name}"),
            json!({"title": name, "kind": "rest"}),
        );
        center.inject(FaultRule::next("DELETE", &name, fault));
    }
    project
        .run("apply --auto-approve --prune")
        .success()
        .says(&["Resources: 1 added, 0 changed, 4 destroyed."]);
    converges(&project);
}

#[test]
fn every_page_is_read() {
    let center = ServiceFixture::with(|options| options.page_size = 2);
    let project = Project::of(&center).file("a.yaml", &api("api-3"));
    for i in 0..7 {
        let title = format!("api-{i}");
        center.put(
            &format!("apis/{title}"),
            json!({"title": title, "kind": "rest"}),
        );
    }
    let plan = project.run("plan --format json").success().json();
    assert_eq!(plan["summary"]["unchanged"], 1, "{plan:#}");
    assert_eq!(plan["summary"]["create"], 0);
    assert_eq!(
        plan["unmanaged"],
        json!([
            "api/api-0",
            "api/api-1",
            "api/api-2",
            "api/api-4",
            "api/api-5",
            "api/api-6"
        ])
    );
    assert_eq!(plan["summary"]["unmanaged"], 6);
}

#[test]
fn a_page_that_fails_for_good_fails_the_plan() {
    let center = ServiceFixture::with(|options| options.page_size = 2);
    let project = Project::of_with(&center, "prune: {scope: all, enabled: true}");
    project.write("a.yaml", api("api-0"));
    for i in 0..7 {
        let title = format!("api-{i}");
        center.put(
            &format!("apis/{title}"),
            json!({"title": title, "kind": "rest"}),
        );
    }
    let fault = Fault::Status(404);
    center.inject(
        FaultRule::next("GET", "/workspaces/default/apis", fault)
            .nth(3)
            .times(99),
    );
    let run = project.run("plan");
    assert!(!run.stdout.contains("Plan:"), "{run}");
    run.exit(1);
}

#[test]
fn a_resource_that_vanishes_meanwhile_is_no_trouble() {
    let center = ServiceFixture::start();
    let project = Project::of_with(&center, "prune: {scope: all}");
    project.write("a.yaml", api("stays"));
    center.put("apis/goes", json!({"title": "Goes", "kind": "rest"}));
    center.inject(FaultRule::next("DELETE", "/apis/goes", Fault::Status(404)));
    project
        .run("apply --auto-approve --prune --no-verify")
        .success();
    project.run("apply --auto-approve --prune").success();
    converges(&project);
}
