//! importSpecification, exportSpecification and the operations they start.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{API, EmulatorFixture, ReceivedResponse};

fn definition(action: &str) -> String {
    format!("{API}/versions/1-0-0/definitions/openapi{action}")
}

async fn center(options: EmulatorOptions) -> EmulatorFixture {
    let center = EmulatorFixture::with(EmulatorOptions {
        seed_sample: false,
        ..options
    })
    .await;
    center.orders().await;
    center
}

fn inline(value: &str) -> Value {
    json!({"format": "inline", "value": value, "specification": {"name": "openapi", "version": "3-0-2"}})
}

#[tokio::test]
async fn an_inline_import_is_done_at_once_and_kept_byte_for_byte() {
    let center = center(EmulatorOptions::default()).await;
    assert_eq!(
        center
            .post(&definition("/exportSpecification"), json!(null))
            .await
            .expect(404)
            .json(),
        json!({"code": "404"})
    );
    let before = center.get(&definition("")).await;
    let document = "{\r\n  \"openapi\": \"3.0.2\" }\t\u{e4}\n";
    let heard = center
        .post(&definition("/importSpecification"), inline(document))
        .await
        .expect(200);
    assert_eq!(heard.text, "");
    assert_eq!(heard.header("location"), None);
    let after = center.get(&definition("")).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_ne!(
        before.json()["systemData"]["lastModifiedAt"],
        after.json()["systemData"]["lastModifiedAt"]
    );
    assert_eq!(
        after.json()["properties"]["specification"],
        json!({"name": "openapi", "version": "3-0-2"})
    );

    let sent = json!({"title": "New", "specification": {"name": "raml"}});
    let put = center.set(&definition(""), sent).await.expect(200);
    assert_eq!(
        put.json()["properties"]["specification"]["version"],
        "3-0-2"
    );
    let export = center
        .post(&definition("/exportSpecification"), json!(null))
        .await
        .expect(200);
    assert_eq!(
        export.json(),
        json!({"format": "inline", "value": document})
    );
}

#[tokio::test]
async fn a_large_inline_import_is_refused() {
    let center = center(EmulatorOptions::default()).await;
    let fits = "\n".repeat(3 * 1024 * 1024);
    center
        .post(&definition("/importSpecification"), inline(&fits))
        .await
        .expect(200);
    let large = "x".repeat(3 * 1024 * 1024 + 1);
    center
        .post(&definition("/importSpecification"), inline(&large))
        .await
        .expect(413);
    center
        .post(
            &definition("/importSpecification"),
            json!({"format": "zip", "value": ""}),
        )
        .await
        .expect(400);
    let missing = format!("{API}/versions/1-0-0/definitions/none/importSpecification");
    assert_eq!(
        center.post(&missing, inline("x")).await.expect(404).json()["status"],
        404
    );
}

#[tokio::test]
async fn a_large_export_is_a_link_that_needs_no_token() {
    let center = center(EmulatorOptions {
        export_link_above: 10,
        ..EmulatorOptions::default()
    })
    .await;
    let document = "openapi: 3.0.0\r\n";
    center
        .post(&definition("/importSpecification"), inline(document))
        .await
        .expect(200);
    let export = center
        .post(&definition("/exportSpecification"), json!(null))
        .await
        .expect(200)
        .json();
    assert_eq!(export["format"], "link");
    let link = export["value"].as_str().unwrap();
    let heard = ReceivedResponse::read(center.client.get(link).send().await.unwrap())
        .await
        .expect(200);
    assert_eq!(heard.text, document);
    let forged = link.replace("exported-specifications/", "exported-specifications/0");
    ReceivedResponse::read(center.client.get(forged).send().await.unwrap())
        .await
        .expect(404);
}

/// A link to a document that the emulator itself serves.
async fn link(center: &EmulatorFixture, document: &str) -> String {
    let api = "/services/contoso/workspaces/default/apis/source";
    center
        .set(api, json!({"title": "s", "kind": "rest"}))
        .await
        .expect(200);
    let version = json!({"title": "s", "lifecycleStage": "design"});
    center
        .set(&format!("{api}/versions/1-0-0"), version)
        .await
        .expect(200);
    let source = format!("{api}/versions/1-0-0/definitions/doc");
    center.set(&source, json!({"title": "s"})).await.expect(200);
    center
        .post(&format!("{source}/importSpecification"), inline(document))
        .await
        .expect(200);
    let export = center
        .post(&format!("{source}/exportSpecification"), json!(null))
        .await
        .json();
    export["value"].as_str().expect("a link").to_owned()
}

