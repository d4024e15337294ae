//! Every request fails once, in each way: it is sent again, and nobody notices.

use std::collections::BTreeSet;
use std::time::Duration;

use apicenter::emulator::{Fault, FaultRule};

use super::scenario::{APPLY, Case, HANG_TIMEOUT, TEMPLATE, at_once};

#[test]
fn every_request_may_fail_once_in_every_way() {
    let faults = [
        Fault::Status(500),
        Fault::StatusAfter(503),
        Fault::ResetBefore,
        Fault::ResetAfter,
    ];
    at_once(faults.len(), faults, |fault| {
        let mut case = Case::new(|_| {});
        case.center.fail_first_of_each(fault.clone());
        let run = case.project.run(&format!("{APPLY} --parallelism 16"));
        assert_eq!(run.code(), Some(0), "{fault:?}: {run}");
        let sent = case.center.requests().len();
        assert!(
            sent >= TEMPLATE.requests.len(),
            "{fault:?}: {sent} requests"
        );
        case.converges(&format!("{fault:?} once"), true);
    });
}

/// Each time another twelfth of the requests: after each refusal, the program pauses for a while.
#[test]
fn every_request_may_be_throttled_once() {
    const SHARES: u32 = 12;
    at_once(6, 1..=SHARES, |first| {
        let mut case = Case::new(|_| {});
        let all = u32::try_from(TEMPLATE.requests.len()).expect("it fits");
        for nth in (first..=all).step_by(SHARES as usize) {
            case.center.inject(FaultRule {
                method: None,
                path: String::new(),
                nth,
                times: 1,
                fault: Fault::Throttle(0),
            });
        }
        let run = case.project.run(&format!("{APPLY} --parallelism 16"));
        assert_eq!(run.code(), Some(0), "{first}: {run}");
        let sent = case.center.requests().len();
        assert!(
            sent > TEMPLATE.requests.len(),
            "{first}: {sent} requests, and some should be repeated"
        );
        case.center.heal();
        case.converges(&format!("throttled from {first}"), true);
    });
}

/// Every request, some at the same time: each of them takes as long as the timeout.
#[test]
#[ignore = "a minute: each request waits for the timeout"]
fn every_request_may_hang_once() {
    let mut case = Case::new(|_| {});
    case.center.fail_first_of_each(Fault::Hang);
    case.project = case.project.env("APICENTER_HTTP_TIMEOUT", HANG_TIMEOUT);
    let run = case.project.run(&format!("{APPLY} --parallelism 32"));
    assert_eq!(run.code(), Some(0), "{run}");
    let requests = case.center.requests();
    let hung = requests.iter().filter(|request| request.status.is_none());
    let different: BTreeSet<_> = requests
        .iter()
        .map(|request| (&request.method, &request.path))
        .collect();
    assert!(hung.count() >= different.len(), "{run}");
    case.project = case.project.env("APICENTER_HTTP_TIMEOUT", "");
    case.converges("every request hung once", true);
}

#[test]
fn a_list_a_write_an_import_and_a_deletion_may_hang_once() {
    let kinds = [
        ("GET", "/apis"),
        ("PUT", "/apis/"),
        ("POST", "/importSpecification"),
        ("DELETE", ""),
    ];
    let mut case = Case::new(|_| {});
    for (method, path) in kinds {
        let rule = FaultRule::next(method, path, Fault::Hang);
        case.center.inject(rule);
    }
    case.project = case.project.env("APICENTER_HTTP_TIMEOUT", HANG_TIMEOUT);
    let run = case.project.run(APPLY);
    assert_eq!(run.code(), Some(0), "{run}");
    let requests = case.center.requests();
    let hung = requests.iter().filter(|request| request.status.is_none());
    assert_eq!(hung.count(), kinds.len(), "{run}");
    case.project = case.project.env("APICENTER_HTTP_TIMEOUT", "");
    case.converges("one request of each of these hung once", true);
}

#[test]
fn a_slow_service_is_no_trouble() {
    let mut case = Case::new(|options| {
        options.latency = Duration::from_millis(20);
        options.unlink_delay = Duration::from_millis(300);
        options.operation_delay = Duration::from_millis(50);
    });
    let run = case.project.run(APPLY);
    assert_eq!(run.code(), Some(0), "{run}");
    case.converges("slow", true);
}
