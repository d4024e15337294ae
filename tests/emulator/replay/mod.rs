//! Recorded traffic of the real service, played to the emulator where the recordings lie beside the
//! project.

mod compare;
mod prepare;

use std::collections::BTreeMap;
use std::path::Path;

use apicenter::emulator::{Emulator, EmulatorOptions};
use futures::StreamExt as _;
use reqwest::{Client, Method};
use serde_json::Value;

use super::harness::Heard;

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

    /// Whether it is about something this emulator has.
    fn concerns_us(&self) -> bool {
        const OTHERS: [&str; 7] = [
            "/analyzerConfigs",
            "/apiSources",
            "/importFromApim",
            "/importApiSource",
            "/portals",
            "Microsoft.ApiManagement",
            "Microsoft.Authorization",
        ];
        let path = self.path();
        path.contains("/Microsoft.ApiCenter/services")
            && !OTHERS.iter().any(|other| path.contains(other))
            && (path.contains("/definitions/") || !path.contains("/operationResults/"))
    }
}

/// Plays exchanges of one recorded test.
struct Player {
    emulator: Emulator,
    client: Client,
}

impl Player {
    async fn start(client: &Client) -> Self {
        let options = EmulatorOptions {
            seed_sample: false,
            limits: false,
            ..EmulatorOptions::default()
        };
        let emulator = Emulator::start(options).await.expect("the emulator starts");
        Self {
            emulator,
            client: client.clone(),
        }
    }

    async fn send(&self, method: &str, target: &str, body: Option<&Value>) -> Heard {
        let method: Method = method.parse().expect("a method");
        let url = format!("{}{target}", self.emulator.url());
        let mut request = self.client.request(method, url).bearer_auth("token");
        if let Some(body) = body {
            request = request.json(body);
        }
        Heard::read(request.send().await.expect("an answer")).await
    }
}

enum Verdict {
    Alike,
    Excepted(&'static str),
    Differs(String),
}

async fn replayed(client: &Client, test: &str, exchanges: Vec<&Exchange>) -> Vec<Verdict> {
    let player = Player::start(client).await;
    let mut verdicts = Vec::new();
    for exchange in exchanges {
        let heard = player.replay(exchange).await;
        let verdict = match (
            compare::difference(exchange, &heard),
            compare::exception(exchange),
        ) {
            (None, _) => Verdict::Alike,
            (Some(_), Some(reason)) => Verdict::Excepted(reason),
            (Some(difference), None) => Verdict::Differs(format!(
                "{test}: {} {}\n    {difference}",
                exchange.method,
                exchange.target()
            )),
        };
        verdicts.push(verdict);
    }
    player.emulator.stop().await;
    verdicts
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_exchanges_are_answered_alike() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/arm/wire.jsonl");
    let Ok(recorded) = std::fs::read(&file) else {
        println!("no recordings at {}: nothing replayed", file.display());
        return;
    };
    let recorded = String::from_utf8(recorded).expect("text");
    let exchanges: Vec<Exchange> = recorded
        .lines()
        .map(|line| serde_json::from_str(line).expect("an exchange"))
        .filter(Exchange::concerns_us)
        .collect();
    let mut tests: BTreeMap<&str, Vec<&Exchange>> = BTreeMap::new();
    for exchange in &exchanges {
        tests.entry(&exchange.test).or_default().push(exchange);
    }
    let client = Client::builder().no_proxy().build().expect("a client");
    let replays = tests
        .into_iter()
        .map(|(test, exchanges)| replayed(&client, test, exchanges));
    let verdicts: Vec<Verdict> = futures::stream::iter(replays)
        .buffer_unordered(4)
        .concat()
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
    assert!(alike > 150, "only {alike} exchanges were compared");
}
