//! The replies to the messages of operations, which travel the other way.

use serde_json::Value;

use super::message::Sides;
use super::messages;
use super::view::{Api, Message, Operation};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::text;

/// Where the reply to a message goes, and what it is.
struct Reply<'a> {
    value: &'a Value,
    /// Where the message says where the reply goes.
    location: Option<&'a str>,
    channel: Option<usize>,
    messages: Vec<Message<'a>>,
}

impl<'a> Reply<'a> {
    fn of(api: &Api<'a>, operation: &Operation<'a>) -> Option<Self> {
        let value = api.resolve(operation.value.get("reply")?)?;
        let address = value
            .get("address")
            .and_then(|address| api.resolve(address));
        let channel = value
            .get("channel")
            .and_then(|channel| api.channel_of(channel));
        Some(Self {
            value,
            location: address.and_then(|address| text(address, "location")),
            channel,
            messages: api.messages_for(value, channel),
        })
    }
}

/// The channel of the reply to what an operation sends or receives.
pub(super) fn channel_of<'a>(api: &Api<'a>, operation: &Operation<'a>) -> Option<usize> {
    api.channel_of(api.resolve(operation.value.get("reply")?)?.get("channel")?)
}

/// Whether the reply is a reference that leads nowhere.
fn is_unread<'a>(api: &Api<'a>, operation: &Operation<'a>) -> bool {
    let stated = operation.value.get("reply");
    stated.is_some_and(|stated| api.resolve(stated).is_none())
}

pub(super) fn compare<'a>(
    sides: &Sides<'_, 'a>,
    (before, after): (&Operation<'a>, &Operation<'a>),
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let direction = match sides.direction {
        Direction::Request => Direction::Response,
        Direction::Response => Direction::Request,
    };
    if is_unread(sides.apis.0, before) || is_unread(sides.apis.1, after) {
        return;
    }
    let place = format!("{}: reply", sides.place);
    let replies = (
        Reply::of(sides.apis.0, before),
        Reply::of(sides.apis.1, after),
    );
    let is_expected = direction == Direction::Response;
    let (was, now) = match replies {
        (Some(was), Some(now)) => (was, now),
        (Some(was), None) => {
            let entry = if is_expected {
                Entry::new("reply-removed", "reply removed")
            } else {
                Entry::caution("reply-removed", "the application expects no reply now")
            };
            let entry = entry.at(Some(was.value), Some(after.value));
            findings.add(sides.place, entry.towards(direction));
            return;
        }
        (None, Some(now)) if !is_expected => {
            let entry = Entry::new("reply-changed", "the application expects a reply now");
            let entry = entry.at(Some(before.value), Some(now.value));
            findings.add(sides.place, entry.towards(direction));
            return;
        }
        _ => return,
    };
    for words in moved(sides, &was, &now) {
        let entry = Entry::new("reply-changed", words);
        let entry = entry.at(Some(was.value), Some(now.value));
        findings.add(sides.place, entry.towards(direction));
    }
    let sides = Sides {
        place: &place,
        direction,
        ..*sides
    };
    messages::compare(&sides, (&was.messages, &now.messages), schemas, findings);
}

/// Other ways that a reply goes.
fn moved(sides: &Sides<'_, '_>, was: &Reply<'_>, now: &Reply<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(was) = was.location.filter(|was| now.location != Some(*was)) {
        all.push(match now.location {
            Some(now) => format!(
                "the address of the reply is at {} now, and was at {}",
                code(now),
                code(was)
            ),
            None => format!(
                "the address of the reply is no longer taken from {}",
                code(was)
            ),
        });
    }
    let channel = |api: &'_ Api<'_>, reply: &Reply<'_>| {
        let channel = reply
            .channel
            .and_then(|channel| api.channels.get(channel))?;
        Some((channel.name.to_owned(), channel.address.map(str::to_owned)))
    };
    let (one, other) = (channel(sides.apis.0, was), channel(sides.apis.1, now));
    if let (Some(one), Some(other)) = (&one, &other) {
        let pair = was.channel.and_then(|channel| sides.channels[channel]);
        let is_same = pair == now.channel;
        if !is_same {
            all.push(format!(
                "the channel of the reply is {} now, and was {}",
                code(&other.0),
                code(&one.0)
            ));
        }
    }
    all
}
