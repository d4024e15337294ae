//! One view on AsyncAPI 2.x and 3.x.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::traits::{Fields, Traits, is_old};
use crate::document::breaking::findings::line;
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::tree::{address, entries, items, reference, resolve, text};

/// A whole document.
pub(super) struct Api<'a> {
    pub(super) root: &'a Value,
    /// Whether it is of version 2.
    pub(super) is_old: bool,
    pub(super) channels: Vec<Channel<'a>>,
    pub(super) operations: Vec<Operation<'a>>,
    /// Operations of version 3 whose references lead nowhere.
    pub(super) unread_operations: BTreeSet<&'a str>,
    /// Channels by their names, and by the addresses of their values.
    by_name: HashMap<&'a str, usize>,
    by_address: HashMap<usize, usize>,
    traits: &'a Traits,
}

/// Where messages go.
pub(super) struct Channel<'a> {
    pub(super) name: &'a str,
    /// `None` if it is only known when the application runs.
    pub(super) address: Option<&'a str>,
    pub(super) value: &'a Value,
    /// Whether it is a reference that leads nowhere.
    pub(super) is_unread: bool,
}

/// What the application does with a channel.
pub(super) struct Operation<'a> {
    /// `publish orders`, `operation placed`
    pub(super) place: String,
    pub(super) name: Option<&'a str>,
    /// Whether callers send the messages, or receive them.
    pub(super) direction: Direction,
    /// The channel, by its number.
    pub(super) channel: Option<usize>,
    pub(super) value: &'a Value,
    pub(super) fields: Fields<'a>,
    pub(super) messages: Vec<Message<'a>>,
}

/// One sort of message.
pub(super) struct Message<'a> {
    /// Its names, the one by which it is known first.
    pub(super) names: Vec<&'a str>,
    pub(super) value: &'a Value,
    pub(super) fields: Fields<'a>,
    /// Whether it is a reference that leads nowhere.
    pub(super) is_unread: bool,
}

impl<'a> Api<'a> {
    pub(super) fn new(root: &'a Value, traits: &'a Traits) -> Self {
        let is_old = is_old(root);
        let channels = entries(root, "channels").map(|(name, stated)| {
            let target = resolve(root, stated);
            let value = target.unwrap_or(stated);
            let address = if is_old {
                Some(name)
            } else {
                text(value, "address")
            };
            Channel {
                name,
                address,
                value,
                is_unread: target.is_none(),
            }
        });
        let mut api = Self {
            root,
            is_old,
            channels: channels.collect(),
            operations: Vec::new(),
            unread_operations: BTreeSet::new(),
            by_name: HashMap::new(),
            by_address: HashMap::new(),
            traits,
        };
        for (number, channel) in api.channels.iter().enumerate() {
            api.by_name.insert(channel.name, number);
            let known = api.by_address.entry(address(channel.value));
            known.or_insert(number);
        }
        if !is_old {
            api.unread_operations = entries(root, "operations")
                .filter(|(_, value)| resolve(root, value).is_none())
                .map(|(name, _)| name)
                .collect();
        }
        api.operations = if is_old {
            api.inline_operations()
        } else {
            api.named_operations()
        };
        api
    }

    pub(super) fn resolve(&self, value: &'a Value) -> Option<&'a Value> {
        resolve(self.root, value)
    }

    /// The channel that a reference leads to, by its number.
    pub(super) fn channel_of(&self, value: &'a Value) -> Option<usize> {
        // Several channels may refer to one in the components.
        let named = reference(value)
            .and_then(|reference| reference.strip_prefix("#/channels/"))
            .and_then(|name| self.by_name.get(name));
        let referred = || self.by_address.get(&address(self.resolve(value)?));
        named.or_else(referred).copied()
    }

    /// The messages of a channel of version 3.
    pub(super) fn messages_of(&self, channel: usize) -> Vec<Message<'a>> {
        let channel = self.channels.get(channel).map(|channel| channel.value);
        let messages = channel
            .into_iter()
            .flat_map(|channel| entries(channel, "messages"));
        messages
            .map(|(name, message)| self.message(Some(name), message))
            .collect()
    }

    /// The messages that an operation or a reply names, or all of its channel.
    pub(super) fn messages_for(
        &self,
        value: &'a Value,
        channel: Option<usize>,
    ) -> Vec<Message<'a>> {
        if value.get("messages").is_none() {
            return channel.map_or_else(Vec::new, |channel| self.messages_of(channel));
        }
        items(value, "messages")
            .map(|message| self.message(None, message))
            .collect()
    }

    fn message(&self, key: Option<&'a str>, message: &'a Value) -> Message<'a> {
        let target = self.resolve(message);
        let value = target.unwrap_or(message);
        let fields = self.traits.fields(self.root, value);
        let last = reference(message).and_then(|reference| reference.rsplit('/').next());
        let word = |key: &str| fields.get(key).and_then(|value| value.as_str());
        let names = [key, word("messageId"), word("name"), last];
        let mut names: Vec<&str> = names.into_iter().flatten().collect();
        if key.is_none() && self.is_old {
            // The name in the components is the one that is never absent.
            names.sort_by_key(|name| Some(*name) != last);
        }
        Message {
            names,
            value,
            fields,
            is_unread: target.is_none(),
        }
    }

    /// The operations of version 2, which are named for what callers do.
    fn inline_operations(&self) -> Vec<Operation<'a>> {
        let mut found = Vec::new();
        for (number, channel) in self.channels.iter().enumerate() {
            for (key, direction) in [
                ("publish", Direction::Request),
                ("subscribe", Direction::Response),
            ] {
                let Some(value) = channel.value.get(key) else {
                    continue;
                };
                let message = value.get("message");
                let several = message.filter(|message| message.get("oneOf").is_some());
                let messages = match several {
                    Some(several) => items(several, "oneOf")
                        .map(|message| self.message(None, message))
                        .collect(),
                    None => message
                        .map(|message| self.message(None, message))
                        .into_iter()
                        .collect(),
                };
                found.push(Operation {
                    place: format!("{key} {}", line(channel.name)),
                    name: text(value, "operationId"),
                    direction,
                    channel: Some(number),
                    value,
                    fields: self.traits.fields(self.root, value),
                    messages,
                });
            }
        }
        found
    }

    fn named_operations(&self) -> Vec<Operation<'a>> {
        let operation = |(name, value): (&'a str, &'a Value)| {
            let value = self.resolve(value)?;
            let direction = match text(value, "action")? {
                "receive" => Direction::Request,
                "send" => Direction::Response,
                _ => return None,
            };
            let channel = value
                .get("channel")
                .and_then(|channel| self.channel_of(channel));
            Some(Operation {
                place: format!("operation {}", line(name)),
                name: Some(name),
                direction,
                channel,
                value,
                fields: self.traits.fields(self.root, value),
                messages: self.messages_for(value, channel),
            })
        };
        entries(self.root, "operations")
            .filter_map(operation)
            .collect()
    }
}
