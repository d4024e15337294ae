//! Recorded traffic of API Management, played to the emulator: what it has of it answers alike.

use std::collections::{BTreeMap, BTreeSet};

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

/// Properties that an instance has in the recordings and not here. Chosen here: it has no network and no
/// certificates to show.
const NOT_SHOWN: &[&str] = &[
    "additionalLocations",
    "apiVersionConstraint",
    "certificates",
    "customProperties",
    "disableGateway",
    "hostnameConfigurations",
    "natGatewayState",
    "outboundPublicIPAddresses",
    "privateEndpointConnections",
    "publicIpAddressId",
    "publicNetworkAccess",
    "virtualNetworkConfiguration",
];

/// Other differences of an instance that are right: what they start with, and why.
const OF_INSTANCES: &[(&str, &str)] = &[
    (
        "header azure-asyncoperation: true",
        "2022: one address to poll, two in 2024",
    ),
    ("/etag: \"", "a counter"),
    ("/identity/principalId: \"", "made up"),
    ("/identity/tenantId: \"", "made up"),
    (
        "/location: \"westus\" instead of \"West US\"",
        "chosen here: a location is shown as it was sent",
    ),
    (
        "/properties/developerPortalUrl: \"",
        "chosen here: an instance has a developer portal, whatever its plan",
    ),
    (
        "/properties/platformVersion: \"stv2\"",
        "chosen here: the platform of new instances",
    ),
    (
        "/properties/provisioningState: \"Succeeded\"",
        "without a delay, an instance is ready at once",
    ),
    (
        "/properties/targetProvisioningState: \"\"",
        "without a delay, an instance is ready at once",
    ),
    (
        "/systemData/createdBy",
        "chosen here: nobody's name is kept",
    ),
    (
        "/systemData/lastModifiedBy",
        "chosen here: nobody's name is kept",
    ),
];

/// Differences of any exchange that are right, and why.
const LINK_REFUSED: (&str, &str) = (
    "an import by link",
    "chosen here: descriptions by link are refused, the emulator fetches nothing",
);
const FORM_OF_EXPORTS: (&str, &str) = (
    "an export of the examples",
    "documented otherwise than recorded: the response has `properties`, as clients read it",
);

/// Every exception by its name. One that no recording needs is removed.
fn all_exceptions() -> BTreeSet<&'static str> {
    let of_instances = OF_INSTANCES.iter().map(|(start, _)| *start);
    let others = [LINK_REFUSED.0, FORM_OF_EXPORTS.0];
    let not_shown = NOT_SHOWN.iter().copied();
    not_shown.chain(of_instances).chain(others).collect()
}

/// The name of the exception that makes a difference right, and why it is.
fn exception(exchange: &Exchange, difference: &str) -> Option<(&'static str, &'static str)> {
    let body = exchange.body().unwrap_or_default();
    let is_link = body["properties"]["format"]
        .as_str()
        .is_some_and(|format| format.ends_with("-link"));
    if is_link && difference.contains("The emulator does not import the format '") {
        return Some(LINK_REFUSED);
    }
    if exchange.uri.contains("export=true") && exchange.test.starts_with("spec-example") {
        let is_place = ["/properties: ", "/format: ", "/value: "]
            .iter()
            .any(|start| difference.starts_with(start));
        return is_place.then_some(FORM_OF_EXPORTS);
    }
    if !segments(exchange).is_some_and(|segments| segments.is_empty()) {
        return None;
    }
    let absent = difference
        .strip_prefix("/properties/")
        .and_then(|rest| rest.split_once(": absent instead of "));
    if let Some((name, _)) = absent
        && let Some(name) = NOT_SHOWN.iter().find(|not_shown| **not_shown == name)
    {
        let reason = "chosen here: an instance has no network and no certificates to show";
        return Some((name, reason));
    }
    let mut fitting = OF_INSTANCES.iter();
    let fitting = fitting.find(|(start, _)| difference.starts_with(start));
    fitting.copied()
}

/// With the name that the instance has here, in a version that is still served.
fn renamed(text: &str) -> String {
    text.replace(RECORDED_INSTANCE, INSTANCE)
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
    pub(super) async fn replay_gateway(&self, exchange: &Exchange) -> ReceivedResponse {
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
        let is_new = exchange.method == "PUT" && exchange.status == 201;
        if is_new && segments.is_empty() {
            return;
        }
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
            let mut body = written(&answer);
            if answer["sku"].is_object() {
                body["sku"] = answer["sku"].clone();
            }
            return body;
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

/// All differences: the status alone if it differs, else headers and places in the body.
pub(super) fn differences(exchange: &Exchange, heard: &ReceivedResponse) -> Vec<String> {
    if heard.status.as_u16() != exchange.status {
        return vec![format!(
            "status {} instead of {}: {}",
            heard.status, exchange.status, heard.text
        )];
    }
    let mut found = Vec::new();
    for header in ["etag", "location", "content-type", "azure-asyncoperation"] {
        let (here, there) = (
            heard.header(header).is_some(),
            exchange.headers.contains_key(header),
        );
        if here != there {
            found.push(format!("header {header}: {here} instead of {there}"));
        }
    }
    let recorded = exchange.response.as_deref().unwrap_or_default();
    if recorded.is_empty() {
        if !heard.text.is_empty() {
            found.push(format!("a body: {}", heard.text));
        }
        return found;
    }
    let (mut ours, mut theirs) = (
        heard.json(),
        serde_json::from_str(&renamed(recorded)).unwrap_or_default(),
    );
    without_times(&mut ours);
    without_times(&mut theirs);
    compare("", Some(&ours), Some(&theirs), &mut found);
    found
}

/// The places below this one where two values differ.
fn compare(place: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
            for name in names {
                let place = format!("{place}/{name}");
                compare(&place, ours.get(name), theirs.get(name), found);
            }
        }
        (ours, theirs) if ours == theirs => {}
        (ours, theirs) => {
            let text = |value: Option<&Value>| value.map_or("absent".to_owned(), Value::to_string);
            found.push(format!(
                "{place}: {} instead of {}",
                text(ours),
                text(theirs)
            ));
        }
    }
}

fn without_times(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let is_time =
                    ["createdAt", "lastModifiedAt", "createdAtUtc"].contains(&name.as_str());
                if is_time || name.ends_with("DateTime") {
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
    let mut unneeded = all_exceptions();
    for exchange in exchanges.iter().filter(|exchange| is_offered(exchange)) {
        let player = Player::start(&client, false).await;
        let heard = player.replay_gateway(exchange).await;
        player.emulator.stop().await;
        let found = self::differences(exchange, &heard);
        alike += usize::from(found.is_empty());
        for difference in found {
            match exception(exchange, &difference) {
                Some((name, reason)) => {
                    unneeded.remove(name);
                    *excepted.entry(reason).or_insert(0) += 1;
                }
                None => differences.push(format!(
                    "{}: {} {}\n    {difference}",
                    exchange.test,
                    exchange.method,
                    exchange.target()
                )),
            }
        }
    }
    println!("{alike} recorded exchanges of gateways answered alike, excepted: {excepted:?}");
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(alike > 35, "only {alike} exchanges were compared");
    assert!(unneeded.is_empty(), "exceptions without need: {unneeded:?}");
}
