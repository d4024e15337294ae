//! Signals and crashes in the middle of an apply.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};

use apicenter::emulator::{Fault, FaultRule, RecordedRequest};

use crate::cli::gateways::linked;
use crate::cli::harness::{Project, Running};
use crate::cli::samples::{OPENAPI, apis, orders};
use crate::cli::service_fixture::ServiceFixture;

const SIX: [&str; 6] = ["api-a", "api-b", "api-c", "api-d", "api-e", "api-f"];

/// Six APIs to create, and a service that holds this request until the test releases it.
fn held(method: &str, path: &str, fault: Fault) -> (ServiceFixture, Project) {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("apis.yaml", &apis(SIX));
    center.inject(FaultRule::next(method, path, fault));
    (center, project)
}

/// Waits for a line on stderr, and returns the rest of the stream.
fn wait_for_line(run: &mut Running<'_>, text: &str) -> impl std::io::Read + use<> {
    let mut stderr = BufReader::new(run.child().stderr.take().expect("it is piped"));
    let mut lines = String::new();
    while !lines.contains(text) {
        let length = stderr.read_line(&mut lines).expect("stderr is text");
        assert!(length > 0, "`{text}` is not in {lines}");
    }
    stderr
}

#[test]
fn the_first_signal_lets_requests_finish_and_reports() {
    for (signal, format) in [("INT", "text"), ("TERM", "json"), ("HUP", "text")] {
        let (center, project) = held("PUT", "/apis/api-b", Fault::HoldBefore);
        let mut run = project.start(&format!(
            "apply --auto-approve --parallelism 1 --format {format}"
        ));
        center.wait_for_hold();
        run.signal(signal);
        let _rest = wait_for_line(&mut run, "Interrupted: finishing");
        center.release();
        let ended = run.finish().exit(130);
        assert_eq!(center.writes(), ["PUT apis/api-a", "PUT apis/api-b"]);
        if format == "json" {
            let report = ended.json();
            assert_eq!(report["interrupted"], true);
            assert_eq!(report["added"], 2);
            assert_eq!(report["results"][5]["outcome"], "not-started");
        } else {
            ended.says(&[
                "Not done:",
                "+ api/api-c: not started",
                "+ api/api-f: not started",
                "Apply interrupted. Resources: 2 added, 0 changed, 0 destroyed.",
            ]);
        }
        let live = center.get("apis")["value"].as_array().map(Vec::len);
        assert_eq!(live, Some(2), "what was sent is done and reported");
        project
            .run("apply --auto-approve")
            .success()
            .says(&["Resources: 4 added"]);
    }
}

#[test]
fn a_plan_that_only_reads_ends_when_the_terminal_is_closed() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("apis.yaml", &apis(SIX));
    center.inject(FaultRule::next("GET", "/apis", Fault::Hang));
    let is_list = |request: &RecordedRequest| request.path.ends_with("/apis");
    let mut run = project.start("plan");
    center.wait_until("the list", |center| center.requests().iter().any(is_list));
    run.signal("HUP");
    run.finish()
        .exit(130)
        .talks(&["error: interrupted; nothing was changed"]);
}

/// `nohup` and its like ignore the signal, and what they start outlives its terminal.
#[test]
#[cfg(target_os = "linux")]
fn an_apply_that_was_started_to_outlive_its_terminal_does() {
    let (center, project) = held("PUT", "/apis/api-a", Fault::HoldBefore);
    let program = project.command("apply --auto-approve --parallelism 1");
    let mut shell = std::process::Command::new("sh");
    shell
        .args(["-c", "trap '' HUP; exec \"$0\" \"$@\""])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(project.root())
        .envs(
            program
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null());
    let mut child = shell.spawn().expect("it starts");
    center.wait_for_hold();
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", "HUP", &id])
        .status();
    assert!(sent.expect("kill runs").success());
    center.release();
    assert!(child.wait().expect("it ends").success());
    assert_eq!(center.writes().len(), 6);
}

#[test]
fn a_signal_during_the_wait_for_integrations_says_that_the_apply_stays() {
    let center = ServiceFixture::start();
    let project = linked(&center);
    let is_link = |request: &RecordedRequest| {
        request.method == "GET" && request.path.ends_with("/apiSources/apim")
    };
    center.inject(FaultRule::next("GET", "/apiSources/apim", Fault::Hang));
    let mut run = project.start("apply --auto-approve --wait-sync=60s");
    center.wait_until("the wait", |center| center.requests().iter().any(is_link));
    run.signal("INT");
    run.finish()
        .exit(130)
        .says(&["Apply complete! Resources: 2 added, 1 changed"])
        .talks(&["error: interrupted while waiting for integrations; what was applied stays"]);
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn the_second_signal_ends_at_once() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("apis.yaml", &apis(SIX));
    center.inject(FaultRule::next("PUT", "/apis/api-a", Fault::Hang));
    // Nothing but the signal ends the request.
    let project = project.env("APICENTER_HTTP_TIMEOUT", "3600");
    let mut run = project.start("apply --auto-approve --parallelism 1");
    center.wait_for_write("PUT apis/api-a");
    run.signal("INT");
    let _rest = wait_for_line(&mut run, "Press Ctrl-C again");
    run.signal("INT");
    run.finish().exit(130);
    assert_eq!(center.writes().len(), 1);
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_killed_apply_is_healed_by_the_next_one() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center).file("apis.yaml", &apis(SIX)));
    for (i, (method, path, fault)) in [
        ("PUT", "/apis/api-", Fault::HoldAfter),
        ("PUT", "/apis/orders", Fault::HoldAfter),
        ("POST", "/importSpecification", Fault::HoldBefore),
        ("POST", "/importSpecification", Fault::HoldAfter),
    ]
    .into_iter()
    .enumerate()
    {
        center.heal();
        // What was held may still be done after that: there is always something to import.
        let title = format!("title: Orders {i}");
        project.write(
            "apis/openapi.yaml",
            OPENAPI.replace("title: Orders", &title),
        );
        center.inject(FaultRule::next(method, path, fault).times(u32::MAX));
        let mut run = project.start("apply --auto-approve --parallelism 2");
        center.wait_for_hold();
        run.child().kill().expect("it is killed");
        run.finish().killed();
    }
    center.heal();
    project.run("apply --auto-approve").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes. The service is as declared (12 resources)."]);
}
