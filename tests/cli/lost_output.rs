//! A stdout that is closed or full: an error with a message, whatever the command and its format. A stderr that is: an
//! error too, if a message is lost.

#![cfg(unix)]

use std::process::{Command, Output, Stdio};

use super::harness::Project;
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// An environment with a property that is deprecated, which is a warning.
const WITH_A_WARNING: &str = "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: old}
spec: {schema: {type: string}, assignedTo: [{entity: environment, deprecated: true}]}
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: warned}
spec: {title: Warned, kind: production, customProperties: {old: text}}
";

/// A stream that cannot be written to.
#[derive(Debug, Clone, Copy)]
enum Broken {
    /// A pipe that nobody reads.
    Closed,
    /// No stream at all, as after `>&-`. Windows has no such thing.
    Absent,
    /// Only Linux has such a device.
    Full,
}

const BROKEN: &[Broken] = if cfg!(target_os = "linux") {
    &[Broken::Closed, Broken::Absent, Broken::Full]
} else if cfg!(unix) {
    &[Broken::Closed, Broken::Absent]
} else {
    &[Broken::Closed]
};

impl Broken {
    /// The stream, unless there is to be none.
    fn stream(self) -> Option<Stdio> {
        match self {
            Self::Closed => {
                let (_reader, writer) = std::io::pipe().expect("a pipe");
                Some(writer.into())
            }
            Self::Absent => None,
            Self::Full => {
                let device = std::fs::OpenOptions::new().write(true).open("/dev/full");
                Some(device.expect("the device").into())
            }
        }
    }

    fn as_stdout_of(self, command: Command) -> Output {
        let mut command = match self.stream() {
            Some(stream) => with(command, |command| command.stdout(stream)),
            None => without(">&-", &command),
        };
        command.stderr(Stdio::piped());
        finish(command)
    }

    fn as_stderr_of(self, command: Command) -> Output {
        let mut command = match self.stream() {
            Some(stream) => with(command, |command| command.stderr(stream)),
            None => without("2>&-", &command),
        };
        command.stdout(Stdio::piped());
        finish(command)
    }
}

fn with(mut command: Command, change: impl FnOnce(&mut Command) -> &mut Command) -> Command {
    change(&mut command);
    command
}

fn finish(mut command: Command) -> Output {
    let child = command.spawn().expect("it starts");
    child.wait_with_output().expect("it ends")
}

/// The same command, started by a shell that closes a stream before.
fn without(closing: &str, command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .arg("-c")
        .arg(format!("exec \"$0\" \"$@\" {closing}"))
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(command.get_current_dir().expect("it has a folder"))
        .stdin(Stdio::null());
    shell
}

/// Runs a command and checks how it ends and that it says why.
#[track_caller]
fn ends(command: Command, broken: Broken, code: i32) -> String {
    let words = format!("{command:?}");
    let output = broken.as_stdout_of(command);
    let stderr = String::from_utf8(output.stderr).expect("text");
    let words = format!("{words} with {broken:?}:\n{stderr}");
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

/// Runs a command without stderr, and checks how it ends; returns its stdout.
#[track_caller]
fn mute(command: Command, broken: Broken, code: i32) -> String {
    let words = format!("{command:?} with {broken:?}");
    let output = broken.as_stderr_of(command);
    let stdout = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(code), "{words}:\n{stdout}");
    stdout
}

#[test]
fn a_message_that_is_lost_is_no_success() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for broken in BROKEN {
        // Nothing is lost but lines of progress.
        mute(project.command("explain Api"), *broken, 0);
        let plan = mute(project.command("plan"), *broken, 0);
        assert!(plan.contains("Plan: "), "{plan}");
        mute(project.command("plan --detailed-exitcode"), *broken, 2);
        mute(project.command("validate --wrong"), *broken, 64);
        let refused = "apply --auto-approve --expect-plan p2-0";
        mute(project.command(refused), *broken, 5);
        mute(project.command("plan -v"), *broken, 1);
    }
    project.write("apis/warned.yaml", WITH_A_WARNING);
    for broken in BROKEN {
        mute(project.command("validate"), *broken, 1);
        mute(project.command("plan"), *broken, 1);
        // Who approves has not seen the warning.
        mute(project.command("apply --auto-approve"), *broken, 1);
    }
    assert_eq!(center.writes(), [""; 0]);
    project.write("apis/wrong.yaml", "kind: Nothing\n");
    for broken in BROKEN {
        for command in ["validate", "validate --format json", "plan"] {
            mute(project.command(command), *broken, 6);
        }
    }
}

#[test]
fn a_null_device_is_a_stream() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    // As programs open it that start others: to read and write, or to write only.
    for read in [false, true] {
        let null = || {
            let path = if cfg!(windows) { "NUL" } else { "/dev/null" };
            let device = std::fs::OpenOptions::new()
                .read(read)
                .write(true)
                .open(path);
            Stdio::from(device.expect("the device"))
        };
        let mut command = project.command("plan -v");
        let status = command.stdout(null()).stderr(null()).status();
        assert!(status.expect("it runs").success());
    }
}
