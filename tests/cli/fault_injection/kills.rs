//! `kill -9` of the program, and of the service, at every moment.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule};

use super::scenario::{APPLY, Case, TEMPLATE, at_once};
use crate::cli::harness::Project;
use crate::cli::samples::orders;

#[test]
fn an_apply_that_is_killed_after_some_write_is_completed_by_the_next() {
    killed_after((1..=TEMPLATE.writes().len()).step_by(4));
}

#[test]
#[ignore = "a minute: every write"]
fn an_apply_that_is_killed_after_any_write_is_completed_by_the_next() {
    killed_after((1..=TEMPLATE.writes().len()).step_by(1));
}

/// The service holds every request from the nth write on, before or after it does the work, so that the kill
/// always comes while some are under way.
fn killed_after(writes: impl Iterator<Item = usize>) {
    let positions = TEMPLATE.writes();
    at_once(4, writes, |nth| {
        let mut case = Case::new(|options| options.unlink_delay = Duration::from_millis(100));
        let fault = match nth % 2 {
            0 => Fault::HoldBefore,
            _ => Fault::HoldAfter,
        };
        case.center.inject(FaultRule {
            method: None,
            path: String::new(),
            nth: positions[nth - 1],
            times: u32::MAX,
            fault,
        });
        let mut run = case.project.start(&format!("{APPLY} --parallelism 3"));
        case.center.wait_for_hold();
        run.child().kill().expect("it is killed");
        run.finish().killed();
        case.converges(&format!("killed after write {nth}"), false);
    });
}

/// The service as a process of its own.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn spawn(data: &Path, listen: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_apicenter"))
            .args(["emulator", "--latency-ms", "10", "--sync-delay-ms", "0"])
            .args(["--unlink-delay-ms", "0", "--listen", listen, "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the service starts")
    }

    fn start(data: &Path, listen: &str) -> Self {
        let mut child = Self::spawn(data, listen);
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
        stdout.read_line(&mut line).expect("it tells its address");
        let at = line.find("127.0.0.1:").expect("an address");
        let address = line[at..].trim().trim_end_matches('/').to_owned();
        Self { child, address }
    }

    fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have been killed.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[test]
fn a_service_that_is_killed_and_comes_back_is_waited_for() {
    at_once(4, [1, 9, 17], |nth| {
        let case = Case::new(|_| {});
        let (data, project) = case.stop();
        let mut service = Service::start(&data.file, "127.0.0.1:0");
        let address = service.address.clone();
        project.aim_at(&address);
        let mut run = project.start(APPLY);
        let mut stderr = BufReader::new(run.child().stderr.take().expect("it is piped"));
        let mut told = String::new();
        for _ in 0..nth {
            stderr.read_line(&mut told).expect("it tells what it does");
        }
        service.kill();
        let mut service = Service::start(&data.file, &address);
        // Reads the rest, so that the program is not held up.
        std::io::Read::read_to_string(&mut stderr, &mut told).expect("it ends");
        let run = run.finish();
        assert_eq!(
            run.code(),
            Some(0),
            "killed after {nth} changes: {run}{told}"
        );
        service.kill();
        let mut case = Case::resume(data, project);
        case.converges(&format!("service killed after {nth} changes"), true);
    });
}

#[test]
fn a_service_that_is_killed_while_it_makes_its_file_starts_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for ms in 1..=30 {
        let data = folder.path().join(format!("{ms}.redb"));
        let mut first = Service::spawn(&data, "127.0.0.1:0");
        std::thread::sleep(Duration::from_millis(ms));
        first.kill().expect("it is killed");
        first.wait().expect("it ends");
        drop(Service::start(&data, "127.0.0.1:0"));
    }
}

#[test]
fn the_embedded_service_survives_being_killed_with_the_program() {
    let killed = AtomicUsize::new(0);
    at_once(3, [0, 30, 90, 150, 210], |ms| {
        let project = orders(Project::local());
        let mut run = project.start("apply --auto-approve");
        std::thread::sleep(Duration::from_millis(ms));
        // It may be done already.
        let _killed = run.child().kill();
        if run.finish().code().is_none() {
            killed.fetch_add(1, Ordering::Relaxed);
        }
        project.run("apply --auto-approve").success();
        let quiet = project.run("plan --detailed-exitcode");
        assert_eq!(quiet.code(), Some(0), "killed after {ms} ms: {quiet}");
    });
    assert!(killed.into_inner() > 0, "every run ended by itself");
}
