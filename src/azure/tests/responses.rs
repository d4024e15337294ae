//! What the client sends, and what it makes of the responses.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::future::join_all;
use serde_json::{Value, json};

use super::fake_service::{API, FakeService, TOKEN, V, all_kinds, fine, quick, reply, run};
use crate::azure::{ArmClient, ArmService, ClientOptions, Effect, Parallelism, RequestCounts};
use crate::kinds;
use crate::live::ErrorKind;
use crate::model::{Address, ServiceId};

#[tokio::test]
async fn absent_is_only_what_the_service_says_is_absent() {
    let service = FakeService::start([fine()]).await;
    for body in [
        r#"{"code":"404"}"#,
        r#"{"title":"Not Found","status":404,"traceId":"0"}"#,
    ] {
        service.play([reply(404, body)]);
        assert_eq!(service.client().get(API, V).await.unwrap(), None);
        assert_eq!(
            service.client().list(API, V).await.unwrap_err().kind(),
            ErrorKind::NotFound
        );
        service.client().delete(API, V).await.unwrap();
    }
    for (body, kind) in [
        ("<html><h1>Not Found</h1></html>", ErrorKind::Protocol),
        (
            r#"{"error":{"code":"SubscriptionNotFound","message":"m"}}"#,
            ErrorKind::NotFound,
        ),
    ] {
        service.play([reply(404, body)]);
        assert_eq!(service.client().get(API, V).await.unwrap_err().kind(), kind);
        assert_eq!(
            service.client().delete(API, V).await.unwrap_err().kind(),
            kind
        );
    }
    service.play([reply(404, "")]);
    assert_eq!(
        service.client().get(API, V).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
    service.client().delete(API, V).await.unwrap();
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_errors() {
    let service = FakeService::start([fine()]).await;
    for body in ["", "{", "<html>", "[1"] {
        service.play([reply(200, body)]);
        assert_eq!(
            service.client().get(API, V).await.unwrap_err().kind(),
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
        service.play([reply(200, body)]);
        assert_eq!(
            service.client().list(API, V).await.unwrap_err().kind(),
            ErrorKind::Protocol
        );
    }
    service.play([reply(200, "\u{feff}{\"a\":1}")]);
    assert_eq!(
        service.client().get(API, V).await.unwrap(),
        Some(json!({"a": 1}))
    );
    service.play([reply(200, "")]);
    assert_eq!(
        service.client().put(API, V, &json!({})).await.unwrap(),
        Value::Null
    );
    assert_eq!(
        service
            .client()
            .post(API, V, None, Effect::Once)
            .await
            .unwrap(),
        None
    );
    service.play([reply(302, "").header("location", "https://evil.example/")]);
    assert_eq!(
        service.client().get(API, V).await.unwrap_err().kind(),
        ErrorKind::Protocol
    );
}

#[tokio::test]
async fn pages_are_followed_as_they_are_given() {
    let page =
        |items: &str, link: &str| reply(200, format!(r#"{{"value":[{items}],"nextLink":{link}}}"#));
    let service = FakeService::start([
        page("1,2", r#""{root}/other?$skiptoken=a%2Fb&api-version=x""#),
        page("", r#""{root}/other?$skiptoken=c""#),
        page("3", "null"),
    ])
    .await;
    let client = service.client();
    assert_eq!(
        client.list("/apis?$filter=a", V).await.unwrap(),
        [json!(1), json!(2), json!(3)]
    );
    assert_eq!(
        service.lines(),
        [
            "GET /apis?$filter=a&api-version=2024-03-01",
            "GET /other?$skiptoken=a%2Fb&api-version=x",
            "GET /other?$skiptoken=c"
        ]
    );
    assert_eq!(
        client.sent(),
        RequestCounts {
            reads: 3,
            ..RequestCounts::default()
        }
    );
}

#[tokio::test]
async fn a_list_that_leads_astray_is_an_error_and_gets_no_token() {
    let service = FakeService::start([fine()]).await;
    let other = FakeService::start([fine()]).await;
    let foreign = reply(
        200,
        format!(
            r#"{{"value":[1],"nextLink":"{}/x?sig=s1gnature"}}"#,
            other.root()
        ),
    );
    let circle = reply(200, r#"{"value":[1],"nextLink":"{root}/x?page=2"}"#);
    for (first, times) in [(foreign, 1), (circle, 2)] {
        service.play([first]);
        let error = service.client().list(API, V).await.unwrap_err();
        assert_eq!(
            (error.kind(), service.lines().len()),
            (ErrorKind::Protocol, times)
        );
        assert!(!error.to_string().contains("s1gnature"), "{error}");
    }
    assert!(other.lines().is_empty());
}

#[tokio::test]
async fn a_list_without_an_end_is_an_error() {
    let page = |number: u32, blanks: usize| {
        let link = format!("{{root}}/x?page={number}");
        let blanks = " ".repeat(blanks);
        reply(
            200,
            format!(r#"{{"value":[1],"nextLink":"{link}"}}{blanks}"#),
        )
    };
    let large = 15 * 1024 * 1024;
    let pages = (1..=6).map(|number| page(number, large));
    let service = FakeService::start(pages).await;
    let error = service.client().list(API, V).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    let text = error.to_string();
    assert!(
        text.contains("the list does not end within 67108864 bytes: 5 pages and 7864"),
        "{text}"
    );
    assert_eq!(service.lines().len(), 5);

    service.play([page(1, 0), page(2, 0)]);
    let options = ClientOptions {
        list_timeout: Duration::ZERO,
        ..quick(&service.root())
    };
    let error = ArmClient::new(options).unwrap().list(API, V).await;
    let text = error.unwrap_err().to_string();
    assert!(
        text.contains("the list does not end within 0 seconds: 1 page and"),
        "{text}"
    );
    assert_eq!(service.lines().len(), 1);
}

#[tokio::test]
async fn requests_look_as_the_service_expects() {
    let service = FakeService::start([fine()]).await;
    let client = service.client();
    for kind in all_kinds() {
        run(&client, kind).await.unwrap();
    }
    for seen in service.seen() {
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
            "PUT" => {
                assert_eq!(header("content-type"), Some("application/json"));
                assert_eq!(seen.body, r#"{"properties":{}}"#);
            }
            // The resource manager returns 411 for a POST without a length.
            "POST" => assert_eq!(header("content-length"), Some("0")),
            _ => assert_eq!(seen.body, ""),
        }
    }
}

#[tokio::test]
async fn what_was_sent_is_counted_by_its_meaning() {
    let service = FakeService::start([fine()]).await;
    let client = service.client();
    for kind in all_kinds() {
        run(&client, kind).await.unwrap();
    }
    client.post(API, V, None, Effect::Reads).await.unwrap();
    client.download(&service.root()).await.unwrap();
    assert_eq!(
        client.clone().sent(),
        RequestCounts {
            reads: 4,
            writes: 3,
            deletes: 1,
            ..RequestCounts::default()
        }
    );
    assert_eq!(service.lines().len(), 8);
}

/// A client that sends three requests of a kind at once.
fn three_at_once(service: &FakeService) -> ArmClient {
    ArmClient::new(ClientOptions {
        parallelism: Parallelism::of(3),
        ..quick(&service.root())
    })
    .unwrap()
}

#[tokio::test]
async fn not_more_than_allowed_is_on_its_way_at_once() {
    let service = FakeService::start([reply(200, "{}").after(10)]).await;
    let client = three_at_once(&service);
    join_all((0..12).map(|_| client.get(API, V))).await;
    assert_eq!((service.lines().len(), service.most_running()), (12, 3));
}

#[tokio::test]
async fn imports_do_not_hold_up_other_writes() {
    let service = FakeService::start([reply(200, "{}").after(10)]).await;
    let client = three_at_once(&service);
    let imports = join_all((0..12).map(|_| client.post(API, V, None, Effect::Idempotent)));
    let (imports, written) = tokio::join!(imports, run(&client, "PUT"));
    assert!(imports.iter().all(Result::is_ok));
    written.unwrap();
    // The PUT is sent beside the first imports, although all of their slots are taken.
    let lines = service.lines();
    let put = lines.iter().position(|line| line.starts_with("PUT"));
    assert!(put.is_some_and(|place| place < 6), "{lines:?}");
    assert_eq!((lines.len(), service.most_running()), (13, 4));
}

#[tokio::test]
async fn a_budget_that_the_service_names_is_kept() {
    let left = |number| fine().header("x-ms-ratelimit-remaining-subscription-writes", number);
    let service = FakeService::start([left(2), fine()]).await;
    let client = service.client();
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

#[tokio::test]
async fn what_exists_is_not_concluded_from_items_that_cannot_be_addressed() {
    let service = FakeService::start([fine()]).await;
    let id = ServiceId {
        subscription: "s".to_owned(),
        resource_group: "g".to_owned(),
        name: "contoso".to_owned(),
    };
    let center = ArmService::new(service.client(), &id, None);
    let orders = Address::top(&kinds::API.info, "orders");
    let wanted = BTreeSet::from([orders.clone()]);
    service.play([reply(
        200,
        r#"{"value":[{"name":"orders","properties":{}},{"name":"other","properties":{}}]}"#,
    )]);
    assert_eq!(center.existing(&wanted).await.unwrap(), wanted);
    service.play([fine()]);
    assert_eq!(center.existing(&wanted).await.unwrap(), BTreeSet::new());
    for item in [
        r#"{"properties":{}}"#,
        r#"{"name":7,"properties":{}}"#,
        r#"{"name":"a/b","properties":{}}"#,
        r#"{"name":"orders"}"#,
        "null",
    ] {
        service.play([reply(200, format!(r#"{{"value":[{item}]}}"#))]);
        let error = center.existing(&wanted).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{item}: {error}");
    }
}
