//! What happens in the background: synchronisation, errors of the link, deletion.

use std::time::Duration;

use apicenter::emulator::EmulatorOptions;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    ENVIRONMENT, SOURCE, WORKSPACE, amazon, apim, center, eventually, is_generated, options,
    properties, send, set, titled, until,
};
use crate::emulator::api_management::{self, SAMPLE};
use crate::emulator::harness::{EmulatorFixture, keys, names};

#[tokio::test]
async fn what_follows_a_change_happens_also_when_the_caller_hangs_up() {
    let center = center(EmulatorOptions {
        sync_delay: Duration::from_millis(1),
        ..options()
    })
    .await;
    let list = format!("{WORKSPACE}/apiSources");
    for i in 0..40 {
        let path = format!("{list}/source-{i}");
        let body = json!({"properties": amazon()});
        let sent = send(&center, Method::PUT, &path, Some(&body));
        let patience = Duration::from_micros(500 + 250 * i);
        // Nobody waits for the answer.
        drop(tokio::time::timeout(patience, sent).await);
    }
    for _ in 0..6000 {
        let sources = send(&center, Method::GET, &list, None).await.json();
        let sources = sources["value"].as_array().expect("a list").clone();
        let state = |source: &Value| source["properties"]["linkState"]["state"] == "syncing";
        assert!(!sources.is_empty());
        if sources.iter().all(state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("some source never was synchronised");
}

#[tokio::test]
async fn changes_of_the_source_show_up() {
    let options = EmulatorOptions {
        sync_delay: Duration::from_millis(20),
        ..options()
    };
    let center = center(options).await;
    api_management::own(&center).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let before = eventually(&center, "Echo API").await;
    let etag = center.get(&before).await.header("etag").map(str::to_owned);

    let renamed = json!({"properties": {"path": "echo", "displayName": "Echo"}});
    api_management::put(&center, "/service/own/apis/echo", renamed)
        .await
        .expect(200);
    let other = json!({"properties": {"path": "other", "displayName": "Other"}});
    api_management::put(&center, "/service/own/apis/other", other)
        .await
        .expect(201);
    eventually(&center, "Other").await;
    let after = eventually(&center, "Echo").await;
    assert_eq!(before, after);
    assert_ne!(
        center.get(&after).await.header("etag").map(str::to_owned),
        etag
    );

    let gone = api_management::send(&center, Method::DELETE, "/service/own/apis/echo", None).await;
    gone.expect(202);
    until(async || center.get(&after).await.status == 404).await;
    eventually(&center, "Other").await;
}

/// Longer than any test runs.
const HOUR: Duration = Duration::from_secs(60 * 60);

async fn with_unlink_delay(unlink_delay: Duration) -> EmulatorFixture {
    center(EmulatorOptions {
        unlink_delay,
        ..options()
    })
    .await
}

#[tokio::test]
async fn a_deleted_source_takes_everything_with_it_after_a_while() {
    let center = with_unlink_delay(HOUR).await;
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);
    assert_eq!(
        properties(&center, SOURCE).await["linkState"]["state"],
        "deleting"
    );
    let environment = format!("/services/contoso{ENVIRONMENT}");
    center.get(&environment).await.expect(200);
    set(&center, SOURCE, apim(SAMPLE)).await.expect(409);
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);

    let center = with_unlink_delay(Duration::from_millis(50)).await;
    let mine = json!({"title": "Mine", "kind": "rest"});
    center
        .set(&format!("{WORKSPACE}/apis/mine"), mine)
        .await
        .expect(200);
    set(&center, SOURCE, apim(SAMPLE)).await.expect(200);
    send(&center, Method::DELETE, SOURCE, None)
        .await
        .expect(204);
    until(async || center.get(&environment).await.status == 404).await;
    send(&center, Method::GET, SOURCE, None).await.expect(404);
    assert_eq!(
        names(&center.get(&format!("{WORKSPACE}/apis")).await.json()),
        ["mine"]
    );
}

#[tokio::test]
async fn without_an_identity_or_an_instance_the_link_is_in_error() {
    let center = EmulatorFixture::with(options()).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    let state = properties(&center, SOURCE).await["linkState"].clone();
    assert_eq!(keys(&state), ["state", "message", "lastUpdatedOn"]);
    assert_eq!(state["state"], "error");
    assert!(
        state["message"]
            .as_str()
            .unwrap()
            .contains("no managed identity")
    );
    center
        .get(&format!("/services/contoso{ENVIRONMENT}"))
        .await
        .expect(404);

    let identity = json!({"identity": {"type": "SystemAssigned"}});
    let patched = center
        .send(
            Method::PATCH,
            &center.url("/services/contoso"),
            Some(&identity),
        )
        .await;
    patched.expect(200);
    until(async || {
        let state = properties(&center, SOURCE).await["linkState"].clone();
        state["message"]
            .as_str()
            .is_some_and(|message| message.contains("was not found"))
    })
    .await;
    // Once the instance is there, nobody has to write the source again.
    api_management::own(&center).await;
    until(async || properties(&center, SOURCE).await["linkState"]["state"] == "syncing").await;
    let (echo, _) = titled(&center, "Echo API").await;
    assert!(is_generated(&echo));
}

#[tokio::test]
async fn an_instance_that_goes_and_comes_back_is_linked_again() {
    let center = center(options()).await;
    api_management::own(&center).await;
    set(&center, SOURCE, apim("/service/own")).await.expect(200);
    titled(&center, "Echo API").await;
    let gone = api_management::send(&center, Method::DELETE, "/service/own", None).await;
    gone.expect(200);
    assert_eq!(
        properties(&center, SOURCE).await["linkState"]["state"],
        "error"
    );
    // What came from it stays as long as nobody knows better.
    titled(&center, "Echo API").await;
    let empty = json!({"location": "eastus"});
    api_management::put(&center, "/service/own", empty)
        .await
        .expect(201);
    until(async || properties(&center, SOURCE).await["linkState"]["state"] == "syncing").await;
    assert!(names(&center.get(&format!("{WORKSPACE}/apis")).await.json()).is_empty());
}
