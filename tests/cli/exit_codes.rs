//! Exit codes 0, 1, 2, 3, 6 and 64; the others have files of their own.

use apicenter::emulator::{Fault, FaultRule};

use super::harness::{Outcome, Project};
use super::samples::{self, WRITES, api, orders};
use super::service_fixture::ServiceFixture;

#[test]
fn plan_apply_and_a_second_apply_that_sends_nothing() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("plan").success().says(&["Plan: 6 to add"]);
    assert_eq!(center.writes(), [""; 0], "a plan writes nothing");

    project.run("apply --auto-approve").success().says(&[
        "Plan: 6 to add, 0 to change, 0 to destroy.",
        "Apply complete! Resources: 6 added, 0 changed, 0 destroyed.",
    ]);
    assert_eq!(center.writes().len(), WRITES);

    center.mark();
    project
        .run("apply --auto-approve")
        .success()
        .says(&["No changes. The service is as declared (6 resources)."]);
    project.run("plan").success().says(&["No changes."]);
    project.run("apply").success().says(&["No changes."]);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn writes_go_out_in_the_order_of_what_needs_what() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    let writes = center.writes();
    let place = |write: &str| {
        let found = writes.iter().position(|other| other == write);
        found.unwrap_or_else(|| panic!("{write} in {writes:?}"))
    };
    for [first, then] in [
        ["PUT metadataSchemas/team", "PUT apis/orders"],
        ["PUT apis/orders", "PUT apis/orders/versions/1-0-0"],
        [
            "PUT apis/orders/versions/1-0-0",
            "PUT apis/orders/versions/1-0-0/definitions/openapi",
        ],
        [
            "PUT apis/orders/versions/1-0-0/definitions/openapi",
            "POST apis/orders/versions/1-0-0/definitions/openapi/importSpecification",
        ],
        [
            "PUT environments/production",
            "PUT apis/orders/deployments/prod-eu",
        ],
        [
            "PUT apis/orders/versions/1-0-0/definitions/openapi",
            "PUT apis/orders/deployments/prod-eu",
        ],
    ] {
        assert!(
            place(first) < place(then),
            "{first} before {then}: {writes:?}"
        );
    }
}

#[test]
fn without_a_project_file_it_is_1_and_says_how_to_start() {
    for command in ["validate", "plan", "apply --auto-approve"] {
        Project::empty().run(command).exit(1).talks(&[
            "no apicenter.yaml",
            "help: apicenter init starts a project here",
        ]);
    }
}

#[test]
fn a_service_that_is_not_there_is_1() {
    let center = ServiceFixture::without_service(|_| {});
    let project = Project::of(&center).file("a.yaml", &api("orders"));
    for command in ["plan", "apply --auto-approve"] {
        project.run(command).exit(1).talks(&[
            "the service `contoso` does not exist in the resource group `rg`",
            "declare a document of kind Service",
        ]);
    }
    assert_eq!(center.writes(), [""; 0]);
}

/// Three kinds of bad weather at once, as each costs the seconds of the retries.
#[test]
fn a_service_that_fails_for_ever_is_1() {
    let failing = ServiceFixture::start();
    failing.inject(FaultRule::next("GET", "", Fault::Status(500)).times(1000));
    let mute = ServiceFixture::start();
    mute.inject(FaultRule::next("GET", "", Fault::Hang).times(1000));
    let gone = ServiceFixture::start();
    let project = |center: &ServiceFixture| {
        Project::of(center)
            .file("a.yaml", &api("orders"))
            .env("APICENTER_HTTP_TIMEOUT", "0.3")
    };
    let (failing_project, mute_project, gone_project) =
        (project(&failing), project(&mute), project(&gone));
    drop(gone);
    std::thread::scope(|scope| {
        let failed = scope.spawn(|| failing_project.run("plan"));
        let timed_out = scope.spawn(|| mute_project.run("apply --auto-approve"));
        let unreachable = scope.spawn(|| gone_project.run("plan --format json"));
        let end = |run: std::thread::ScopedJoinHandle<'_, Outcome>| run.join().expect("it ran");
        end(failed)
            .exit(1)
            .talks(&["the service failed", "HTTP 500"]);
        end(timed_out).exit(1).talks(&["no response in time"]);
        end(unreachable)
            .exit(1)
            .talks(&["the service could not be reached"]);
    });
    assert_eq!(failing.writes(), [""; 0]);
}

#[test]
fn a_read_that_fails_is_never_taken_for_absent() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve -q").success();
    project.forget();
    for path in [
        "/apis",
        "/environments",
        "/metadataSchemas",
        "/versions",
        "/exportSpecification",
    ] {
        center.heal();
        center.inject(FaultRule {
            method: None,
            path: path.to_owned(),
            nth: 1,
            times: 1000,
            fault: Fault::Status(400),
        });
        let ended = project.run("plan").exit(1);
        assert_eq!(ended.stdout(), "", "{path}");
    }
}

