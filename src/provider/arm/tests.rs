//! The client against a double of the service.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::future::{BoxFuture, join_all};
use serde_json::{Value, json};

use super::client::{ArmClient, ClientOptions, Effect};
use super::counts::Sent;
use super::double::{Double, Reply, TOKEN, breaking, quick, reply};
use super::operation::Polling;
use super::retry::RetryPolicy;
use super::token::{AccessToken, Cached, Credential, Secret};
use crate::provider::ErrorKind;
use crate::provider::ProviderError;

const V: &str = "2024-03-01";
const API: &str = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/inv/workspaces/default/apis/orders";
const BARE: &str = r#"{"code":"ValidationError","message":"Invalid request","details":[{"message":"The field Title is too long."}]}"#;

fn all_kinds() -> [&'static str; 7] {
    [
        "GET",
        "LIST",
        "PUT",
        "PATCH",
        "DELETE",
        "POST repeatable",
        "POST once",
    ]
}

/// Makes a request of each kind; the result is what a failure would be.
async fn run(client: &ArmClient, kind: &str) -> Result<(), ProviderError> {
    let body = json!({"properties": {}});
    match kind {
        "GET" => client.get(API, V).await.map(drop),
        "LIST" => client.list(API, V).await.map(drop),
        "PUT" => client.put(API, V, &body).await.map(drop),
        "PATCH" => client.patch(API, V, &body).await.map(drop),
        "DELETE" => client.delete(API, V).await,
        "POST repeatable" => client
            .post(API, V, None, Effect::Repeatable)
            .await
            .map(drop),
        "POST once" => client.post(API, V, None, Effect::Once).await.map(drop),
        _ => unreachable!("{kind}"),
    }
}

fn fine() -> Reply {
    reply(200, r#"{"value":[]}"#)
}

#[tokio::test]
async fn requests_are_repeated_by_method_and_status() {
    let double = Double::start([fine()]).await;
    let client = double.client();
    for kind in all_kinds() {
        for status in [
            400, 401, 403, 404, 409, 412, 408, 429, 500, 501, 502, 503, 504,
        ] {
            double.play([reply(status, BARE), fine()]);
            let result = run(&client, kind).await;
            let again = match status {
                429 => true,
                408 | 500 | 502 | 503 | 504 => kind != "POST once",
                _ => false,
            };
            assert_eq!(
                double.lines().len(),
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
    let double = Double::start([turned_away, fine()]).await;
    run(&double.client(), "POST once").await.unwrap();
    assert_eq!(double.lines().len(), 2);
}

#[tokio::test]
async fn the_last_answer_is_told_with_the_number_of_attempts() {
    let double = Double::start([reply(503, BARE).header("x-ms-request-id", "id-7")]).await;
    let error = run(&double.client(), "PUT").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(
        (error.attempts(), error.status(), error.request_id()),
        (3, Some(503), Some("id-7"))
    );
    assert_eq!(
        error.to_string(),
        "PUT apis/orders: the service failed: Invalid request: The field Title is too long \
         (HTTP 503, ValidationError, 3 attempts, request id id-7)"
    );
    let double = Double::start([reply(429, "").header("retry-after-ms", "1")]).await;
    let error = run(&double.client(), "GET").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 6));
    assert_eq!(double.lines().len(), 6);
}

#[tokio::test]
async fn the_service_says_how_long_to_wait() {
    let double = Double::start([fine()]).await;
    for (name, value) in [
        ("retry-after-ms", "120"),
        ("x-ms-retry-after-ms", "120"),
        ("retry-after", "0.12"),
    ] {
        double.play([reply(500, "").header(name, value), fine()]);
        let started = Instant::now();
        run(&double.client(), "GET").await.unwrap();
        assert!(started.elapsed() >= Duration::from_millis(115), "{name}");
    }
    double.play([reply(429, "").header("retry-after", "86400"), fine()]);
    let mut options = quick(&double.root());
    options.retry.longest_asked = Duration::from_millis(10);
    run(&ArmClient::new(options).unwrap(), "GET").await.unwrap();
}

#[tokio::test]
async fn one_that_is_turned_away_holds_back_its_class_alone() {
    let double = Double::start([reply(429, "").header("retry-after-ms", "150"), fine()]).await;
    let client = double.client();
    let started = Instant::now();
    let first = async { run(&client, "PUT").await.map(|()| started.elapsed()) };
    let later = async {
        tokio::time::sleep(Duration::from_millis(40)).await;
        run(&client, "GET").await.unwrap();
        let read = started.elapsed();
        run(&client, "POST once").await.unwrap();
        (read, started.elapsed())
    };
    let (first, (read, write)) = tokio::join!(first, later);
    let held = Duration::from_millis(145);
    assert!(
        first.unwrap() >= held && read < held && write >= held,
        "{read:?} {write:?}"
    );
    assert_eq!(client.sent().throttled, 1);
}

#[tokio::test]
async fn a_conflict_with_a_running_operation_is_waited_for() {
    let double = Double::start([fine()]).await;
    let busy = r#"{"error":{"code":"AnotherOperationInProgress","message":"Wait."}}"#;
    for kind in ["PUT", "DELETE", "POST once"] {
        double.play([reply(409, busy), reply(409, busy), fine()]);
        run(&double.client(), kind).await.unwrap();
        assert_eq!(double.lines().len(), 3, "{kind}");
    }
    double.play([reply(409, busy)]);
    let error = run(&double.client(), "PUT").await.unwrap_err();
    assert_eq!(
        (error.kind(), double.lines().len()),
        (ErrorKind::Refused, 3)
    );
}

#[tokio::test]
async fn a_slow_answer_is_a_timeout_and_is_repeated_where_that_is_safe() {
    for (kind, times) in [
        ("GET", 2),
        ("PUT", 2),
        ("DELETE", 2),
        ("POST repeatable", 2),
        ("POST once", 1),
    ] {
        let double = Double::start([reply(200, "{}").after(5_000)]).await;
        let mut options = quick(&double.root());
        options.timeout = Duration::from_millis(40);
        options.retry.max_attempts = 2;
        let error = run(&ArmClient::new(options).unwrap(), kind)
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), double.lines().len()),
            (ErrorKind::Timeout, times),
            "{kind}"
        );
        assert!(error.to_string().contains("within 0.04 s"), "{error}");
    }
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
                error.to_string().contains("broke the connection off"),
                "{error}"
            );
            assert_eq!(*taken.lock().unwrap(), times, "{kind}");
        }
    }
}

