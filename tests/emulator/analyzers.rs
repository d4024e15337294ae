//! Analyzer configurations and their rulesets.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};

use super::harness::{EmulatorFixture, ReceivedResponse, keys, names};

const CONFIGS: &str = "/services/contoso/workspaces/default/analyzerConfigs";
const CONFIG: &str = "/services/contoso/workspaces/default/analyzerConfigs/lint";

async fn send(
    center: &EmulatorFixture,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> ReceivedResponse {
    let url = center.url(path).replace("2024-03-01", "2024-06-01-preview");
    center.send(method, &url, body).await
}

async fn set(center: &EmulatorFixture, properties: Value) -> ReceivedResponse {
    send(
        center,
        Method::PUT,
        CONFIG,
        Some(&json!({"properties": properties})),
    )
    .await
}

/// A zip archive of these files, in base64.
fn zipped(files: &[(&str, &str)]) -> String {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a file");
        archive.write_all(text.as_bytes()).expect("its text");
    }
    STANDARD.encode(archive.finish().expect("an archive").into_inner())
}

async fn import(center: &EmulatorFixture, value: &str) -> ReceivedResponse {
    let body = json!({"format": "inline-zip", "value": value});
    let started = send(
        center,
        Method::POST,
        &format!("{CONFIG}/importRuleset"),
        Some(&body),
    )
    .await
    .expect(202);
    let location = started.header("location").expect("a location");
    assert!(
        location.contains("/analyzerConfigs/lint/operationResults/"),
        "{location}"
    );
    center.send(Method::GET, location, None).await
}

#[tokio::test]
async fn a_configuration_has_neither_etag_nor_system_data() {
    let center = EmulatorFixture::start().await;
    let created = set(&center, json!({"analyzerType": "spectral"}))
        .await
        .expect(200);
    assert_eq!(created.header("etag"), None);
    let body = created.json();
    assert_eq!(keys(&body), ["type", "properties", "id", "name"]);
    assert_eq!(
        body["properties"].to_string(),
        r#"{"title":"lint","analyzerType":"Spectral","state":"inactive"}"#
    );
    let condition = json!([{"property": "kind", "operator": "equals", "value": "rest"}]);
    let filter = json!({"apis": condition, "apiVersions": [], "apiDefinitions": []});
    let updated = set(
        &center,
        json!({"title": "Rules", "analyzerType": "Spectral", "filter": filter}),
    )
    .await;
    assert_eq!(updated.expect(200).json()["properties"]["filter"], filter);
    assert_eq!(
        names(&send(&center, Method::GET, CONFIGS, None).await.json()),
        ["lint"]
    );
    set(&center, json!({"title": "Rules"})).await.expect(400);
    set(&center, json!({"analyzerType": "other"}))
        .await
        .expect(400);
    set(
        &center,
        json!({"analyzerType": "spectral", "filter": {"apis": []}}),
    )
    .await
    .expect(400);
    center.get(CONFIG).await.expect(400);

    send(&center, Method::DELETE, CONFIG, None)
        .await
        .expect(204);
    let missing = send(&center, Method::GET, CONFIG, None)
        .await
        .expect(404)
        .json();
    assert_eq!(keys(&missing), ["type", "title", "status", "traceId"]);
}

#[tokio::test]
async fn a_ruleset_goes_in_and_comes_out_byte_for_byte() {
    let center = EmulatorFixture::start().await;
    set(&center, json!({"analyzerType": "spectral"}))
        .await
        .expect(200);
    let export = format!("{CONFIG}/exportRuleset");
    send(&center, Method::POST, &export, None).await.expect(404);
    let archive = zipped(&[("ruleset.yml", "rules: {}\n"), ("functions/f.js", "")]);
    let ended = import(&center, &archive).await.expect(200).json();
    assert_eq!(ended["status"], "Succeeded");
    assert!(
        ended["id"]
            .as_str()
            .unwrap()
            .contains("/workspaces/default/analyzerConfigs/lint/")
    );
    let exported = send(&center, Method::POST, &export, None)
        .await
        .expect(200)
        .json();
    assert_eq!(keys(&exported), ["value", "format"]);
    assert_eq!(exported["value"], archive);
    let state =
        send(&center, Method::GET, CONFIG, None).await.json()["properties"]["state"].clone();
    assert_eq!(state, "active");
    let again = set(
        &center,
        json!({"analyzerType": "spectral", "title": "Rules"}),
    )
    .await
    .expect(200);
    assert_eq!(again.json()["properties"]["state"], "active");
    send(&center, Method::DELETE, CONFIG, None)
        .await
        .expect(204);
    set(&center, json!({"analyzerType": "spectral"}))
        .await
        .expect(200);
    send(&center, Method::POST, &export, None).await.expect(404);
}

#[tokio::test]
async fn a_bad_archive_fails_the_poll() {
    let center = EmulatorFixture::start().await;
    set(&center, json!({"analyzerType": "spectral"}))
        .await
        .expect(200);
    for archive in [
        zipped(&[]),
        zipped(&[("rules/ruleset.yml", "")]),
        "nonsense!".to_owned(),
        STANDARD.encode("no zip"),
    ] {
        let failed = import(&center, &archive).await.expect(400).json();
        assert_eq!(keys(&failed), ["code", "message", "details"]);
        assert_eq!(failed["code"], "ValidationError");
    }
    let failed = import(&center, &zipped(&[])).await.json();
    assert_eq!(
        failed["details"][0]["message"],
        "Error: Ruleset file not found in the unzipped folder."
    );
    let state =
        send(&center, Method::GET, CONFIG, None).await.json()["properties"]["state"].clone();
    assert_eq!(state, "inactive");
    let path = format!("{CONFIG}/importRuleset");
    let other = json!({"format": "inline", "value": ""});
    send(&center, Method::POST, &path, Some(&other))
        .await
        .expect(400);
    let missing = path.replace("lint", "none");
    send(&center, Method::POST, &missing, Some(&other))
        .await
        .expect(404);
}