#[test]
fn detailed_exitcode_is_2_only_where_something_would_change() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for format in ["text", "json"] {
        let plan = format!("plan --detailed-exitcode --format {format}");
        project.run(&plan).exit(2);
        project.run(&format!("plan --format {format}")).success();
    }
    project.run("apply --auto-approve").success();
    for format in ["text", "json"] {
        let plan = format!("plan --detailed-exitcode --format {format}");
        project.run(&plan).success();
    }
}

#[test]
fn missing_and_refused_credentials_are_3() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("a.yaml", &api("orders"));
    let project = project.env("APICENTER_ACCESS_TOKEN", "");
    for command in ["plan", "plan --format json", "apply --auto-approve"] {
        project
            .run(command)
            .exit(3)
            .talks(&["APICENTER_ACCESS_TOKEN"]);
    }
    assert_eq!(center.requests().len(), 0);

    let project = project.env("APICENTER_ACCESS_TOKEN", "x");
    for (status, words) in [(401, "fresh token"), (403, "Reader")] {
        center.heal();
        center.inject(FaultRule::next("GET", "", Fault::Status(status)).times(1000));
        for command in ["plan", "plan --format json", "apply --auto-approve"] {
            project.run(command).exit(3).talks(&[words]);
        }
    }
}

#[test]
fn a_permission_that_only_writes_lack_is_3_as_long_as_nothing_is_written() {
    for status in [401, 403] {
        let mut center = ServiceFixture::start();
        let project = Project::of(&center).file("a.yaml", &samples::apis(["orders", "billing"]));
        center.inject(FaultRule::next("PUT", "", Fault::Status(status)).times(1000));
        project.run("apply --auto-approve").exit(3).says(&[
            "Not done:",
            "api/billing",
            "api/orders",
        ]);
        center.heal();
        center.mark();
        project.run("apply --auto-approve").success();
        assert_eq!(center.writes().len(), 2);
    }
}

#[test]
fn invalid_manifests_are_6_for_every_command_and_format() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("a.yaml", &api("v_1"));
    for command in ["validate", "plan", "apply --auto-approve"] {
        let text = project.run(command).exit(6);
        assert_eq!(text.stdout(), "", "{command}");
        text.talks(&["a.yaml:3:18: error[bad-name]", "1 error"]);
        let json = project.run(&format!("{command} --format json")).exit(6);
        let diagnostics = &json.json()["diagnostics"];
        assert_eq!(diagnostics[0]["code"], "bad-name", "{command}");
        assert_eq!(diagnostics[0]["source"]["column"], 18, "{command}");
    }
    assert_eq!(center.requests().len(), 0, "nothing is asked of a service");
}

#[test]
fn wrong_usage_is_64() {
    let project = orders(Project::local());
    for (arguments, words) in [
        ("plan --frobnicate", "--frobnicate"),
        ("plan --format yaml", "yaml"),
        ("frobnicate", "frobnicate"),
        ("plan --parallelism 0", "0"),
        ("plan -t nowhere", "no target `nowhere`"),
        ("plan -t locl", "did you mean `local`?"),
        (
            "plan --only api/ordres",
            "matches no declared or live resource",
        ),
        ("plan --only api/[", "--only"),
        ("apply", "--auto-approve"),
        (
            "apply x.json --expect-plan p2-00000000000000000000000000000000",
            "cannot be used",
        ),
        ("apply x.json --prune", "cannot be given again"),
        ("completions klingon", "klingon"),
        ("emulator --listen nonsense", "nonsense"),
        ("validate -v -q", "cannot be used"),
    ] {
        let ended = project.run(arguments).exit(64).talks(&[words]);
        // An apply shows its plan before it asks.
        assert!(arguments == "apply" || ended.stdout().is_empty());
    }
    let project = project.env("APICENTER_HTTP_TIMEOUT", "soon");
    project.run("plan").exit(64).talks(&["`soon`"]);
    Project::with_spec("targets: {a: {emulator: {}}, b: {emulator: {}}}")
        .run("plan")
        .exit(64)
        .talks(&["which target?", "`a` or `b`"]);
}

#[test]
fn without_arguments_the_help_is_shown() {
    Project::empty().run("").exit(64).talks(&["Usage:"]);
    Project::empty().run("help").success().says(&["Usage:"]);
    let version = Project::empty().run("--version").success();
    assert!(version.stdout().starts_with("apicenter "));
}