#[tokio::test]
async fn a_refused_connection_is_repeated_for_all_as_nothing_was_sent() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for kind in all_kinds() {
        let client = ArmClient::new(quick(&format!("http://{free}"))).unwrap();
        let error = run(&client, kind).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Unreachable, 3),
            "{kind}"
        );
        assert!(
            error.to_string().contains("127.0.0.1 refuses connections"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn no_tls_where_tls_is_expected_is_no_connection() {
    let double = Double::start([fine()]).await;
    let client = ArmClient::new(quick(&double.root().replace("http:", "https:"))).unwrap();
    let error = run(&client, "GET").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(double.lines().is_empty());
}

#[tokio::test]
async fn absent_is_only_what_the_service_says_is_absent() {
    let double = Double::start([fine()]).await;
    for body in [
        r#"{"code":"404"}"#,
        r#"{"title":"Not Found","status":404,"traceId":"0"}"#,
    ] {
        double.play([reply(404, body)]);
        assert_eq!(double.client().get(API, V).await.unwrap(), None);
        assert_eq!(
            double.client().list(API, V).await.unwrap_err().kind(),
            ErrorKind::NotFound
        );
        double.client().delete(API, V).await.unwrap();
    }
    for (body, kind) in [
        ("<html><h1>Not Found</h1></html>", ErrorKind::Protocol),
        (
            r#"{"error":{"code":"SubscriptionNotFound","message":"m"}}"#,
            ErrorKind::NotFound,
        ),
    ] {
        double.play([reply(404, body)]);
        assert_eq!(double.client().get(API, V).await.unwrap_err().kind(), kind);
        assert_eq!(
            double.client().delete(API, V).await.unwrap_err().kind(),
            kind
        );
    }
    double.play([reply(404, "")]);
    assert_eq!(
        double.client().get(API, V).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
    double.client().delete(API, V).await.unwrap();
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_errors() {
    let double = Double::start([fine()]).await;
    for body in ["", "{", "<html>", "[1"] {
        double.play([reply(200, body)]);
        assert_eq!(
            double.client().get(API, V).await.unwrap_err().kind(),
            ErrorKind::Protocol
        );
    }
    for body in [
        "{}",
        r#"{"value":{}}"#,
        "[]",
        "null",
        r#"{"value":[],"nextLink":1}"#,
    ] {
        double.play([reply(200, body)]);
        assert_eq!(
            double.client().list(API, V).await.unwrap_err().kind(),
            ErrorKind::Protocol
        );
    }
    double.play([reply(200, "\u{feff}{\"a\":1}")]);
    assert_eq!(
        double.client().get(API, V).await.unwrap(),
        Some(json!({"a": 1}))
    );
    double.play([reply(200, "")]);
    assert_eq!(
        double.client().put(API, V, &json!({})).await.unwrap(),
        Value::Null
    );
    assert_eq!(
        double
            .client()
            .post(API, V, None, Effect::Once)
            .await
            .unwrap(),
        None
    );
    double.play([reply(302, "").header("location", "https://evil.example/")]);
    assert_eq!(
        double.client().get(API, V).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
}

#[tokio::test]
async fn pages_are_followed_as_they_are_given() {
    let page =
        |items: &str, link: &str| reply(200, format!(r#"{{"value":[{items}],"nextLink":{link}}}"#));
    let double = Double::start([
        page("1,2", r#""{root}/other?$skiptoken=a%2Fb&api-version=x""#),
        page("", r#""{root}/other?$skiptoken=c""#),
        page("3", "null"),
    ])
    .await;
    let client = double.client();
    assert_eq!(
        client.list("/apis?$filter=a", V).await.unwrap(),
        [json!(1), json!(2), json!(3)]
    );
    assert_eq!(
        double.lines(),
        [
            "GET /apis?$filter=a&api-version=2024-03-01",
            "GET /other?$skiptoken=a%2Fb&api-version=x",
            "GET /other?$skiptoken=c"
        ]
    );
    assert_eq!(
        client.sent(),
        Sent {
            reads: 3,
            ..Sent::default()
        }
    );
}

#[tokio::test]
async fn a_list_that_leads_astray_is_an_error_and_gets_no_token() {
    let double = Double::start([fine()]).await;
    let other = Double::start([fine()]).await;
    let foreign = reply(
        200,
        format!(
            r#"{{"value":[1],"nextLink":"{}/x?sig=s1gnature"}}"#,
            other.root()
        ),
    );
    let circle = reply(200, r#"{"value":[1],"nextLink":"{root}/x?page=2"}"#);
    for (first, times) in [(foreign, 1), (circle, 2)] {
        double.play([first]);
        let error = double.client().list(API, V).await.unwrap_err();
        assert_eq!(
            (error.kind(), double.lines().len()),
            (ErrorKind::Protocol, times)
        );
        assert!(!error.to_string().contains("s1gnature"), "{error}");
    }
    assert!(other.lines().is_empty());
}

fn accepted(header: &str, path: &str) -> Reply {
    reply(202, "").header(header, format!("{{root}}{path}"))
}

#[tokio::test]
async fn a_location_is_followed_anew_with_each_answer() {
    let double = Double::start([
        accepted("location", "/op/1?t=1&s=x"),
        reply(202, r#"{"status":"NotStarted"}"#).header("location", "{root}/op/1?t=2&s=y"),
        reply(202, r#"{"provisioningState":"InProgress"}"#),
        reply(503, ""),
        reply(200, r#"{"status":"InProgress"}"#),
        reply(200, r#"{"status":"Succeeded"}"#),
    ])
    .await;
    let client = double.client();
    let result = client
        .post(API, V, Some(&json!({"value": "x"})), Effect::Repeatable)
        .await;
    assert_eq!(result.unwrap(), Some(json!({"status": "Succeeded"})));
    let polls = &double.lines()[1..];
    assert_eq!(polls[0], "GET /op/1?t=1&s=x");
    assert!(polls.len() == 5 && polls[1..].iter().all(|line| line == "GET /op/1?t=2&s=y"));
    assert_eq!(
        client.sent(),
        Sent {
            writes: 1,
            polls: 4,
            retries: 1,
            ..Sent::default()
        }
    );
}

#[tokio::test]
async fn a_report_is_preferred_and_the_resource_read_at_the_end() {
    let double = Double::start([fine()]).await;
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
        double.play(script);
        run(&double.client(), kind).await.unwrap();
        assert_eq!(
            double.lines()[1..],
            ["GET /report", "GET /report", end.as_str()],
            "{kind}"
        );
    }
    double.play([start, report("Succeeded")]);
    double.client().delete(API, V).await.unwrap();
    assert_eq!(double.lines().len(), 2);
}

#[tokio::test]
async fn a_resource_in_the_making_is_looked_at_until_it_is_made() {
    let made = |state: &str| format!(r#"{{"properties":{{"provisioningState":"{state}"}}}}"#);
    let double = Double::start([
        reply(201, made("InProgress")),
        reply(200, made("Creating")),
        reply(200, made("Succeeded")),
    ])
    .await;
    let result = double.client().put(API, V, &json!({})).await.unwrap();
    assert_eq!(
        result.pointer("/properties/provisioningState"),
        Some(&json!("Succeeded"))
    );
    assert_eq!(double.lines().len(), 3);
    let double = Double::start([reply(202, ""), reply(200, made("Failed"))]).await;
    let error = double.client().put(API, V, &json!({})).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
}

#[tokio::test]
async fn failed_operations_say_why() {
    let double = Double::start([fine()]).await;
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
        double.play([accepted(header, "/op?sig=s1gnature"), end]);
        let error = run(&double.client(), "POST once").await.unwrap_err();
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
    let double = Double::start([fine()]).await;
    let other = Double::start([fine()]).await;
    let away = reply(202, "").header("location", format!("{}/op?sig=s1gnature", other.root()));
    double.play([away]);
    let error = run(&double.client(), "POST once").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(other.lines().is_empty() && !format!("{error:?}{error}").contains("s1gnature"));

    double.play([reply(202, "")]);
    assert_eq!(
        run(&double.client(), "POST once").await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
    run(&double.client(), "DELETE").await.unwrap();

    double.play([accepted("location", "/op")]);
    let polling = Polling {
        deadline: Duration::from_millis(30),
        ..quick(&double.root()).polling
    };
    let client = ArmClient::new(ClientOptions {
        polling,
        ..quick(&double.root())
    })
    .unwrap();
    let error = run(&client, "POST once").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("still runs"), "{error}");
}

#[tokio::test]
async fn a_poll_waits_as_long_as_it_is_told() {
    let start = accepted("location", "/op").header("retry-after-ms", "100");
    let double = Double::start([start, reply(200, "")]).await;
    let started = Instant::now();
    run(&double.client(), "POST once").await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(95));
}

#[tokio::test]
async fn links_are_read_without_a_token() {
    let double = Double::start([
        reply(302, "").header("location", "/moved?sig=s1gnature"),
        reply(200, "\u{feff}openapi: 3.0.0\r\n"),
    ])
    .await;
    let client = double.client();
    let text = client
        .fetch(&format!("{}/blob?sig=s1gnature", double.root()))
        .await
        .unwrap();
    assert_eq!(text, "\u{feff}openapi: 3.0.0\r\n");
    assert_eq!(
        double.lines(),
        ["GET /blob?sig=s1gnature", "GET /moved?sig=s1gnature"]
    );
    assert!(
        double
            .seen()
            .iter()
            .all(|seen| !seen.headers.contains_key("authorization"))
    );
}

#[tokio::test]
async fn links_that_fail_tell_no_secret() {
    let double = Double::start([fine()]).await;
    double.play([reply(403, "<Error>sig=s1gnature did not match</Error>")]);
    let link = format!("{}/blob?sv=1&sig=s1gnature", double.root());
    let error = double.client().fetch(&link).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(
        !format!("{error} {error:?}").contains("s1gnature"),
        "{error}"
    );
    let public = ArmClient::new(quick("https://management.azure.com")).unwrap();
    for bad in [
        link.as_str(),
        "ftp://x/y?sig=s1gnature",
        "http://example.com/?sig=s1gnature",
        "nonsense",
    ] {
        let error = public.fetch(bad).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{bad}");
        assert!(
            !format!("{error} {error:?}").contains("s1gnature"),
            "{error}"
        );
    }
    double.play([reply(302, "").header("location", "/again")]);
    assert!(double.client().fetch(&double.root()).await.is_err());
    assert_eq!(double.lines().len(), 4);
}

#[tokio::test]
async fn requests_look_as_the_service_expects() {
    let double = Double::start([fine()]).await;
    let client = double.client();
    for kind in all_kinds() {
        run(&client, kind).await.unwrap();
    }
    for seen in double.seen() {
        let header = |name| seen.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(
            header("authorization"),
            Some(format!("Bearer {TOKEN}").as_str())
        );
        assert!(header("user-agent").unwrap().starts_with("apicenter/"));
        assert!(
            seen.line.ends_with("/apis/orders?api-version=2024-03-01"),
            "{}",
            seen.line
        );
        match seen.line.split(' ').next().unwrap() {
            "PUT" | "PATCH" => {
                assert_eq!(header("content-type"), Some("application/json"));
                assert_eq!(seen.body, r#"{"properties":{}}"#);
            }
            // The resource manager answers 411 to a POST without a length.
            "POST" => assert_eq!(header("content-length"), Some("0")),
            _ => assert_eq!(seen.body, ""),
        }
    }
}

#[tokio::test]
async fn what_was_sent_is_counted_by_its_meaning() {
    let double = Double::start([fine()]).await;
    let client = double.client();
    for kind in all_kinds() {
        run(&client, kind).await.unwrap();
    }
    client.post(API, V, None, Effect::Reads).await.unwrap();
    client.fetch(&double.root()).await.unwrap();
    assert_eq!(
        client.clone().sent(),
        Sent {
            reads: 4,
            writes: 4,
            deletes: 1,
            ..Sent::default()
        }
    );
    assert_eq!(double.lines().len(), 9);
}

#[tokio::test]
async fn not_more_than_allowed_is_on_its_way_at_once() {
    let double = Double::start([reply(200, "{}").after(10)]).await;
    let client = ArmClient::new(ClientOptions {
        parallelism: 3,
        ..quick(&double.root())
    })
    .unwrap();
    join_all((0..12).map(|_| client.get(API, V))).await;
    assert_eq!((double.lines().len(), double.most_running()), (12, 3));
}

#[tokio::test]
async fn a_budget_that_the_service_names_is_kept() {
    let left = |number| fine().header("x-ms-ratelimit-remaining-subscription-writes", number);
    let double = Double::start([left(2), fine()]).await;
    let client = double.client();
    let started = Instant::now();
    for _ in 0..4 {
        run(&client, "PUT").await.unwrap();
    }
    // Two go at once, then ten a second.
    assert!(
        started.elapsed() >= Duration::from_millis(95),
        "{:?}",
        started.elapsed()
    );
    run(&client, "GET").await.unwrap();
    assert_eq!(client.sent().throttled, 0);
}

/// Gives tokens with a number, so that the second differs from the first.
struct Numbered(Mutex<u32>);

impl Credential for Numbered {
    fn obtain<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<AccessToken, ProviderError>> {
        Box::pin(async {
            let mut number = self.0.lock().unwrap();
            *number += 1;
            let expires = std::time::SystemTime::now() + Duration::from_secs(3600);
            Ok(AccessToken {
                secret: Secret::new(format!("{TOKEN}{number}")),
                expires,
            })
        })
    }
}

#[tokio::test]
async fn a_rejected_token_is_renewed_once() {
    let rejected = r#"{"error":{"code":"ExpiredAuthenticationToken","message":"It expired."}}"#;
    for (script, times, good) in [
        (vec![reply(401, rejected), fine()], 2, true),
        (vec![reply(401, rejected)], 2, false),
    ] {
        let double = Double::start(script).await;
        let mut options = quick(&double.root());
        options.token = Arc::new(Cached::new(Numbered(Mutex::new(0))));
        let result = run(&ArmClient::new(options).unwrap(), "POST once").await;
        assert_eq!((result.is_ok(), double.lines().len()), (good, times));
        let tokens: HashSet<_> = double
            .seen()
            .iter()
            .map(|seen| seen.headers["authorization"].clone())
            .collect();
        assert_eq!(tokens.len(), times);
        if let Err(error) = result {
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Authentication, 2)
            );
            assert!(error.to_string().contains("It expired"), "{error}");
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_log_nor_errors_hold_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // With a single subscriber alive, tests on other threads could switch its call sites off for good.
    let _other = tracing::Dispatch::new(tracing_subscriber::fmt().finish());
    let _guard = tracing::subscriber::set_default(subscriber);
    let told = format!("Cannot read https://h/x?sig=s1gnature with Bearer {TOKEN}");
    let body = json!({"code": "Bad", "message": told}).to_string();
    let double = Double::start([
        reply(500, ""),
        accepted("location", "/op?t=1&s=s1gnature&h=s1gnature"),
        reply(202, "").header("x-ms-request-id", "id-9"),
        reply(400, body),
    ])
    .await;
    let error = run(&double.client(), "POST repeatable").await.unwrap_err();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("path=\"/op\" status=202") && log.contains("id-9"),
        "{log}"
    );
    for text in [log, error.to_string(), format!("{error:?}")] {
        assert!(
            !text.contains("s1gnature") && !text.contains(TOKEN),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_client_without_retries_asks_once() {
    let double = Double::start([reply(500, "")]).await;
    let retry = RetryPolicy {
        max_attempts: 1,
        ..RetryPolicy::default()
    };
    let client = ArmClient::new(ClientOptions {
        retry,
        ..quick(&double.root())
    })
    .unwrap();
    assert_eq!(run(&client, "GET").await.unwrap_err().attempts(), 1);
    assert_eq!(double.lines().len(), 1);
}
