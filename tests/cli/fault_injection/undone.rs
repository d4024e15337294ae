//! `apply --undo` after an apply, or another undo, that was killed at any moment.

use std::sync::LazyLock;
use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule};
use serde_json::Value;

use super::scenario::{APPLY, APPLY_IN_ORDER, Case, at_once};
use crate::cli::service_fixture::is_write;

const RECORDED: &str = "--undo-file undo.json";

const UNDO: &str = "apply --undo undo.json --auto-approve --allow-destroy integration/*";

/// How the service holds requests: once they are carried out, and before.
const HOLDS: [Fault; 2] = [Fault::HoldAfter, Fault::HoldBefore];

/// An apply that is recorded and then undone, without disturbance.
struct Undisturbed {
    /// Everything that the service holds before.
    before: Value,
    /// The positions, from 1, of the writes of the apply among its requests.
    apply: Vec<u32>,
    /// The same of the undo.
    undo: Vec<u32>,
}

static UNDISTURBED: LazyLock<Undisturbed> = LazyLock::new(|| {
    let mut case = case();
    let before = case.state();
    case.center.mark();
    case.project
        .run(&format!("{APPLY_IN_ORDER} {RECORDED}"))
        .success();
    let apply = writes(&case);
    assert_ne!(case.state(), before);
    case.center.mark();
    case.project
        .run(&format!("{UNDO} --parallelism 1"))
        .success();
    let undo = writes(&case);
    assert_eq!(case.state(), before);
    let undone = case.project.run(UNDO).success();
    undone.says(&["No changes. The service is as it was before the apply"]);
    Undisturbed {
        before,
        apply,
        undo,
    }
});

fn case() -> Case {
    Case::new(|options| options.unlink_delay = Duration::from_millis(100))
}

fn writes(case: &Case) -> Vec<u32> {
    let requests = case.center.requests();
    let positions = (1..).zip(&requests);
    let writes = positions.filter(|(_, request)| is_write(request));
    writes.map(|(position, _)| position).collect()
}

/// Every step-th write, in both ways in turn.
fn moments(positions: &[u32], step: usize) -> Vec<(u32, Fault)> {
    let positions = positions.iter().copied().step_by(step);
    positions.zip(HOLDS.into_iter().cycle()).collect()
}

fn all_moments(positions: &[u32]) -> Vec<(u32, Fault)> {
    let positions = positions.iter();
    let both = positions.flat_map(|position| HOLDS.map(|hold| (*position, hold)));
    both.collect()
}

/// Kills a command at its request of this number, while the service holds it and all that follow.
fn kill(case: &mut Case, command: &str, (nth, fault): (u32, Fault)) {
    case.center.inject(FaultRule {
        method: None,
        path: String::new(),
        nth,
        times: u32::MAX,
        fault,
    });
    let mut run = case.project.start(command);
    case.center.wait_for_hold();
    run.child().kill().expect("it is killed");
    run.finish().killed();
    case.center.heal();
}

#[track_caller]
fn goes_back(case: &Case, about: &str) {
    let undone = case.project.run(UNDO);
    assert!(undone.is_success(), "{about}: {undone}");
    assert_eq!(case.state(), UNDISTURBED.before, "{about}: {undone}");
    let again = case.project.run(UNDO);
    assert!(again.stdout.contains("No changes."), "{about}: {again}");
}

fn apply_killed(moments: Vec<(u32, Fault)>) {
    let numbered: Vec<_> = moments.into_iter().enumerate().collect();
    at_once(4, numbered, |(i, moment)| {
        let mut case = case();
        let about = format!("apply killed at {moment:?}, number {i}");
        kill(
            &mut case,
            &format!("{APPLY} {RECORDED} --parallelism 3"),
            moment.clone(),
        );
        // Whether the apply is completed first makes no difference.
        if i % 2 == 0 {
            let completed = case.project.run(&format!("{APPLY} {RECORDED}"));
            assert!(completed.is_success(), "{about}: {completed}");
        }
        goes_back(&case, &about);
    });
}

fn undo_killed(moments: Vec<(u32, Fault)>) {
    at_once(4, moments, |moment| {
        let mut case = case();
        let about = format!("undo killed at {moment:?}");
        let applied = case.project.run(&format!("{APPLY} {RECORDED}"));
        assert!(applied.is_success(), "{about}: {applied}");
        kill(
            &mut case,
            &format!("{UNDO} --parallelism 3"),
            moment.clone(),
        );
        goes_back(&case, &about);
    });
}

#[test]
fn an_apply_that_is_killed_after_some_write_is_undone() {
    apply_killed(moments(&UNDISTURBED.apply, 4));
}

#[test]
fn an_undo_that_is_killed_after_some_write_is_completed_by_the_next() {
    undo_killed(moments(&UNDISTURBED.undo, 5));
}

#[test]
#[ignore = "some minutes: every write in both ways"]
fn an_apply_that_is_killed_after_any_write_is_undone() {
    apply_killed(all_moments(&UNDISTURBED.apply));
}

#[test]
#[ignore = "some minutes: every write in both ways"]
fn an_undo_that_is_killed_after_any_write_is_completed_by_the_next() {
    undo_killed(all_moments(&UNDISTURBED.undo));
}
