//! Recorded traffic of the real service, played to the emulator where the recordings lie beside the
//! project.

mod compare;
mod examples;
mod exceptions;
mod gateway;
mod own_words;
mod prepare;

use std::collections::BTreeMap;
use std::time::Duration;

use apicenter::emulator::{Emulator, EmulatorOptions};
use futures::StreamExt as _;
use reqwest::{Client, Method};
use serde_json::Value;

use super::harness::ReceivedResponse;

/// One recorded request and its answer.
#[derive(Debug, serde::Deserialize)]
struct Exchange {
    test: String,
    method: String,
    uri: String,
    request: Option<String>,
    status: u16,
    headers: BTreeMap<String, String>,
    response: Option<String>,
}

impl Exchange {
    /// Path and query.
    fn target(&self) -> &str {
        let start = self.uri.find("/subscriptions/").unwrap_or_default();
        &self.uri[start..]
    }

    fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or_default()
    }

    fn body(&self) -> Option<Value> {
        self.request
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
    }

    fn answer(&self) -> Value {
        let text = self.response.as_deref().unwrap_or_default();
        serde_json::from_str(text).unwrap_or(Value::Null)
    }

    /// Recorded before the wire settled in spring 2024: other type names, another derived stage,
    /// other polls.
    fn is_old(&self) -> bool {
        let date = self
            .headers
            .get("date")
            .map(String::as_str)
            .unwrap_or_default();
        ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024"]
            .iter()
            .any(|month| date.contains(month))
    }

    /// A PUT of a service whose body names no plan.
    fn is_service_without_plan(&self) -> bool {
        let name = self.path().split("/services/").nth(1);
        let body = self.body().unwrap_or_default();
        self.method == "PUT"
            && name.is_some_and(|name| !name.contains('/'))
            && body.get("sku").is_none()
    }

    /// Whether it is about something this emulator has.
    fn concerns_us(&self) -> bool {
        let path = self.path();
        path.contains("/Microsoft.ApiCenter/services") && !path.contains("/portals")
    }

    /// Recorded while something was still to be done, which is only a matter of pace.
    fn is_early(&self) -> bool {
        let path = self.path();
        let polls = path.contains("/operationResults/") && !path.contains("/definitions/");
        polls && self.status == 202
            || self.answer()["properties"]["linkState"]["state"] == "initializing"
    }
}

/// Plays one exchange to an emulator of its own.
struct Player {
    emulator: Emulator,
    client: Client,
}

impl Player {
    /// With an emulator that takes its time, or one that does everything at once.
    async fn start(client: &Client, slow: bool) -> Self {
        let delay = Duration::from_secs(if slow { 3600 } else { 0 });
        let options = EmulatorOptions {
            seed_sample: false,
            limits: false,
            enforce_roles: false,
            operation_delay: delay,
            sync_delay: delay,
            ..EmulatorOptions::default()
        };
        let emulator = Emulator::start(options).await.expect("the emulator starts");
        Self {
            emulator,
            client: client.clone(),
        }
    }

    async fn send(&self, method: &str, target: &str, body: Option<&Value>) -> ReceivedResponse {
        let method: Method = method.parse().expect("a method");
        let url = format!("{}{target}", self.emulator.url());
        let mut request = self.client.request(method, url).bearer_auth("token");
        if let Some(body) = body {
            request = request.json(body);
        }
        ReceivedResponse::read(request.send().await.expect("an answer")).await
    }
}

enum Verdict {
    Alike,
    Excepted(&'static str),
    Differs(String),
}

async fn replayed(client: &Client, exchange: &Exchange) -> Verdict {
    let player = Player::start(client, exchange.is_early()).await;
    let heard = player.replay(exchange).await;
    player.emulator.stop().await;
    let Some(difference) = compare::difference(exchange, &heard) else {
        return Verdict::Alike;
    };
    match exceptions::reason(exchange, &difference) {
        Some(reason) => Verdict::Excepted(reason),
        None => Verdict::Differs(format!(
            "{}: {} {}\n    {difference}",
            exchange.test,
            exchange.method,
            exchange.target()
        )),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_exchanges_are_answered_alike() {
    let Some(file) = super::harness::reference("wire.jsonl") else {
        println!("no recordings beside the project: nothing replayed");
        return;
    };
    let recorded = String::from_utf8(std::fs::read(&file).expect("a file")).expect("text");
    let exchanges: Vec<Exchange> = recorded
        .lines()
        .map(|line| serde_json::from_str(line).expect("an exchange"))
        .filter(Exchange::concerns_us)
        .collect();
    let client = Client::builder().no_proxy().build().expect("a client");
    let replays = exchanges.iter().map(|exchange| replayed(&client, exchange));
    let verdicts: Vec<Verdict> = futures::stream::iter(replays)
        .buffer_unordered(4)
        .collect()
        .await;
    let (mut alike, mut excepted, mut differences) = (0, BTreeMap::new(), Vec::new());
    for verdict in verdicts {
        match verdict {
            Verdict::Alike => alike += 1,
            Verdict::Excepted(reason) => *excepted.entry(reason).or_insert(0) += 1,
            Verdict::Differs(difference) => differences.push(difference),
        }
    }
    println!("{alike} recorded exchanges answered alike, excepted: {excepted:?}");
    assert!(
        differences.is_empty(),
        "{} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(alike > 250, "only {alike} exchanges were compared");
}
