//! What was acknowledged survives restarts, dropped emulators and killed processes.

use std::path::Path;
use std::time::{Duration, Instant};

use apicenter::emulator::{Emulator, EmulatorError, EmulatorOptions, Storage};
use reqwest::Method;
use serde_json::json;

use super::harness::{API, EmulatorFixture, GROUP, SERVICE, names};
use super::program::EmulatorProcess;

const APIS: &str = "/services/contoso/workspaces/default/apis";

fn at(file: &Path) -> EmulatorOptions {
    EmulatorOptions {
        data: Storage::File(file.to_owned()),
        seed_sample: false,
        ..EmulatorOptions::default()
    }
}

#[tokio::test]
async fn state_survives_a_stop_and_a_drop() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/er/emulator.redb");
    let center = EmulatorFixture::with(at(&file)).await;
    center.orders().await;
    let before = center.get(API).await;
    center.emulator.stop().await;

    let center = EmulatorFixture::with(at(&file)).await;
    let after = center.get(API).await.expect(200);
    assert_eq!(before.text, after.text);
    assert_eq!(before.header("etag"), after.header("etag"));
    center.delete(API).await.expect(204);
    drop(center);

    let center = EmulatorFixture::with(at(&file)).await;
    center.get(API).await.expect(404);
}

#[tokio::test]
async fn a_killed_process_keeps_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.redb");
    // Its service, without the sample that the program would put into a new one.
    EmulatorFixture::with(at(&file)).await.emulator.stop().await;
    let mut emulator = EmulatorProcess::start(&file, "127.0.0.1:0");
    let url = format!("http://{}", emulator.address);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let writes = (0..40).map(|number| {
        let target = format!("{url}{GROUP}{APIS}/api-{number}?api-version=2024-03-01");
        let body = json!({"properties": {"title": "t", "kind": "rest"}});
        let request = client.put(target).bearer_auth("t").json(&body);
        async move { request.send().await.unwrap().error_for_status().unwrap() }
    });
    futures::future::join_all(writes).await;
    emulator.kill();
    let center = EmulatorFixture::with(at(&file)).await;
    assert_eq!(names(&center.get(APIS).await.json()).len(), 40);
}

#[tokio::test]
async fn an_import_that_was_cut_off_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.redb");
    let center = EmulatorFixture::with(at(&file)).await;
    center.orders().await;
    // Accepts connections and never answers, until it is dropped.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = format!("http://{}/", silent.local_addr().unwrap());
    let import = format!("{API}/versions/1-0-0/definitions/openapi/importSpecification");
    let started = center
        .post(&import, json!({"format": "link", "value": link}))
        .await
        .expect(202);
    let location = started
        .header("location")
        .unwrap()
        .replace(&center.emulator.url(), "");
    drop(center);
    drop(silent);
    let center = EmulatorFixture::with(at(&file)).await;
    let poll = format!("{}{location}", center.emulator.url());
    for _ in 0..6000 {
        let heard = center.send(reqwest::Method::GET, &poll, None).await;
        if heard.status != 202 {
            heard.expect(400);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import was forgotten");
}

#[tokio::test]
async fn a_copy_taken_while_it_runs_holds_every_acknowledged_write() {
    // The same bytes a killed process would leave behind: nothing was closed or flushed by hand.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.redb");
    let center = EmulatorFixture::with(at(&file)).await;
    for number in 0..20 {
        let api = json!({"title": "t", "kind": "rest"});
        center
            .set(&format!("{APIS}/api-{number}"), api)
            .await
            .expect(200);
    }
    let left = folder.path().join("left.redb");
    std::fs::copy(&file, &left).unwrap();
    let revived = EmulatorFixture::with(at(&left)).await;
    assert_eq!(names(&revived.get(APIS).await.json()).len(), 20);
}

#[tokio::test]
async fn a_file_in_use_is_a_plain_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("emulator.redb");
    let _center = EmulatorFixture::with(at(&file)).await;
    let error = Emulator::start(at(&file)).await.unwrap_err();
    assert!(matches!(error, EmulatorError::Busy { .. }));
    assert!(
        error
            .to_string()
            .starts_with("another apicenter process is using "),
        "{error}"
    );
    let broken = folder.path().join("broken.redb");
    std::fs::write(&broken, "no database").unwrap();
    assert!(matches!(
        Emulator::start(at(&broken)).await.unwrap_err(),
        EmulatorError::Open { .. }
    ));
}

