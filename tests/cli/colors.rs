//! Data on stdout, talk on stderr, colours only where they are wanted.

use std::io::Read as _;
use std::process::Stdio;

use super::harness::Project;
use super::samples::{api, orders};

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_for_terminals_unless_the_flag_says_otherwise() {
    let project = orders(Project::local()).file("b.yaml", &api("orders-b"));
    let plain = project.run("plan").success();
    assert!(!plain.stdout().contains(ESCAPE));
    let coloured = project.run("plan --color always").success();
    assert!(coloured.stdout().contains(ESCAPE));
    let strip = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(strip.replace_all(coloured.stdout(), ""), plain.stdout());
    for arguments in ["plan --color never", "plan --color auto"] {
        assert_eq!(project.run(arguments).success().stdout(), plain.stdout());
    }
    // The flag is the nearer word of the two; machine output is never coloured.
    let project = project.env("NO_COLOR", "1");
    assert!(!project.run("plan").success().stdout().contains(ESCAPE));
    assert!(
        project
            .run("plan --color always")
            .success()
            .stdout()
            .contains(ESCAPE)
    );
    let json = project.run("plan --color always --format json").success();
    assert!(!json.stdout().contains(ESCAPE));
    json.json();
}

#[test]
fn problems_are_drawn_or_logged_on_stderr_only() {
    let project = Project::local().file("a.yaml", &api("v_1"));
    let logged = project.run("validate").exit(6);
    assert_eq!(logged.stdout(), "");
    assert!(!logged.stderr().contains(ESCAPE));
    let drawn = project.run("validate --color always").exit(6);
    assert!(drawn.stderr().contains(ESCAPE) && drawn.stderr().contains('╭'));
    assert_eq!(drawn.stdout(), "");
}

#[test]
fn stdout_is_one_json_document_whatever_is_said_besides() {
    let project = orders(Project::local());
    project.edit("apis/orders.yaml", "kind: rest", "kind: rst");
    for command in [
        "validate --format json",
        "plan --format json -vv",
        "plan --format json --prune",
        "apply --auto-approve --format json",
        "apply --auto-approve --format json -q",
        "schema",
    ] {
        project.run(command).success().json();
    }
    let talk = project.run("validate --format json").success();
    talk.talks(&[
        "warning[unknown-value]",
        "did you mean `rest`?",
        "1 warning",
    ]);
}

#[test]
fn quiet_leaves_out_progress_and_keeps_the_result() {
    let project = orders(Project::local());
    let ended = project.run("apply --auto-approve -q").success();
    assert_eq!(ended.stderr(), "");
    ended.says(&["Apply complete!"]);
}

#[test]
fn verbose_tells_requests_and_no_secret() {
    let center = super::service_fixture::ServiceFixture::start();
    let project = Project::of(&center).file("a.yaml", &api("orders"));
    // That the token is in no stream is checked for every run.
    let ended = project.run("apply --auto-approve -vv").success();
    assert!(ended.stderr().lines().count() > 3, "{}", ended.stderr());
}

#[test]
fn a_reader_that_goes_away_is_an_error_and_no_reason_to_panic() {
    let project = orders(Project::local());
    let many = super::samples::apis(
        (0..400)
            .map(|i| format!("api-{i}"))
            .collect::<Vec<_>>()
            .iter()
            .map(String::as_str),
    );
    project.write("many.yaml", many);
    for arguments in [
        "plan",
        "plan --format json",
        "schema",
        "completions bash",
        "man",
        "help",
        "plan --help",
    ] {
        let mut child = project
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        let status = child.wait().unwrap();
        assert!(!stderr.contains("panicked"), "{arguments}: {stderr}");
        assert_eq!(status.code(), Some(1), "{arguments}: {stderr}");
        assert!(
            stderr.contains("stdout cannot be written to"),
            "{arguments}: {stderr}"
        );
    }
}
