//! Tokens and signed links: who gets them, and where they must not appear.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::json;

use super::fake_service::{FakeService, TOKEN, accepted, fine, quick, reply, run};
use crate::azure::{AccessToken, ArmClient, Cached, Credential};
use crate::http::Secret;
use crate::live::{ErrorKind, ServiceError};

#[tokio::test]
async fn links_are_read_without_a_token() {
    let service = FakeService::start([
        reply(302, "").header("location", "/moved?sig=s1gnature"),
        reply(200, "\u{feff}openapi: 3.0.0\r\n"),
    ])
    .await;
    let client = service.client();
    let text = client
        .download(&format!("{}/blob?sig=s1gnature", service.root()))
        .await
        .unwrap();
    assert_eq!(text, "\u{feff}openapi: 3.0.0\r\n");
    assert_eq!(
        service.lines(),
        ["GET /blob?sig=s1gnature", "GET /moved?sig=s1gnature"]
    );
    assert!(
        service
            .seen()
            .iter()
            .all(|seen| !seen.headers.contains_key("authorization"))
    );
}

#[tokio::test]
async fn links_that_fail_tell_no_secret() {
    let service = FakeService::start([fine()]).await;
    service.play([reply(403, "<Error>sig=s1gnature did not match</Error>")]);
    let link = format!("{}/blob?sv=1&sig=s1gnature", service.root());
    let error = service.client().download(&link).await.unwrap_err();
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
        let error = public.download(bad).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{bad}");
        assert!(
            !format!("{error} {error:?}").contains("s1gnature"),
            "{error}"
        );
    }
    service.play([reply(302, "").header("location", "/again")]);
    assert!(service.client().download(&service.root()).await.is_err());
    assert_eq!(service.lines().len(), 4);
}

/// Gives tokens with a number, so that the second differs from the first.
struct Numbered(Mutex<u32>);

impl Credential for Numbered {
    fn obtain<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<AccessToken, ServiceError>> {
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
        let service = FakeService::start(script).await;
        let mut options = quick(&service.root());
        options.token = Arc::new(Cached::new(Numbered(Mutex::new(0))));
        let result = run(&ArmClient::new(options).unwrap(), "POST once").await;
        assert_eq!((result.is_ok(), service.lines().len()), (good, times));
        let tokens: HashSet<_> = service
            .seen()
            .iter()
            .map(|seen| seen.headers["authorization"].clone())
            .collect();
        assert_eq!(tokens.len(), times);
        if let Err(error) = result {
            assert_eq!(error.kind(), ErrorKind::Authentication);
            for part in ["It expired", "2 attempts"] {
                assert!(error.to_string().contains(part), "{error}");
            }
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
    let message = format!("Cannot read https://h/x?sig=s1gnature with Bearer {TOKEN}");
    let body = json!({"code": "Bad", "message": message}).to_string();
    let service = FakeService::start([
        reply(500, ""),
        accepted("location", "/op?t=1&s=s1gnature&h=s1gnature"),
        reply(202, "").header("x-ms-request-id", "id-9"),
        reply(400, body),
    ])
    .await;
    let error = run(&service.client(), "POST repeatable").await.unwrap_err();
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
