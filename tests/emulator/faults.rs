//! Faults on order, throttling, and the request log.

use std::time::{Duration, Instant};

use apicenter::emulator::{Buckets, EmulatorOptions, Fault, FaultRule, Faults, ThrottleClock};
use reqwest::Method;
use serde_json::json;

use super::harness::{API, EmulatorFixture, ReceivedResponse};

async fn with_faults() -> (EmulatorFixture, Faults) {
    let faults = Faults::default();
    let options = EmulatorOptions {
        seed_sample: false,
        faults: faults.clone(),
        ..EmulatorOptions::default()
    };
    (EmulatorFixture::with(options).await, faults)
}

#[tokio::test]
async fn faults_strike_before_or_after_the_work() {
    let (center, faults) = with_faults().await;
    let body = json!({"properties": {"title": "Orders", "kind": "rest"}});
    faults.inject(FaultRule::next("PUT", "/apis/orders", Fault::Status(503)));
    center.put(API, body.clone()).await.expect(503);
    center.get(API).await.expect(404);
    faults.inject(FaultRule::next("PUT", "/apis/orders", Fault::ResetBefore));
    assert!(
        center
            .try_send(Method::PUT, &center.url(API), Some(&body))
            .await
            .is_err()
    );
    center.get(API).await.expect(404);
    faults.inject(FaultRule::next("PUT", "/apis/orders", Fault::ResetAfter));
    assert!(
        center
            .try_send(Method::PUT, &center.url(API), Some(&body))
            .await
            .is_err()
    );
    center.get(API).await.expect(200);
    faults.inject(FaultRule::next(
        "DELETE",
        "/apis/orders",
        Fault::StatusAfter(500),
    ));
    center.delete(API).await.expect(500);
    center.get(API).await.expect(404);
    faults.inject(FaultRule::next("GET", "", Fault::Throttle(7)).times(2));
    assert_eq!(
        center.get(API).await.expect(429).header("retry-after"),
        Some("7")
    );
    center.get(API).await.expect(429);
    center.get(API).await.expect(404);
    faults.inject(FaultRule::next("GET", "/apis/", Fault::Hang));
    let hung = tokio::time::timeout(Duration::from_millis(100), center.get(API)).await;
    assert!(hung.is_err());
    faults.clear();
    center.get(API).await.expect(404);
}

#[tokio::test]
async fn a_response_is_programmed_with_its_body() {
    let (center, faults) = with_faults().await;
    center.orders().await;
    let definition = format!("{API}/versions/1-0-0/definitions/openapi");
    let import = json!({"format": "inline", "value": "{}"});
    let path = format!("{definition}/importSpecification");
    center.post(&path, import).await.expect(200);
    let export = format!("{definition}/exportSpecification");
    for (status, body) in [
        (204, ""),
        (200, "{}"),
        (200, r#"{"format":"inline","value":null}"#),
        (200, r#"{"format":"zip","value":"x"}"#),
        (404, r#"{"code":"404"}"#),
    ] {
        let fault = Fault::Response {
            status,
            body: body.to_owned(),
        };
        faults.inject(FaultRule::next("POST", "/exportSpecification", fault));
        let heard = center.post(&export, json!({})).await.expect(status);
        assert_eq!(heard.text, body);
        let kind = (!body.is_empty()).then_some("application/json; charset=utf-8");
        assert_eq!(heard.header("content-type"), kind);
    }
    let document = center.post(&export, json!({})).await.expect(200).json();
    assert_eq!(document, json!({"format": "inline", "value": "{}"}));
}

#[tokio::test]
async fn every_nth_request_fails_before_or_after() {
    let options = EmulatorOptions {
        fail_every: Some(3),
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(center.get(API).await.status.as_u16());
    }
    assert_eq!(statuses, [404, 404, 500, 404, 404, 500]);

    let options = EmulatorOptions {
        fail_every_after: Some(1),
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    center
        .set(API, json!({"title": "Orders", "kind": "rest"}))
        .await
        .expect(500);
    center.delete(API).await.expect(500);
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let clock = ThrottleClock::stopped();
    let options = EmulatorOptions {
        throttle_rps: Some(5),
        throttle_clock: clock.clone(),
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    let first = center.get(API).await;
    assert_eq!(
        first.header("x-ms-ratelimit-remaining-subscription-global-reads"),
        Some("4")
    );
    let heard = futures::future::join_all((0..20).map(|_| center.get(API))).await;
    let (throttled, served): (Vec<_>, Vec<_>) =
        heard.into_iter().partition(|heard| heard.status == 429);
    assert_eq!((throttled.len(), served.len()), (16, 4));
    for heard in throttled {
        assert_eq!(heard.header("retry-after"), Some("1"));
        assert_eq!(heard.json()["error"]["code"], "TooManyRequests");
    }
    clock.advance(Duration::from_millis(199));
    center.get(API).await.expect(429);
    clock.advance(Duration::from_millis(2));
    center.get(API).await.expect(404);
    center.get(API).await.expect(429);
}

#[tokio::test]
async fn the_documented_limits_are_told_and_kept_for_each_class() {
    let clock = ThrottleClock::stopped();
    let center = EmulatorFixture::with(EmulatorOptions {
        buckets: Some(Buckets::default()),
        throttle_clock: clock.clone(),
        ..EmulatorOptions::default()
    })
    .await;
    let remaining = |heard: &ReceivedResponse, of: &str| {
        let name = format!("x-ms-ratelimit-remaining-subscription-{of}");
        heard.header(&name)?.parse::<u32>().ok()
    };
    let read = center.get(API).await;
    assert_eq!(remaining(&read, "reads"), None);
    assert_eq!(remaining(&read, "global-reads"), Some(3749));
    let deleted = center.delete(API).await;
    assert_eq!(remaining(&deleted, "deletes"), Some(199));
    let body = json!({"title": "Orders", "kind": "rest"});
    for left in (0..200).rev() {
        let heard = center.set(API, body.clone()).await.expect(200);
        assert_eq!(remaining(&heard, "writes"), Some(left));
    }
    let refused = center.set(API, body.clone()).await.expect(429);
    assert_eq!(remaining(&refused, "writes"), Some(0));
    assert_eq!(refused.header("retry-after"), Some("1"));
    clock.advance(Duration::from_millis(101));
    center.set(API, body.clone()).await.expect(200);
    center.set(API, body).await.expect(429);
    // The other classes have buckets of their own, and so has another subscription.
    center.get(API).await.expect(200);
    let other = format!(
        "{}/subscriptions/other/resourceGroups/g",
        center.emulator.url()
    );
    let group = json!({"location": "eastus"});
    let url = format!("{other}?api-version=2022-12-01");
    let made = center.send(Method::PUT, &url, Some(&group)).await;
    assert_eq!(remaining(&made.expect(201), "writes"), Some(199));
}

#[tokio::test]
async fn requests_are_logged_and_delayed() {
    let options = EmulatorOptions {
        latency: Duration::from_millis(30),
        ..EmulatorOptions::default()
    };
    let center = EmulatorFixture::with(options).await;
    let start = Instant::now();
    center.get(API).await.expect(404);
    assert!(start.elapsed() >= Duration::from_millis(30));
    let log = center.emulator.requests();
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].method.as_str(), log[0].status), ("GET", Some(404)));
    assert!(log[0].path.ends_with(API));
    assert_eq!(log[0].query, "api-version=2024-03-01");
}
