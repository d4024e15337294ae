//! Where the channels are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bindings::{self, Level};
use super::security;
use super::view::{Api, Channel};
use crate::document::breaking::findings::{Entry, Findings, code, line};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::server_addresses::expanded;
use crate::document::breaking::tree::{entries, items, nameless, reference, text};

/// A broker, or whatever else takes and sends the messages.
struct Server<'a> {
    value: &'a Value,
    /// Without a protocol and the names of variables.
    addresses: BTreeSet<String>,
    protocol: String,
}

type Servers<'a> = BTreeMap<&'a str, Server<'a>>;

fn servers<'a>(api: &Api<'a>) -> Servers<'a> {
    let server = |(name, value): (&'a str, &'a Value)| {
        let value = api.resolve(value)?;
        let word = |key| text(value, key).unwrap_or_default();
        let url = if api.is_old {
            word("url").to_owned()
        } else {
            let path = word("pathname");
            let slash = if path.is_empty() || path.starts_with('/') {
                ""
            } else {
                "/"
            };
            format!("{}{slash}{path}", word("host"))
        };
        let url = url.split_once("://").map_or(&*url, |(_, rest)| rest);
        let addresses = expanded(url, value);
        let server = Server {
            value,
            addresses: addresses.iter().map(|address| nameless(address)).collect(),
            protocol: word("protocol").to_ascii_lowercase(),
        };
        Some((name, server))
    };
    entries(api.root, "servers").filter_map(server).collect()
}

pub(super) fn compare<'a>(
    before: &Api<'a>,
    after: &Api<'a>,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let (was, now) = (servers(before), servers(after));
    for (number, (name, server)) in was.iter().enumerate() {
        let place = format!("server {}", line(name));
        let elsewhere = || {
            now.values().find(|other| {
                other.protocol == server.protocol && !other.addresses.is_disjoint(&server.addresses)
            })
        };
        let Some(other) = now.get(name).or_else(elsewhere) else {
            let entry = Entry::caution("server-removed", "server removed");
            findings.add(&place, entry.at(Some(server.value), None));
            continue;
        };
        let mut add = |entry: Entry<'a>| {
            findings.add(&place, entry.at(Some(server.value), Some(other.value)));
        };
        // An address is listed if any server has it.
        let is_listed = |address: &&String| {
            now.values().any(|other| {
                other.protocol == server.protocol && other.addresses.contains(*address)
            })
        };
        let is_moved = server.protocol == other.protocol;
        for address in server
            .addresses
            .iter()
            .filter(|address| is_moved && !is_listed(address))
        {
            let words = format!("the address {} is no longer listed", code(address));
            add(Entry::caution("server-removed", words));
        }
        protocols(server, other).into_iter().for_each(&mut add);
        let sides = (before, after);
        let stated = (server.value.get("security"), other.value.get("security"));
        security::compare(&place, stated, sides, (server.value, other.value), findings);
        let level = Level {
            place: &place,
            part: String::new(),
            direction: Direction::Request,
            number: usize::MAX / 2 - number,
        };
        let bound = (server.value.get("bindings"), other.value.get("bindings"));
        bindings::compare(&level, bound, sides, schemas, findings);
    }
}

fn protocols<'a>(before: &Server<'a>, after: &Server<'a>) -> Option<Entry<'a>> {
    if before.protocol != after.protocol {
        let words = format!(
            "the protocol is {} now, and was {}",
            code(&after.protocol),
            code(&before.protocol)
        );
        return Some(Entry::new("server-protocol", words));
    }
    let version = |server: &Server<'a>| match server.value.get("protocolVersion") {
        Some(Value::String(version)) => Some(version.clone()),
        Some(other) => Some(other.to_string()),
        None => None,
    };
    let (was, now) = (version(before)?, version(after)?);
    (was != now).then(|| {
        let words = format!(
            "the version of the protocol is {} now, and was {}",
            code(&now),
            code(&was)
        );
        Entry::caution("server-protocol", words)
    })
}

/// Whether a channel is on fewer of the servers that remain.
pub(super) fn of_channel<'a>(
    place: &str,
    (before, after): (&Channel<'a>, &Channel<'a>),
    (one, other): (&Api<'a>, &Api<'a>),
    findings: &mut Findings,
) {
    let now = listed(after);
    if now.is_empty() {
        return;
    }
    let mut was = listed(before);
    if was.is_empty() {
        was = entries(one.root, "servers").map(|(name, _)| name).collect();
    }
    let remains = |name: &str| entries(other.root, "servers").any(|(other, _)| other == name);
    for name in was
        .into_iter()
        .filter(|name| !now.contains(name) && remains(name))
    {
        let words = format!("the channel is no longer on the server {}", code(name));
        let entry = Entry::caution("server-removed", words);
        findings.add(place, entry.at(Some(before.value), Some(after.value)));
    }
}

/// The names of the servers that a channel lists.
fn listed<'a>(channel: &Channel<'a>) -> Vec<&'a str> {
    items(channel.value, "servers")
        .filter_map(|server| {
            let referred = reference(server).and_then(|reference| reference.rsplit('/').next());
            referred.or(server.as_str())
        })
        .collect()
}
