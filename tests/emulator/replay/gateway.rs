//! Recorded traffic of API Management, played to the emulator: what it has of it answers alike.

use std::collections::BTreeMap;

use reqwest::Client;
use serde_json::{Map, Value, json};

use super::{Exchange, Player};
use crate::emulator::harness::ReceivedResponse;

/// The name that the recorded instance gets here: the recorded one is that of the emulator's sample.
const INSTANCE: &str = "recorded";
const RECORDED_INSTANCE: &str = "contoso-apim";
const VERSION: &str = "api-version=2021-08-01";

/// What the emulator has of an instance, as the collections of a path; the rest of API Management (products,
/// named values, policies and so on) is not offered.
const OFFERED: &[&[&str]] = &[
    &[],
    &["apis"],
    &["apis", "revisions"],
    &["apis", "operations"],
    &["apis", "schemas"],
    &["apiVersionSets"],
];

/// The place of an exchange in its instance: collections and names in turn.
fn segments(exchange: &Exchange) -> Option<Vec<&str>> {
    let (_, rest) = exchange.path().split_once("/service/")?;
    Some(rest.split('/').skip(1).collect())
}

fn is_offered(exchange: &Exchange) -> bool {
    let Some(segments) = segments(exchange) else {
        return exchange.path().ends_with("/checkNameAvailability");
    };
    let collections: Vec<&str> = segments.into_iter().step_by(2).collect();
    OFFERED.contains(&collections.as_slice())
}

/// Why an exchange is answered otherwise, if that is right.
fn exception(exchange: &Exchange) -> Option<&'static str> {
    let body = exchange.body().unwrap_or_default();
    let is_link = body["properties"]["format"]
        .as_str()
        .is_some_and(|format| format.ends_with("-link"));
    let is_instance = segments(exchange).is_some_and(|segments| segments.is_empty());
    if is_link {
        Some("chosen here: descriptions by link are refused, the emulator fetches nothing")
    } else if is_instance {
        Some(
            "chosen here: an instance shows fewer properties (no host names, no protocol switches)",
        )
    } else if exchange.uri.contains("export=true") && exchange.test.starts_with("spec-example") {
        Some("documented otherwise than recorded: the answer has `properties`, as clients read it")
    } else {
        None
    }
}

/// With the name that the instance has here, in a version that is still served.
fn renamed(text: &str) -> String {
    let name = format!("/service/{RECORDED_INSTANCE}");
    text.replace(&name, &format!("/service/{INSTANCE}"))
        .replace("api-version=2019-12-01", VERSION)
}

/// The properties to write, so that a resource is as it was recorded.
fn written(recorded: &Value) -> Value {
    let properties = recorded["properties"].as_object().cloned();
    let kept: Map<String, Value> = properties
        .unwrap_or_default()
        .into_iter()
        .filter(|(name, value)| name != "isCurrent" && !value.is_null())
        .collect();
    json!({"properties": kept})
}

impl Player {
    async fn replay_gateway(&self, exchange: &Exchange) -> ReceivedResponse {
        let target = renamed(exchange.target());
        let segments = segments(exchange).unwrap_or_default();
        if exchange.path().contains("/service/") {
            self.presumed(exchange, &segments).await;
        }
        self.send(&exchange.method, &target, exchange.body().as_ref())
            .await
    }

    /// Makes the instance, and in it what the exchange presumes.
    async fn presumed(&self, exchange: &Exchange, segments: &[&str]) {
        let path = renamed(exchange.path());
        let end = path.find(INSTANCE).unwrap_or_default() + INSTANCE.len();
        let instance = &path[..end];
        let body = json!({"location": "westus", "sku": {"name": "Developer", "capacity": 1}});
        self.made(instance, &body).await;
        let answer = exchange.answer();
        if let ["apis", api, _, ..] = segments {
            self.api(instance, api, &Value::Null).await;
        }
        let base = segments.get(1).and_then(|api| api.split_once("%3B"));
        if let (2, Some((base, _))) = (segments.len(), base) {
            let mut source = answer.clone();
            source["properties"]["apiRevision"] = json!("1");
            self.api(instance, base, &source).await;
        }
        let is_new = exchange.method == "PUT" && exchange.status == 201;
        match answer["value"].as_array() {
            Some(items) if path.ends_with("/revisions") => {
                for item in items {
                    let path = item["privateUrl"].as_str().unwrap_or_default();
                    let properties = json!({"properties": {"path": path.trim_start_matches('/')}});
                    self.api(instance, segments[1], &properties).await;
                }
            }
            Some(items) => {
                for item in items {
                    let id = renamed(item["id"].as_str().unwrap_or_default());
                    self.made(&id, &written(item)).await;
                }
            }
            None if !is_new && segments.len().is_multiple_of(2) => {
                self.made(&path, &self.own(exchange)).await;
            }
            None => {}
        }
    }