/// Delays to try in turn. With each, what is pending must not have happened before the emulator is dropped; only a
/// machine that took longer than the delay until then needs the next one.
const DELAYS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(4),
    Duration::from_secs(16),
    Duration::from_secs(64),
];

const LONG: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_pending_sample_appears_after_a_restart() {
    for delay in DELAYS {
        if a_sample_goes_on(delay).await {
            return;
        }
    }
    panic!("the machine is too slow");
}

/// Returns false, and has checked nothing, if the delay was over before the restart.
async fn a_sample_goes_on(delay: Duration) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("emulator.redb");
    let slow = |delay| EmulatorOptions {
        seed_sample: true,
        seed_delay: delay,
        ..at(&file)
    };
    let center = EmulatorFixture::bare(slow(delay)).await;
    let service = json!({"location": "eastus", "sku": {"name": "Free"}});
    let asked = Instant::now();
    center.put(SERVICE, service).await.expect(201);
    let found = names(&center.get(APIS).await.json()).len();
    if asked.elapsed() >= delay {
        return false;
    }
    assert_eq!(found, 0, "it is not there before its time");
    drop(center);
    let center = EmulatorFixture::bare(slow(LONG)).await;
    until(async || names(&center.get(APIS).await.json()) == ["swagger-petstore"]).await;
    true
}

#[tokio::test]
async fn what_integrations_have_pending_goes_on_after_a_restart() {
    for delay in DELAYS {
        if integrations_go_on(delay).await {
            return;
        }
    }
    panic!("the machine is too slow");
}

/// Returns false if one of the delays was over before its restart.
async fn integrations_go_on(delay: Duration) -> bool {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("emulator.redb");
    let slow = |sync_delay, unlink_delay| EmulatorOptions {
        enforce_roles: false,
        sync_delay,
        unlink_delay,
        ..at(&file)
    };
    let service = json!({"location": "eastus", "sku": {"name": "Free"}, "identity": {"type": "SystemAssigned"}});
    let source =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/contoso-apim";
    let source = json!({"properties": {"azureApiManagementSource": {"resourceId": source}}});
    let path = "/services/contoso/workspaces/default/apiSources/apim";
    let preview =
        |center: &EmulatorFixture| center.url(path).replace("2024-03-01", "2024-06-01-preview");

    let center = EmulatorFixture::bare(slow(delay, LONG)).await;
    center.put(SERVICE, service).await.expect(201);
    let linked = Instant::now();
    center
        .send(Method::PUT, &preview(&center), Some(&source))
        .await
        .expect(200);
    let found = names(&center.get(APIS).await.json()).len();
    if linked.elapsed() >= delay {
        return false;
    }
    assert_eq!(found, 0, "nothing is there before its time");
    drop(center);
    let center = EmulatorFixture::bare(slow(LONG, delay)).await;
    until(async || names(&center.get(APIS).await.json()).len() == 6).await;
    let unlinked = Instant::now();
    center
        .send(Method::DELETE, &preview(&center), None)
        .await
        .expect(204);
    let found = names(&center.get(APIS).await.json()).len();
    if unlinked.elapsed() >= delay {
        return false;
    }
    assert_eq!(found, 6, "nothing is removed before its time");
    drop(center);
    let center = EmulatorFixture::bare(slow(LONG, LONG)).await;
    until(async || names(&center.get(APIS).await.json()).is_empty()).await;
    center
        .send(Method::GET, &preview(&center), None)
        .await
        .expect(404);
    true
}

async fn until(done: impl AsyncFn() -> bool) {
    for _ in 0..6000 {
        if done().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not happen within two minutes");
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let center = EmulatorFixture::start().await;
    let listen = center
        .emulator
        .url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();
    let error = Emulator::start(EmulatorOptions {
        listen,
        ..EmulatorOptions::default()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, EmulatorError::Listen { .. }), "{error}");
}

#[tokio::test]
async fn concurrent_writes_all_arrive_in_one_order() {
    let center = EmulatorFixture::start().await;
    let writes = (0..200).map(|number| {
        let path = format!("{APIS}/api-{number}");
        let center = &center;
        async move {
            center
                .set(&path, json!({"title": "t", "kind": "rest"}))
                .await
                .expect(200);
        }
    });
    futures::future::join_all(writes).await;
    let mut url = center.url(APIS);
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let page = center
            .send(reqwest::Method::GET, &url, None)
            .await
            .expect(200)
            .json();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page["nextLink"].as_str() {
            Some(next) => next.clone_into(&mut url),
            None => break,
        }
    }
    assert_eq!(seen.len(), 200);
}
