//! `kill -9` of the program, and of the service, at every moment.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use apicenter::emulator::Fault;

use super::scenario::{APPLY, Case, TEMPLATE, at_once};
use crate::cli::harness::{Project, Running};
use crate::cli::kill::kill_at;
use crate::cli::samples::{apis, orders};
use crate::emulator::program::EmulatorProcess;

/// How the service holds requests: once they are carried out, and before.
const HOLDS: [Fault; 2] = [Fault::HoldAfter, Fault::HoldBefore];

#[test]
fn an_apply_that_is_killed_after_some_write_is_completed_by_the_next() {
    let writes = (1..=TEMPLATE.writes().len()).step_by(3);
    killed_after(writes.zip(HOLDS.into_iter().cycle()));
}

#[test]
#[ignore = "some minutes: every write in both ways"]
fn an_apply_that_is_killed_after_any_write_is_completed_by_the_next() {
    let writes = 1..=TEMPLATE.writes().len();
    killed_after(writes.flat_map(|nth| HOLDS.map(|hold| (nth, hold))));
}

/// The service holds every request from the nth write on, before or after it does the work, so that the kill
/// always comes while some are under way.
fn killed_after(moments: impl Iterator<Item = (usize, Fault)>) {
    let positions = TEMPLATE.writes();
    at_once(4, moments, |(nth, fault)| {
        let mut case = Case::new(|options| options.unlink_delay = Duration::from_millis(100));
        let about = format!("killed after write {nth}, {fault:?}");
        let moment = (positions[nth - 1], fault);
        let apply = format!("{APPLY} --parallelism 3");
        kill_at(&case.center, &case.project, &apply, moment);
        case.converges(&about, false);
    });
}

/// The first lines on stderr, and the rest of it.
fn read_lines(run: &mut Running<'_>, count: usize) -> (impl BufRead + use<>, String) {
    let mut stderr = BufReader::new(run.child().stderr.take().expect("it is piped"));
    let mut lines = String::new();
    for _ in 0..count {
        let length = stderr.read_line(&mut lines).expect("stderr is text");
        assert!(length > 0, "no more than {lines}");
    }
    (stderr, lines)
}

#[test]
fn a_service_that_is_killed_and_comes_back_is_waited_for() {
    at_once(4, [1, 9, 17], |nth| {
        let case = Case::new(|_| {});
        let (data, project) = case.stop();
        let mut service = EmulatorProcess::start(&data.file, "127.0.0.1:0");
        let address = service.address.clone();
        project.aim_at(&address);
        let mut run = project.start(APPLY);
        let (mut stderr, mut reported) = read_lines(&mut run, nth);
        service.kill();
        let mut service = EmulatorProcess::start(&data.file, &address);
        // Reads the rest, so that the program is not held up.
        std::io::Read::read_to_string(&mut stderr, &mut reported).expect("it ends");
        let run = run.finish();
        assert_eq!(
            run.code(),
            Some(0),
            "killed after {nth} changes: {run}{reported}"
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
        let mut first = EmulatorProcess::spawn(&data, "127.0.0.1:0");
        std::thread::sleep(Duration::from_millis(ms));
        first.kill().expect("it is killed");
        first.wait().expect("it ends");
        drop(EmulatorProcess::start(&data, "127.0.0.1:0"));
    }
}

#[test]
fn the_embedded_service_survives_being_killed_with_the_program() {
    // So many that the kill always comes before the end.
    let names: Vec<String> = (0..100).map(|number| format!("api-{number}")).collect();
    let many = apis(names.iter().map(String::as_str));
    at_once(3, [1, 3, 5], |nth| {
        let project = orders(Project::local()).file("apis.yaml", &many);
        let mut run = project.start("apply --auto-approve");
        let (_stderr, _lines) = read_lines(&mut run, nth);
        run.child().kill().expect("it is killed");
        run.finish().killed();
        project.run("apply --auto-approve").success();
        let quiet = project.run("plan --detailed-exitcode");
        assert_eq!(quiet.code(), Some(0), "killed after line {nth}: {quiet}");
    });
}
