//! A program that is killed while the service holds one of its requests.

use apicenter::emulator::{Fault, FaultRule};

use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// Runs a command and kills it at its nth request, before or after the service carries that one out. The service works
/// again afterwards.
pub(crate) fn kill_at(
    center: &ServiceFixture,
    project: &Project,
    command: &str,
    (nth, fault): (u32, Fault),
) {
    center.inject(FaultRule {
        method: None,
        path: String::new(),
        nth,
        // Those that are under way beside it wait too, so that the kill always comes before the end.
        times: u32::MAX,
        fault,
    });
    let mut run = project.start(command);
    center.wait_for_hold();
    run.child().kill().expect("it is killed");
    run.finish().killed();
    center.heal();
}
