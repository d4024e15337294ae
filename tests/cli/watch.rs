//! `--watch`: again whenever a file changes.

use std::io::{BufRead as _, BufReader};
use std::process::ChildStdout;

use super::harness::{Project, Running};
use super::samples::api;
use super::service_fixture::ServiceFixture;

/// Reads lines until one has this text.
#[track_caller]
fn read_until(lines: &mut BufReader<ChildStdout>, text: &str) {
    let mut read = String::new();
    loop {
        let start = read.len();
        let count = lines.read_line(&mut read).expect("the output is text");
        assert!(count > 0, "`{text}` was not printed: {read}");
        if read[start..].contains(text) {
            return;
        }
    }
}

fn output(running: &mut Running<'_>) -> BufReader<ChildStdout> {
    BufReader::new(running.child().stdout.take().expect("a pipe"))
}

#[test]
fn validate_checks_again_after_each_change() {
    let project = Project::local().file("a.yaml", &api("a"));
    let mut running = project.start("validate --watch --format json");
    let mut lines = output(&mut running);
    read_until(&mut lines, "\"resources\": 1");
    project.write("more/b.yaml", api("b"));
    read_until(&mut lines, "\"resources\": 2");
    project.write("a.yaml", api("a").replace("title: a", "titel: a"));
    read_until(&mut lines, "unknown-field");
    project.remove("more/b.yaml");
    project.write("a.yaml", api("a"));
    read_until(&mut lines, "\"resources\": 1");
}

#[test]
fn plan_plans_again_on_the_emulator() {
    let center = ServiceFixture::start();
    let embedded = Project::local();
    let http = Project::of(&center);
    for project in [embedded, http] {
        let project = project.file("a.yaml", &api("a"));
        let mut running = project.start("plan --watch");
        let mut lines = output(&mut running);
        read_until(&mut lines, "Plan: 1 to add");
        project.write("b.yaml", api("b"));
        read_until(&mut lines, "Plan: 2 to add");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it() {
    let project = Project::local().file("a.yaml", &api("a"));
    let mut running = project.start("validate --watch");
    let mut lines = output(&mut running);
    read_until(&mut lines, "Valid.");
    project.write("b.yaml", api("b"));
    read_until(&mut lines, "Valid. 2 resources");
    running.signal("INT");
    running.finish().exit(130);
}

#[test]
fn a_service_in_azure_is_not_watched() {
    let project = Project::with_spec(
        "targets:\n  prod: {subscriptionId: s, resourceGroup: g, service: contoso}",
    );
    project
        .run("plan --watch")
        .exit(64)
        .talks(&["--watch is for targets in the emulator, and `prod` is a service in Azure"]);
}
