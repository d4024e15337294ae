//! What is particular to a protocol, at each level.

use std::collections::BTreeSet;

use serde_json::Value;

use super::view::Api;
use crate::document::breaking::findings::{Entry, Findings, code, plain};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::resolve;

/// Objects within one another that are looked into, at most.
const DEEPEST: usize = 4;

/// Fields whose values are schemas of what callers choose.
const CHOSEN: [&str; 5] = [
    "query",
    "groupId",
    "clientId",
    "correlationData",
    "responseTopic",
];

/// Fields whose values are schemas of what is in a message.
const WITHIN: [&str; 2] = ["headers", "key"];

/// Fields that say how the broker works, not where messages go: a change of them may go unnoticed.
const TUNING: [&str; 52] = [
    "ack",
    "autoDelete",
    "backoffFunction",
    "cleanup.policy",
    "cleanSession",
    "compaction",
    "deadLetterQueue",
    "deduplication",
    "deduplicationScope",
    "delete.retention.ms",
    "deliveryDelay",
    "deliveryMode",
    "deliveryPolicy",
    "dmqEligible",
    "durable",
    "exclusive",
    "expiration",
    "expiry",
    "fifoThroughputLimit",
    "geo-replication",
    "heartBeatInterval",
    "keepAlive",
    "labels",
    "lastMsgRetained",
    "lastWill",
    "mandatory",
    "max.message.bytes",
    "maximumPacketSize",
    "maxMsgLength",
    "maxMsgSpoolUsage",
    "maxReceiveCount",
    "maxReceivesPerSecond",
    "maxTtl",
    "messageExpiryInterval",
    "messageRetentionDuration",
    "messageRetentionPeriod",
    "messageStoragePolicy",
    "numRetries",
    "partitions",
    "persistence",
    "policy",
    "priority",
    "qos",
    "receiveMessageWaitTime",
    "redrivePolicy",
    "replicas",
    "retain",
    "retention",
    "retention.bytes",
    "retention.ms",
    "ttl",
    "visibilityTimeout",
];

/// What has the bindings.
pub(super) struct Level<'p> {
    pub(super) place: &'p str,
    /// What comes before `binding` in words.
    pub(super) part: String,
    pub(super) direction: Direction,
    pub(super) number: usize,
}

/// Two bindings of one protocol.
struct Binding<'p, 'a> {
    level: &'p Level<'p>,
    protocol: &'a str,
}

pub(super) fn compare<'a>(
    level: &Level<'_>,
    (before, after): (Option<&'a Value>, Option<&'a Value>),
    apis: (&Api<'a>, &Api<'a>),
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let read = |api: &Api<'a>, value: Option<&'a Value>| value.and_then(|value| api.resolve(value));
    let (was, now) = (read(apis.0, before), read(apis.1, after));
    let names: BTreeSet<&str> = [was, now]
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|map| map.keys().map(String::as_str))
        .filter(|name| !name.starts_with("x-"))
        .collect();
    for protocol in names {
        let of = |side: Option<&'a Value>, root| {
            side.and_then(|side| resolve(root, side.get(protocol)?))
        };
        let pair = (of(was, apis.0.root), of(now, apis.1.root));
        let binding = Binding { level, protocol };
        match pair {
            (Some(was), Some(now)) => binding.fields("", (was, now), schemas, findings, 0),
            (None, Some(now)) if says_nothing(now) => {}
            (Some(was), None) if says_nothing(was) => {}
            (was, now) => {
                let word = if now.is_none() { "removed" } else { "added" };
                let words = format!("{}binding {} {word}", level.part, code(protocol));
                let entry = Entry::caution("binding-changed", words);
                findings.add(level.place, entry.at(was.or(before), now.or(after)));
            }
        }
    }
}

fn says_nothing(value: &Value) -> bool {
    let mut keys = value.as_object().into_iter().flat_map(|map| map.keys());
    keys.all(|key| key == "bindingVersion" || key.starts_with("x-"))
}

impl<'a> Binding<'_, 'a> {
    fn fields(
        &self,
        path: &str,
        (was, now): (&'a Value, &'a Value),
        schemas: &mut Schemas<'a>,
        findings: &mut Findings,
        depth: usize,
    ) {
        let keys: BTreeSet<&str> = entries_of(was).chain(entries_of(now)).collect();
        for key in keys {
            let pair = (was.get(key), now.get(key));
            if pair.0 == pair.1 {
                continue;
            }
            let path = if path.is_empty() {
                key.to_owned()
            } else {
                format!("{path}.{key}")
            };
            if let Some(direction) = self.schema_direction(key, pair) {
                self.schemas(&path, direction, pair, schemas, findings);
                continue;
            }
            match pair {
                (Some(one @ Value::Object(_)), Some(other @ Value::Object(_)))
                    if depth < DEEPEST =>
                {
                    self.fields(&path, (one, other), schemas, findings, depth + 1);
                }
                _ => self.changed(&path, key, pair, (was, now), findings),
            }
        }
    }

    /// Which way values of the field go, if the field is a schema.
    fn schema_direction(
        &self,
        key: &str,
        pair: (Option<&Value>, Option<&Value>),
    ) -> Option<Direction> {
        let is_schema = [pair.0, pair.1].into_iter().flatten().all(Value::is_object);
        match key {
            _ if !is_schema => None,
            key if CHOSEN.contains(&key) => Some(Direction::Request),
            key if WITHIN.contains(&key) => Some(self.level.direction),
            _ => None,
        }
    }

    fn schemas(
        &self,
        path: &str,
        direction: Direction,
        (was, now): (Option<&'a Value>, Option<&'a Value>),
        schemas: &mut Schemas<'a>,
        findings: &mut Findings,
    ) {
        static ANYTHING: Value = Value::Bool(true);
        let part = format!(
            "{}binding {}: {}",
            self.level.part,
            code(self.protocol),
            plain(path)
        );
        let location = SchemaLocation {
            place: self.level.place,
            part: &part,
            direction,
            operation: self.level.number,
            is_spelled: false,
        };
        schemas.compare(
            findings,
            location,
            was.unwrap_or(&ANYTHING),
            now.unwrap_or(&ANYTHING),
        );
    }

    fn changed(
        &self,
        path: &str,
        key: &str,
        (was, now): (Option<&'a Value>, Option<&'a Value>),
        around: (&'a Value, &'a Value),
        findings: &mut Findings,
    ) {
        let shown = |value: &Value| match value {
            Value::String(text) => code(text),
            other => code(&other.to_string()),
        };
        let what = format!(
            "{}binding {}: {}",
            self.level.part,
            code(self.protocol),
            code(path)
        );
        let words = match (was, now) {
            (Some(was), Some(now)) => {
                format!("{what} is {} now, and was {}", shown(now), shown(was))
            }
            (None, Some(now)) => format!("{what} is {} now, and was not stated", shown(now)),
            (Some(was), None) => format!("{what} is no longer stated; it was {}", shown(was)),
            (None, None) => return,
        };
        let is_stated = was.is_some() && now.is_some();
        let entry = if is_stated && !TUNING.contains(&key) {
            Entry::new("binding-changed", words)
        } else {
            Entry::caution("binding-changed", words)
        };
        findings.add(
            self.level.place,
            entry.at(was.or(Some(around.0)), now.or(Some(around.1))),
        );
    }
}

/// The fields of a binding that mean something.
fn entries_of(value: &Value) -> impl Iterator<Item = &str> {
    let keys = value.as_object().into_iter().flat_map(|map| map.keys());
    keys.map(String::as_str)
        .filter(|key| *key != "bindingVersion" && !key.starts_with("x-"))
}
