//! A service with the limits that Azure documents, made faster so that the test is short.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use apicenter::emulator::{Buckets, ThrottleClock};

use super::harness::Project;
use super::samples::OPENAPI;
use super::service_fixture::ServiceFixture;

/// Four writes each: the API, its version, its definition, and the import of its document.
const APIS: u32 = 75;

/// How many times as fast as documented the buckets fill.
const SPEED: u32 = 5;

fn api(number: u32) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-{number}}}\nspec:\n  title: API \
         {number}\n  kind: rest\n  versions:\n    - name: 1-0-0\n      title: v1\n      lifecycleStage: \
         production\n      definitions:\n        - {{name: openapi, title: OpenAPI, source: {{file: \
         openapi.yaml}}}}\n---\n"
    )
}

/// A project with all of them.
fn large(center: &ServiceFixture) -> Project {
    Project::of(center)
        .file("apis.yaml", &(0..APIS).map(api).collect::<String>())
        .file("openapi.yaml", OPENAPI)
}

/// The writes that were let through.
fn served(center: &ServiceFixture) -> usize {
    center.writes().len() - refused(center).len()
}

/// The test refills the bucket, so only counts decide. How fast the program sends is tested with a clock of its own,
/// in `azure/rate_limit.rs`.
#[test]
fn a_large_apply_goes_on_when_the_limit_is_refilled() {
    let clock = ThrottleClock::stopped();
    let mut center = ServiceFixture::with(|options| {
        options.buckets = Some(Buckets::default());
        options.throttle_clock = clock.clone();
    });
    let project = large(&center);
    center.mark();
    let run = project.start("apply --auto-approve --no-verify");
    center.wait_until("the limit to be used up", |center| {
        served(center) == 200 && !refused(center).is_empty()
    });
    // Ten seconds are a hundred writes: as many as are left.
    clock.advance(Duration::from_secs(10));
    let count = format!("Resources: {} added, 0 changed, 0 destroyed.", 3 * APIS);
    run.finish().success().says(&[&count]);
    assert_eq!(served(&center), 4 * APIS as usize);
}

#[test]
fn a_large_apply_keeps_to_the_limit_and_is_hardly_ever_turned_away() {
    let mut center = ServiceFixture::with(|options| {
        options.buckets = Some(Buckets {
            speed: SPEED,
            ..Buckets::default()
        });
    });
    let project = large(&center);
    center.mark();
    let started = Instant::now();
    let count = format!("Resources: {} added, 0 changed, 0 destroyed.", 3 * APIS);
    project
        .run("apply --auto-approve --no-verify")
        .success()
        .says(&[&count]);
    let took = started.elapsed();

    let writes = 4 * APIS;
    assert_eq!(served(&center), writes as usize);
    let allowed = Duration::from_secs_f64(f64::from(writes - 200) / f64::from(10 * SPEED));
    assert!(took >= allowed, "the limit did not bind: {took:?}");

    let mut times = BTreeMap::new();
    for request in refused(&center) {
        *times.entry(request).or_insert(0) += 1;
    }
    assert!(times.values().all(|times| *times == 1), "{times:#?}");
    assert!(times.len() < 12, "{times:#?}");

    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

/// The requests that were turned away.
fn refused(center: &ServiceFixture) -> Vec<String> {
    let requests = center.requests().into_iter();
    requests
        .filter(|request| request.status == Some(429))
        .map(|request| format!("{} {}", request.method, request.path))
        .collect()
}
