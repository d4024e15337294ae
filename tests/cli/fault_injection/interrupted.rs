//! Signals and crashes in the middle of an apply.

use std::io::{BufRead as _, BufReader};
use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule, RecordedRequest};

use crate::cli::gateways::linked;
use crate::cli::harness::Project;
use crate::cli::samples::{apis, orders};
use crate::cli::service_fixture::ServiceFixture;

const SIX: [&str; 6] = ["api-a", "api-b", "api-c", "api-d", "api-e", "api-f"];

/// A service so slow that a signal finds the second of six writes under way.
fn slow() -> (ServiceFixture, Project) {
    let center = ServiceFixture::with(|options| options.latency = Duration::from_millis(100));
    let project = Project::of(&center).file("apis.yaml", &apis(SIX));
    (center, project)
}

#[test]
fn the_first_signal_lets_requests_finish_and_reports() {
    for (signal, format) in [("INT", "text"), ("TERM", "json"), ("HUP", "text")] {
        let (center, project) = slow();
        let mut run = project.start(&format!(
            "apply --auto-approve --parallelism 1 --format {format}"
        ));
        center.wait_for_write("PUT apis/api-a");
        run.signal(signal);
        let ended = run.finish().exit(130).talks(&["Interrupted: finishing"]);
        let sent = center.writes().len();
        assert!((1..6).contains(&sent), "{sent} of 6 were sent");
        if format == "json" {
            let report = ended.json();
            assert_eq!(report["interrupted"], true);
            assert_eq!(report["added"], sent);
            assert_eq!(report["results"][5]["outcome"], "not-started");
        } else {
            ended.says(&[
                "Not done:",
                "+ api/api-f: not started",
                &format!("Apply interrupted. Resources: {sent} added, 0 changed, 0 destroyed."),
            ]);
        }
        let live = center.get("apis")["value"].as_array().map(Vec::len);
        assert_eq!(live, Some(sent), "what was sent is done and told");
        project
            .run("apply --auto-approve")
            .success()
            .says(&[&format!("Resources: {} added", 6 - sent)]);
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
    let (center, project) = slow();
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
    center.wait_for_write("PUT apis/api-a");
    let id = child.id().to_string();
    let sent = std::process::Command::new("kill")
        .args(["-s", "HUP", &id])
        .status();
    assert!(sent.expect("kill runs").success());
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
    let mut stderr = BufReader::new(run.child().stderr.take().expect("it is piped"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("it talks");
    assert!(line.contains("Press Ctrl-C again"), "{line}");
    run.signal("INT");
    run.finish().exit(130);
    assert_eq!(center.writes().len(), 1);
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_killed_apply_is_healed_by_the_next_one() {
    let (center, project) = slow();
    let project = orders(project);
    for write in ["PUT apis/api-a", "PUT apis/orders", "importSpecification"] {
        let mut run = project.start("apply --auto-approve --parallelism 2");
        center.wait_for_write(write);
        run.child().kill().expect("it is killed");
        run.finish().killed();
    }
    project.run("apply --auto-approve").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes. The service is as declared (12 resources)."]);
}
