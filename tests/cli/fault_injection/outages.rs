//! From some request on everything fails for good. What was done stays, the end says so, and once the
//! service is back the next run does what is left.

use apicenter::emulator::{Fault, FaultRule};

use super::scenario::{APPLY, APPLY_IN_ORDER, Case, HANG_TIMEOUT, TEMPLATE, at_once};

fn from(nth: u32, fault: Fault) -> FaultRule {
    FaultRule {
        method: None,
        path: String::new(),
        nth,
        times: u32::MAX,
        fault,
    }
}

/// How an apply ends whose requests fail from the nth on.
fn expected(nth: u32, fault: &Fault) -> i32 {
    let writes = TEMPLATE.writes();
    let (first, last) = (writes[0], writes[writes.len() - 1]);
    let forbidden = matches!(fault, Fault::Status(401 | 403));
    match nth {
        // Nothing was done.
        _ if nth <= first && forbidden => 3,
        _ if nth < first => 1,
        _ if nth <= last => 4,
        // All is done, but nobody saw it.
        _ if forbidden => 3,
        _ => 1,
    }
}

/// Every write, and requests from before and after them.
fn moments() -> Vec<u32> {
    let writes = TEMPLATE.writes();
    let (first, last) = (writes[0], writes[writes.len() - 1]);
    let end = u32::try_from(TEMPLATE.requests.len()).expect("a small number");
    let mut all = vec![1, first / 2, last + 1, end];
    all.extend(writes);
    all.sort_unstable();
    all.dedup();
    all
}

/// Every nth of the moments with one of the faults, so that neighbours fail in different ways.
fn thinned(every: usize, faults: &[Fault]) -> Vec<(u32, Fault)> {
    let moments = moments().into_iter().step_by(every);
    moments.zip(faults.iter().cloned().cycle()).collect()
}

/// Every moment with each of the faults.
fn all(faults: &[Fault]) -> Vec<(u32, Fault)> {
    let each = |nth| faults.iter().map(move |fault| (nth, fault.clone()));
    moments().into_iter().flat_map(each).collect()
}

/// Failures that are final at once, or after tries that need no waiting.
const REFUSALS: [Fault; 5] = [
    Fault::Status(400),
    Fault::Status(403),
    Fault::Throttle(0),
    Fault::StatusAfter(409),
    Fault::Status(401),
];

fn refused((nth, fault): (u32, Fault)) {
    let mut case = Case::new(|_| {});
    case.center.inject(from(nth, fault.clone()));
    let run = case.project.run(APPLY_IN_ORDER);
    let about = format!("{fault:?} from request {nth} on");
    assert_eq!(run.code(), Some(expected(nth, &fault)), "{about}: {run}");
    case.converges(&about, false);
}

#[test]
fn an_apply_that_is_refused_from_some_request_on_is_completed_by_the_next() {
    at_once(4, thinned(3, &REFUSALS), refused);
}

#[test]
#[ignore = "some minutes: every moment in every way"]
fn an_apply_that_is_refused_from_any_request_on_is_completed_by_the_next() {
    at_once(4, all(&REFUSALS), refused);
}

/// Failures that are tried again, until there is no more patience.
const OUTAGES: [Fault; 6] = [
    Fault::Status(500),
    Fault::ResetAfter,
    Fault::Hang,
    Fault::Status(503),
    Fault::StatusAfter(500),
    Fault::ResetBefore,
];

fn lost((nth, fault): (u32, Fault)) {
    let mut case = Case::new(|_| {});
    if fault == Fault::Hang {
        case.project = case.project.env("APICENTER_HTTP_TIMEOUT", HANG_TIMEOUT);
    }
    case.center.inject(from(nth, fault.clone()));
    let run = case.project.run(&format!("{APPLY} --parallelism 32"));
    let about = format!("{fault:?} from request {nth} on");
    let code = run.code().unwrap_or_default();
    assert!([1, 4].contains(&code), "{about}: {run}");
    let told = run.stdout.contains("Apply incomplete");
    assert_eq!(code == 4, told, "{about}: {run}");
    case.project = case.project.env("APICENTER_HTTP_TIMEOUT", "");
    case.converges(&about, false);
}

#[test]
fn an_apply_that_loses_the_service_is_completed_by_the_next() {
    let cases = thinned(4, &OUTAGES);
    at_once(cases.len(), cases, lost);
}

#[test]
#[ignore = "some minutes: every moment in every way"]
fn an_apply_that_loses_the_service_at_any_request_is_completed_by_the_next() {
    at_once(12, all(&OUTAGES), lost);
}