    /// The body of the resource that is read, changed or deleted.
    fn own(&self, exchange: &Exchange) -> Value {
        let answer = exchange.answer();
        if answer["properties"].is_object() {
            return written(&answer);
        }
        json!({"properties": {"path": "p", "displayName": "d", "versioningScheme": "Segment"}})
    }

    async fn api(&self, instance: &str, id: &str, like: &Value) {
        let mut body = written(like);
        if body["properties"].get("path").is_none() {
            body["properties"]["path"] = json!("path");
        }
        self.made(&format!("{instance}/apis/{id}"), &body).await;
    }

    async fn made(&self, path: &str, body: &Value) {
        let response = self
            .send("PUT", &format!("{path}?{VERSION}"), Some(body))
            .await;
        assert!(response.status.is_success(), "{path}: {}", response.text);
    }
}

fn difference(exchange: &Exchange, heard: &ReceivedResponse) -> Option<String> {
    if heard.status.as_u16() != exchange.status {
        return Some(format!(
            "status {} instead of {}: {}",
            heard.status, exchange.status, heard.text
        ));
    }
    for header in ["etag", "location", "content-type", "azure-asyncoperation"] {
        let (here, there) = (
            heard.header(header).is_some(),
            exchange.headers.contains_key(header),
        );
        if here != there {
            return Some(format!("header {header}: {here} instead of {there}"));
        }
    }
    let recorded = exchange.response.as_deref().unwrap_or_default();
    if recorded.is_empty() {
        return (!heard.text.is_empty()).then(|| format!("a body: {}", heard.text));
    }
    let (mut ours, mut theirs) = (
        heard.json(),
        serde_json::from_str(&renamed(recorded)).unwrap_or_default(),
    );
    without_times(&mut ours);
    without_times(&mut theirs);
    (ours != theirs).then(|| format!("{ours}\n    instead of {theirs}"))
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if name.ends_with("DateTime") {
                    *value = Value::Null;
                }
                without_times(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_exchanges_of_gateways_are_answered_alike() {
    let Some(file) = crate::emulator::harness::reference("apim-wire.jsonl") else {
        println!("no recordings beside the project: nothing replayed");
        return;
    };
    let recorded = String::from_utf8(std::fs::read(&file).expect("a file")).expect("text");
    let exchanges: Vec<Exchange> = recorded
        .lines()
        .map(|line| serde_json::from_str(line).expect("an exchange"))
        .collect();
    let client = Client::builder().no_proxy().build().expect("a client");
    let (mut alike, mut excepted, mut differences) = (0, BTreeMap::new(), Vec::new());
    for exchange in exchanges.iter().filter(|exchange| is_offered(exchange)) {
        let player = Player::start(&client, false).await;
        let heard = player.replay_gateway(exchange).await;
        player.emulator.stop().await;
        let reason = exception(exchange);
        let difference = match (difference(exchange, &heard), reason) {
            (None, None) => {
                alike += 1;
                continue;
            }
            (Some(_), Some(reason)) => {
                *excepted.entry(reason).or_insert(0) += 1;
                continue;
            }
            (None, Some(_)) => "no exception is needed".to_owned(),
            (Some(difference), None) => difference,
        };
        differences.push(format!(
            "{}: {} {}\n    {difference}",
            exchange.test,
            exchange.method,
            exchange.target()
        ));
    }
    println!("{alike} recorded exchanges of gateways answered alike, excepted: {excepted:?}");
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(alike > 35, "only {alike} exchanges were compared");
}