async fn polled(center: &EmulatorFixture, location: &str) -> ReceivedResponse {
    let mut location = location.to_owned();
    for _ in 0..1500 {
        let heard = center.send(Method::GET, &location, None).await;
        if heard.status != 202 {
            return heard;
        }
        let body = heard.json();
        if body["status"] == "InProgress" {
            assert!(
                body["startTime"]
                    .as_str()
                    .is_some_and(|time| time.ends_with("+00:00"))
            );
        } else {
            assert_eq!(body["status"], "NotStarted");
        }
        heard
            .header("location")
            .expect("a new location")
            .clone_into(&mut location);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("still in progress");
}

/// Starts an import by link; returns the response that says where to poll.
async fn start_import(operation_delay: Duration) -> (EmulatorFixture, ReceivedResponse) {
    let options = EmulatorOptions {
        export_link_above: 0,
        operation_delay,
        ..EmulatorOptions::default()
    };
    let center = center(options).await;
    let link = link(&center, "openapi: 3.1.0\n").await;
    let body = json!({"format": "link", "value": link, "specification": {"name": "openapi", "version": "3.1.0"}});
    let started = center
        .post(&definition("/importSpecification"), body)
        .await
        .expect(202);
    (center, started)
}

#[tokio::test]
async fn an_import_by_link_is_polled() {
    let (center, started) = start_import(Duration::from_secs(60 * 60)).await;
    assert_eq!(started.text, "");
    assert_eq!(started.header("retry-after"), None);
    let location = started.header("location").unwrap();
    assert!(location.starts_with(&format!("{}/subscriptions/", center.emulator.url())));
    for part in [
        "/definitions/openapi/operationResults/",
        "api-version=2024-03-01",
        "&t=",
        "&c=",
        "&s=",
        "&h=",
    ] {
        assert!(location.contains(part), "{location}");
    }
    let first = center.send(Method::GET, location, None).await.expect(202);
    assert_ne!(first.header("location"), Some(location));
    assert!(
        first.json()["id"]
            .as_str()
            .unwrap()
            .contains("/services/contoso/apis/orders/versions/")
    );

    let (center, started) = start_import(Duration::from_millis(60)).await;
    let location = started.header("location").unwrap();
    let done = polled(&center, location).await.expect(200).json();
    assert_eq!(done["status"], "Succeeded");
    assert!(done["endTime"].is_string());
    let read = center.get(&definition("")).await.json();
    assert_eq!(read["properties"]["specification"]["version"], "3.1.0");
    let export = center
        .post(&definition("/exportSpecification"), json!(null))
        .await
        .json();
    let text = center
        .client
        .get(export["value"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text, "openapi: 3.1.0\n");
}

#[tokio::test]
async fn a_link_over_http_must_lead_to_this_machine() {
    let center = center(EmulatorOptions::default()).await;
    for link in [
        "http://x.localhost/",
        "http://localhost.example.com/",
        "http://example.com/",
        "http://10.0.0.1/",
        "http://[2001:db8::1]/",
    ] {
        let body = json!({"format": "link", "value": link});
        let started = center
            .post(&definition("/importSpecification"), body)
            .await
            .expect(202);
        let location = started.header("location").unwrap();
        let failed = polled(&center, location).await.expect(400);
        let problem = "a link must be https, or http to this machine";
        assert!(failed.text.contains(problem), "{link}: {}", failed.text);
    }
}

#[tokio::test]
async fn a_failed_import_fails_the_poll() {
    let center = center(EmulatorOptions::default()).await;
    let nowhere = format!("{}/exported-specifications/none", center.emulator.url());
    let body = json!({"format": "link", "value": nowhere});
    let started = center
        .post(&definition("/importSpecification"), body)
        .await
        .expect(202);
    let failed = polled(&center, started.header("location").unwrap())
        .await
        .expect(400)
        .json();
    assert_eq!(failed["code"], "ValidationError");
    assert!(failed.get("error").is_none());
    assert!(
        center.get(&definition("")).await.json()["properties"]
            .get("specification")
            .is_none()
    );
    for refused in ["file:///etc/hostname", "nonsense", "ftp://example.com/x"] {
        let body = json!({"format": "link", "value": refused});
        center
            .post(&definition("/importSpecification"), body)
            .await
            .expect(400);
    }
    let unknown = center
        .get(&definition("/operationResults/0123"))
        .await
        .expect(404);
    assert_eq!(unknown.json(), json!({"code": "404"}));
}
