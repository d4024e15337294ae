//! Long-running operations.

use std::time::{Duration, Instant};

use serde_json::json;

use super::fake_service::{API, BARE, FakeService, V, accepted, fine, quick, reply, run};
use crate::azure::{ArmClient, ClientOptions, Effect, Polling, RequestCounts};
use crate::live::ErrorKind;

#[tokio::test]
async fn a_location_is_followed_anew_with_each_answer() {
    let service = FakeService::start([
        accepted("location", "/op/1?t=1&s=x"),
        reply(202, r#"{"status":"NotStarted"}"#).header("location", "{root}/op/1?t=2&s=y"),
        reply(202, r#"{"provisioningState":"InProgress"}"#),
        reply(503, ""),
        reply(200, r#"{"status":"InProgress"}"#),
        reply(200, r#"{"status":"Succeeded"}"#),
    ])
    .await;
    let client = service.client();
    let result = client
        .post(API, V, Some(&json!({"value": "x"})), Effect::Idempotent)
        .await;
    assert_eq!(result.unwrap(), Some(json!({"status": "Succeeded"})));
    let polls = &service.lines()[1..];
    assert_eq!(polls[0], "GET /op/1?t=1&s=x");
    assert!(polls.len() == 5 && polls[1..].iter().all(|line| line == "GET /op/1?t=2&s=y"));
    assert_eq!(
        client.sent(),
        RequestCounts {
            writes: 1,
            polls: 4,
            retries: 1,
            ..RequestCounts::default()
        }
    );
}

#[tokio::test]
async fn a_report_is_preferred_and_the_resource_read_at_the_end() {
    let service = FakeService::start([fine()]).await;
    let start = accepted("location", "/result").header("azure-asyncoperation", "{root}/report");
    let report = |state: &str| reply(200, format!(r#"{{"status":"{state}"}}"#));
    for (kind, end) in [
        ("PUT", format!("GET {API}?api-version={V}")),
        ("POST once", "GET /result".to_owned()),
    ] {
        let script = [
            start.clone(),
            report("Running"),
            report("Succeeded"),
            reply(200, r#"{"id":"x"}"#),
        ];
        service.play(script);
        run(&service.client(), kind).await.unwrap();
        assert_eq!(
            service.lines()[1..],
            ["GET /report", "GET /report", end.as_str()],
            "{kind}"
        );
    }
    service.play([start, report("Succeeded")]);
    service.client().delete(API, V).await.unwrap();
    assert_eq!(service.lines().len(), 2);
}

#[tokio::test]
async fn a_resource_in_the_making_is_looked_at_until_it_is_made() {
    let made = |state: &str| format!(r#"{{"properties":{{"provisioningState":"{state}"}}}}"#);
    let service = FakeService::start([
        reply(201, made("InProgress")),
        reply(200, made("Creating")),
        reply(200, made("Succeeded")),
    ])
    .await;
    let result = service.client().put(API, V, &json!({})).await.unwrap();
    assert_eq!(
        result.pointer("/properties/provisioningState"),
        Some(&json!("Succeeded"))
    );
    assert_eq!(service.lines().len(), 3);
    let service = FakeService::start([reply(202, ""), reply(200, made("Failed"))]).await;
    let error = service.client().put(API, V, &json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
}

#[tokio::test]
async fn failed_operations_say_why() {
    let service = FakeService::start([fine()]).await;
    let table = [
        (
            "location",
            reply(400, BARE),
            ErrorKind::OperationFailed,
            "The field Title is too long",
        ),
        (
            "location",
            reply(
                400,
                r#"{"provisioningState":"Failed","comment":"c","error":{"code":"400","message":"No schema."}}"#,
            ),
            ErrorKind::OperationFailed,
            "No schema",
        ),
        (
            "location",
            reply(
                200,
                r#"{"status":"Failed","error":{"code":"X","message":"Bad zip."}}"#,
            ),
            ErrorKind::OperationFailed,
            "Bad zip",
        ),
        (
            "location",
            reply(404, ""),
            ErrorKind::OperationFailed,
            "gives no reason",
        ),
        (
            "location",
            reply(403, BARE),
            ErrorKind::Authorization,
            "HTTP 403",
        ),
        (
            "azure-asyncoperation",
            reply(200, r#"{"status":"Canceled"}"#),
            ErrorKind::OperationFailed,
            "gives no reason",
        ),
        (
            "azure-asyncoperation",
            reply(
                200,
                r#"{"status":"Failed","error":{"code":"X","message":"m"}}"#,
            ),
            ErrorKind::OperationFailed,
            "X",
        ),
        (
            "azure-asyncoperation",
            reply(200, "{}"),
            ErrorKind::Protocol,
            "without its status",
        ),
        (
            "azure-asyncoperation",
            reply(500, ""),
            ErrorKind::Unavailable,
            "HTTP 500",
        ),
    ];
    for (header, end, kind, words) in table {
        service.play([accepted(header, "/op?sig=s1gnature"), end]);
        let error = run(&service.client(), "POST once").await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(
            error.to_string().contains(words) && error.to_string().contains("POST apis/orders"),
            "{error}"
        );
        assert!(!error.to_string().contains("s1gnature"), "{error}");
    }
}

#[tokio::test]
async fn operations_that_lead_elsewhere_or_nowhere_or_last_for_ever_are_errors() {
    let service = FakeService::start([fine()]).await;
    let other = FakeService::start([fine()]).await;
    let away = reply(202, "").header("location", format!("{}/op?sig=s1gnature", other.root()));
    service.play([away]);
    let error = run(&service.client(), "POST once").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(other.lines().is_empty() && !format!("{error:?}{error}").contains("s1gnature"));

    service.play([reply(202, "")]);
    assert_eq!(
        run(&service.client(), "POST once")
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Protocol
    );
    run(&service.client(), "DELETE").await.unwrap();

    service.play([accepted("location", "/op")]);
    let polling = Polling {
        deadline: Duration::from_millis(30),
        ..quick(&service.root()).polling
    };
    let client = ArmClient::new(ClientOptions {
        polling,
        ..quick(&service.root())
    })
    .unwrap();
    let error = run(&client, "POST once").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("still runs"), "{error}");
}

#[tokio::test]
async fn a_poll_waits_as_long_as_it_is_told() {
    let start = accepted("location", "/op").header("retry-after-ms", "100");
    let service = FakeService::start([start, reply(200, "")]).await;
    let started = Instant::now();
    run(&service.client(), "POST once").await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(95));
}
