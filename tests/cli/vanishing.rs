//! Resources that somebody deletes while the program reads: they are read as deleted, and nothing else is.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::json;

use super::gateways::linked;
use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// Something that the program asks for once it knows that it is there, and what is deleted before the service replies.
const MOMENTS: [(&str, &str, &str); 6] = [
    ("GET", "/apis/orders/versions?", "apis/orders"),
    ("GET", "/apis/orders/deployments?", "apis/orders"),
    ("GET", "/versions/1-0-0/definitions?", "apis/orders"),
    (
        "GET",
        "/versions/1-0-0/definitions?",
        "apis/orders/versions/1-0-0",
    ),
    ("POST", "/exportSpecification?", "apis/orders"),
    (
        "POST",
        "/exportSpecification?",
        "apis/orders/versions/1-0-0/definitions/openapi",
    ),
];

#[test]
fn what_is_deleted_while_it_is_read_is_read_as_deleted() {
    for (method, path, deleted) in MOMENTS {
        let center = ServiceFixture::start();
        let project = orders(Project::of(&center));
        project.run("apply --auto-approve -q").success();
        project.forget();
        center.inject(FaultRule::next(method, path, Fault::HoldBefore));
        let run = project.start("plan --detailed-exitcode");
        center.wait_for_hold();
        center.delete(deleted);
        center.heal();
        let plan = run.finish();
        let about = format!("{deleted} deleted before {method} {path}: {plan}");
        assert_eq!(plan.code(), Some(2), "{about}");
        let last = deleted.rsplit('/').next().expect("a name");
        let is_created = |line: &str| line.trim_start().starts_with('+') && line.contains(last);
        assert!(plan.stdout.lines().any(is_created), "{about}");
        assert!(!plan.stdout.contains("environment/"), "{about}");
        // The next plan, which reads at leisure, is the same.
        let next = project.run("plan --detailed-exitcode");
        assert_eq!(next.code(), Some(2), "{about}{next}");
        let counts = |text: &str| {
            let line = text.lines().find(|line| line.starts_with("Plan:"));
            line.map(str::to_owned)
        };
        if deleted == "apis/orders" {
            assert_eq!(counts(&plan.stdout), counts(&next.stdout), "{about}{next}");
        }
    }
}

#[test]
fn a_list_that_is_not_found_below_what_is_there_is_an_error() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    for path in ["/apis/orders/versions?", "/versions/1-0-0/definitions?"] {
        center.inject(FaultRule::next("GET", path, Fault::Status(404)));
        project
            .run("plan")
            .exit(1)
            .talks(&["not found", "HTTP 404"]);
        center.heal();
    }
}

/// As after an apply that was killed while it deleted one: the deletion goes on, and ends soon.
#[test]
fn the_end_of_the_deletion_of_an_integration_is_waited_for() {
    for command in ["plan --detailed-exitcode", "snapshot --out live.json"] {
        let mut center = ServiceFixture::with(|options| options.enforce_roles = false);
        let project = linked(&center);
        project
            .run("apply --auto-approve --wait-sync=10m")
            .success();
        let mut list = center.get("apiSources");
        list["value"][0]["properties"]["linkState"] = json!({"state": "deleting"});
        center.delete("apiSources/apim");
        let body = list.to_string();
        let fault = Fault::Response { status: 200, body };
        center.inject(FaultRule::next("GET", "/apiSources?", fault));
        center.mark();
        let ended = project.run(command);
        let about = format!("{command}: {ended}");
        let is_list = |path: &str| path.ends_with("/apiSources");
        let lists = center
            .requests()
            .iter()
            .filter(|one| is_list(&one.path))
            .count();
        assert_eq!(lists, 2, "{about}");
        if command.starts_with("plan") {
            assert_eq!(ended.code(), Some(2), "{about}");
            assert!(ended.stdout.contains("+ integration/apim"), "{about}");
        } else {
            assert!(
                !project.read("live.json").contains("integration/apim"),
                "{about}"
            );
        }
    }
}
