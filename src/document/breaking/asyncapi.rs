//! AsyncAPI 2.x and 3.x, each against its own kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::findings::{Findings, code, plain};
use super::inclusion::Direction;
use super::location::SchemaLocation;
use super::schema::Schemas;
use super::tree::{entries, items, nameless, reference, resolve, text};

pub(super) fn is_asyncapi(root: &Value) -> bool {
    root.get("asyncapi").is_some()
}

pub(super) fn compare(before: &Value, after: &Value, findings: &mut Findings) {
    if version(before) != version(after) {
        return;
    }
    let mut schemas = Schemas::new(before, after);
    let (was, now) = (channels(before), channels(after));
    for (number, (address, channel)) in was.iter().enumerate() {
        let place = format!("channel {}", plain(channel.name));
        let same = |other: &&Channel<'_>| other.name == channel.name;
        let Some(other) = now.get(address).or_else(|| now.values().find(same)) else {
            findings.breaks(&place, "channel removed");
            continue;
        };
        if nameless(channel.address) != nameless(other.address) {
            let words = format!(
                "the address is {} now, and was {}",
                code(other.address),
                code(channel.address)
            );
            findings.breaks(&place, words);
        }
        for (use_, messages) in &channel.uses {
            let Some(others) = other.uses.get(use_) else {
                if let Use::Inline(word) = use_ {
                    findings.breaks(&place, format!("operation {} removed", code(word)));
                }
                continue;
            };
            let location = SchemaLocation {
                place: &place,
                part: "",
                direction: use_.direction(),
                operation: number,
                is_spelled: false,
            };
            compare_messages(&mut schemas, findings, location, messages, others);
        }
        gone(findings, &place, &channel.messages, &other.messages);
    }
    for (name, operation) in entries(before, "operations") {
        let place = format!("operation {}", plain(name));
        let other = after.get("operations").and_then(|all| all.get(name));
        let Some(other) = other else {
            findings.breaks(&place, "operation removed");
            continue;
        };
        let action = |operation| text(operation, "action").unwrap_or_default();
        if action(operation) != action(other) {
            let (was, now) = (code(action(operation)), code(action(other)));
            findings.breaks(&place, format!("the action is {now} now, and was {was}"));
        }
    }
}

fn version(root: &Value) -> Option<&str> {
    text(root, "asyncapi")?.split('.').next()
}

type Messages<'a> = BTreeMap<String, &'a Value>;

/// Who uses a channel, and how.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// The key of the operation within the channel, as version 2 has it.
    Inline(&'static str),
    /// An operation of version 3 that sends to callers, or receives from them.
    Action(Direction),
}

impl Use {
    fn direction(self) -> Direction {
        match self {
            // In version 2, callers publish what the described program subscribes to, and so on.
            Self::Inline("publish") => Direction::Request,
            Self::Inline(_) => Direction::Response,
            Self::Action(direction) => direction,
        }
    }
}

struct Channel<'a> {
    name: &'a str,
    address: &'a str,
    uses: BTreeMap<Use, Messages<'a>>,
    /// The messages of the channel itself.
    messages: Messages<'a>,
}

/// The channels by their addresses.
fn channels(root: &Value) -> BTreeMap<String, Channel<'_>> {
    let actions = actions(root);
    let channel = |(name, value)| {
        let value = resolve(root, value)?;
        let address = text(value, "address").unwrap_or(name);
        let mut uses = BTreeMap::new();
        for key in ["publish", "subscribe"] {
            if let Some(operation) = value.get(key) {
                uses.insert(Use::Inline(key), messages_of(root, operation));
            }
        }
        let messages: Messages<'_> = entries(value, "messages")
            .filter_map(|(name, message)| Some((name.to_owned(), resolve(root, message)?)))
            .collect();
        for direction in [Direction::Request, Direction::Response] {
            if actions.contains(&(std::ptr::from_ref(value).addr(), direction)) {
                uses.insert(Use::Action(direction), messages.clone());
            }
        }
        let channel = Channel {
            name,
            address,
            uses,
            messages,
        };
        Some((nameless(address), channel))
    };
    entries(root, "channels").filter_map(channel).collect()
}

/// In which directions the channels of version 3 are used.
fn actions(root: &Value) -> BTreeSet<(usize, Direction)> {
    entries(root, "operations")
        .filter_map(|(_, operation)| {
            let channel = resolve(root, operation.get("channel")?)?;
            let direction = match text(operation, "action")? {
                "receive" => Direction::Request,
                "send" => Direction::Response,
                _ => return None,
            };
            Some((std::ptr::from_ref(channel).addr(), direction))
        })
        .collect()
}

/// The messages of an operation of version 2, by their names.
fn messages_of<'a>(root: &'a Value, operation: &'a Value) -> Messages<'a> {
    let Some(message) = operation.get("message") else {
        return Messages::new();
    };
    let several: Vec<&Value> = items(message, "oneOf").collect();
    if several.is_empty() {
        let only = resolve(root, message);
        return only.map(|only| (String::new(), only)).into_iter().collect();
    }
    several
        .into_iter()
        .enumerate()
        .filter_map(|(i, message)| {
            let target = resolve(root, message)?;
            let own = text(target, "messageId").or_else(|| text(target, "name"));
            let last = reference(message).and_then(|reference| reference.rsplit('/').next());
            let name = last
                .or(own)
                .map_or_else(|| (i + 1).to_string(), str::to_owned);
            Some((name, target))
        })
        .collect()
}

fn gone(findings: &mut Findings, place: &str, was: &Messages<'_>, now: &Messages<'_>) {
    for name in was.keys().filter(|name| !now.contains_key(*name)) {
        findings.breaks(place, format!("message {} removed", code(name)));
    }
}

fn compare_messages<'a>(
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
    location: SchemaLocation<'_>,
    was: &Messages<'a>,
    now: &Messages<'a>,
) {
    let single = |messages: &Messages<'_>| messages.contains_key("");
    if single(was) != single(now) {
        return;
    }
    gone(findings, location.place, was, now);
    for (name, message) in was {
        let Some(other) = now.get(name) else { continue };
        let what = match name.as_str() {
            "" => "message".to_owned(),
            name => format!("message {}", code(name)),
        };
        if let (Some(before), Some(after)) = (payload(message), payload(other)) {
            let location = SchemaLocation {
                part: &what,
                ..location
            };
            schemas.compare(findings, location, before, after);
        }
    }
}

/// The payload's schema, if it is a JSON Schema.
fn payload(message: &Value) -> Option<&Value> {
    let payload = message.get("payload")?;
    let (schema, format) = match (payload.get("schema"), text(payload, "schemaFormat")) {
        (Some(schema), Some(format)) => (schema, Some(format)),
        _ => (payload, text(message, "schemaFormat")),
    };
    let is_json = |format: &str| format.contains("asyncapi") || format.contains("schema+");
    format.is_none_or(is_json).then_some(schema)
}
