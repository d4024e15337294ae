//! A stdout that is closed or full: an error with a message, whatever the command and its format.

use std::process::{Command, Stdio};

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// A stdout that cannot be written to.
#[derive(Debug, Clone, Copy)]
enum Broken {
    Closed,
    /// Only Linux has such a device.
    Full,
}

const BROKEN: &[Broken] = if cfg!(target_os = "linux") {
    &[Broken::Closed, Broken::Full]
} else {
    &[Broken::Closed]
};

impl Broken {
    fn stdout(self) -> Stdio {
        match self {
            Self::Closed => {
                let (_reader, writer) = std::io::pipe().expect("a pipe");
                writer.into()
            }
            Self::Full => {
                let device = std::fs::OpenOptions::new().write(true).open("/dev/full");
                device.expect("the device").into()
            }
        }
    }
}

/// Runs a command and checks how it ends and that it says why.
#[track_caller]
fn ends(mut command: Command, broken: Broken, code: i32) -> String {
    let output = command.stdout(broken.stdout()).output().expect("it runs");
    let stderr = String::from_utf8(output.stderr).expect("text");
    let words = format!("{command:?} with {broken:?}:\n{stderr}");
    assert_eq!(output.status.code(), Some(code), "{words}");
    assert!(
        stderr.contains("error: stdout cannot be written to"),
        "{words}"
    );
    assert!(!stderr.contains("panicked"), "{words}");
    stderr
}

#[test]
fn every_command_that_prints_a_result_fails() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for arguments in [
        "validate",
        "validate --format json",
        "validate --format junit",
        "validate --format sarif",
        "plan",
        "plan --detailed-exitcode",
        "plan --format json",
        "plan --format markdown",
        "plan --format html",
        "snapshot",
        "diff-spec apis/openapi.yaml apis/openapi.yaml",
        "diff-spec apis/openapi.yaml apis/openapi.yaml --format json",
        "diff-spec apis/openapi.yaml apis/openapi.yaml --format markdown",
        "doctor",
        "explain Api",
        "graph",
        "schema",
        "schema --project",
        "completions bash",
        "man",
        "help",
        "help plan",
        "plan --help",
        "-h",
        "--version",
        "emulator",
        "export --out out",
    ] {
        for broken in BROKEN {
            ends(project.command(arguments), *broken, 1);
        }
    }
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn a_plan_that_cannot_be_shown_is_not_applied() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for broken in BROKEN {
        let stderr = ends(project.command("apply --auto-approve"), *broken, 1);
        let words = "error: the plan could not be shown in full; nothing was sent";
        assert!(stderr.contains(words), "{stderr}");
    }
    assert_eq!(center.writes(), [""; 0]);
    // Its only output comes at the end, so what it did stays.
    let json = "apply --auto-approve --format json";
    ends(project.command(json), Broken::Closed, 1);
    assert_ne!(center.writes(), [""; 0]);
    ends(project.command("apply --auto-approve"), Broken::Closed, 1);
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_failure_keeps_its_exit_code() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for broken in BROKEN {
        let refused = "apply --auto-approve --expect-plan p2-0";
        ends(project.command(refused), *broken, 5);
    }
    project.write("apis/wrong.yaml", "kind: Nothing\n");
    for broken in BROKEN {
        for arguments in [
            "validate --format json",
            "plan --format json",
            "plan --format markdown",
        ] {
            ends(project.command(arguments), *broken, 6);
        }
    }
}
