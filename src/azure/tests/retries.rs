//! When the client sends a request again.

use std::time::{Duration, Instant};

use super::fake_service::{BARE, FakeService, all_kinds, breaking, fine, quick, reply, run};
use crate::azure::{ArmClient, ClientOptions};
use crate::http::RetryPolicy;
use crate::live::ErrorKind;

#[tokio::test]
async fn requests_are_repeated_by_method_and_status() {
    let service = FakeService::start([fine()]).await;
    let client = service.client();
    for kind in all_kinds() {
        for status in [
            400, 401, 403, 404, 409, 412, 408, 429, 500, 501, 502, 503, 504,
        ] {
            service.play([reply(status, BARE), fine()]);
            let result = run(&client, kind).await;
            let again = match status {
                429 => true,
                408 | 500 | 502 | 503 | 504 => kind != "POST once",
                _ => false,
            };
            assert_eq!(
                service.lines().len(),
                1 + usize::from(again),
                "{kind} {status}"
            );
            // The code of this body is none that says absent, so that a 404 is a failure too.
            assert_eq!(result.is_ok(), again, "{kind} {status}: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_post_that_was_turned_away_with_a_time_is_sent_again() {
    let turned_away = reply(503, "").header("retry-after", "0");
    let service = FakeService::start([turned_away, fine()]).await;
    run(&service.client(), "POST once").await.unwrap();
    assert_eq!(service.lines().len(), 2);
}

#[tokio::test]
async fn the_last_response_is_reported_with_the_number_of_attempts() {
    let service = FakeService::start([reply(503, BARE).header("x-ms-request-id", "id-7")]).await;
    let error = run(&service.client(), "PUT").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        error.to_string(),
        "PUT apis/orders: the service failed: Invalid request: The field Title is too long \
         (HTTP 503, ValidationError, 3 attempts, request id id-7)"
    );
    let service = FakeService::start([reply(429, "").header("retry-after-ms", "1")]).await;
    let error = run(&service.client(), "GET").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert!(error.to_string().contains("6 attempts"), "{error}");
    assert_eq!(service.lines().len(), 6);
}

#[tokio::test]
async fn the_service_says_how_long_to_wait() {
    let service = FakeService::start([fine()]).await;
    for (name, value) in [
        ("retry-after-ms", "120"),
        ("x-ms-retry-after-ms", "120"),
        ("retry-after", "0.12"),
    ] {
        service.play([reply(500, "").header(name, value), fine()]);
        let started = Instant::now();
        run(&service.client(), "GET").await.unwrap();
        assert!(started.elapsed() >= Duration::from_millis(115), "{name}");
    }
    service.play([reply(429, "").header("retry-after", "86400"), fine()]);
    let mut options = quick(&service.root());
    options.retry.longest_asked = Duration::from_millis(10);
    run(&ArmClient::new(options).unwrap(), "GET").await.unwrap();
}

#[tokio::test]
async fn one_that_is_turned_away_holds_back_its_class_alone() {
    let hour = reply(429, "").header("retry-after", "3600");
    let service = FakeService::start([hour, fine()]).await;
    let mut options = quick(&service.root());
    options.retry.longest_asked = Duration::from_secs(7200);
    options.retry.deadline = Duration::from_secs(7200);
    let client = ArmClient::new(options).unwrap();
    let turned_away = client.clone();
    let waiting = tokio::spawn(async move { run(&turned_away, "PUT").await });
    while client.sent().throttled == 0 {
        tokio::task::yield_now().await;
    }
    run(&client, "GET").await.unwrap();
    let held = tokio::time::timeout(Duration::from_millis(20), run(&client, "POST once")).await;
    assert!(held.is_err(), "{held:?}");
    assert!(!waiting.is_finished(), "{:?}", waiting.await);
    let lines = service.lines();
    let methods: Vec<&str> = lines
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(methods, ["PUT", "GET"]);
    waiting.abort();
}

#[tokio::test]
async fn a_conflict_with_a_running_operation_is_waited_for() {
    let service = FakeService::start([fine()]).await;
    let busy = r#"{"error":{"code":"AnotherOperationInProgress","message":"Wait."}}"#;
    for kind in ["PUT", "DELETE", "POST once"] {
        service.play([reply(409, busy), reply(409, busy), fine()]);
        run(&service.client(), kind).await.unwrap();
        assert_eq!(service.lines().len(), 3, "{kind}");
    }
    service.play([reply(409, busy)]);
    let error = run(&service.client(), "PUT").await.unwrap_err();
    assert_eq!(
        (error.kind(), service.lines().len()),
        (ErrorKind::Refused, 3)
    );
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_and_is_repeated_where_that_is_safe() {
    let kinds = [
        ("GET", 2),
        ("PUT", 2),
        ("DELETE", 2),
        ("POST repeatable", 2),
        ("POST once", 1),
    ];
    let cases = kinds.map(|(kind, times)| async move {
        let service = FakeService::start([reply(200, "{}").after(3_600_000)]).await;
        let mut options = quick(&service.root());
        // Long enough for a request to arrive on a busy machine.
        options.timeout = Duration::from_secs(3);
        options.retry.max_attempts = 2;
        let error = run(&ArmClient::new(options).unwrap(), kind)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), service.lines().len()),
            (ErrorKind::Timeout, times),
            "{kind}"
        );
        assert!(error.to_string().contains("within 3 s"), "{error}");
    });
    futures::future::join_all(cases).await;
}

#[tokio::test]
async fn a_broken_connection_is_repeated_where_that_is_safe() {
    const HALF: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"value\":";
    for bytes in [&b""[..], HALF] {
        for (kind, times) in [("GET", 3), ("PUT", 3), ("DELETE", 3), ("POST once", 1)] {
            let (root, taken) = breaking(bytes).await;
            let error = run(&ArmClient::new(quick(&root)).unwrap(), kind)
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unreachable, "{kind} {error}");
            assert!(
                error.to_string().contains("closed the connection"),
                "{error}"
            );
            assert_eq!(*taken.lock().unwrap(), times, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_refused_connection_is_repeated_for_all_as_nothing_was_sent() {
    // Held and never listening, so that no other test gets the port meanwhile.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let free = held.local_addr().unwrap();
    for kind in all_kinds() {
        let client = ArmClient::new(quick(&format!("http://{free}"))).unwrap();
        let error = run(&client, kind).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreachable, "{kind}");
        for part in [&*format!("{free} refuses connections"), "3 attempts"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

#[tokio::test]
async fn no_tls_where_tls_is_expected_is_no_connection() {
    let service = FakeService::start([fine()]).await;
    let client = ArmClient::new(quick(&service.root().replace("http:", "https:"))).unwrap();
    let error = run(&client, "GET").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(service.lines().is_empty());
}

#[tokio::test]
async fn a_client_without_retries_asks_once() {
    let service = FakeService::start([reply(500, "")]).await;
    let retry = RetryPolicy {
        max_attempts: 1,
        ..RetryPolicy::default()
    };
    let client = ArmClient::new(ClientOptions {
        retry,
        ..quick(&service.root())
    })
    .unwrap();
    let error = run(&client, "GET").await.unwrap_err();
    assert!(!error.to_string().contains("attempts"), "{error}");
    assert_eq!(service.lines().len(), 1);
}
