//! Two whole documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bindings::{self, Level};
use super::message::Sides;
use super::messages;
use super::pairs;
use super::parameters;
use super::replies;
use super::security;
use super::servers;
use super::sums::sums;
use super::traits::Traits;
use super::unread;
use super::view::{Api, Channel, Operation};
use crate::document::breaking::findings::{Entry, Findings, code, line};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::nameless;

pub(crate) fn compare(before: &Value, after: &Value, findings: &mut Findings) {
    let traits = (Traits::of(before), Traits::of(after));
    let (one, other) = (Api::new(before, &traits.0), Api::new(after, &traits.1));
    let mut comparison = Comparison {
        before: &one,
        after: &other,
        schemas: Schemas::new(before, after),
        findings,
        number: 0,
    };
    unread::compare(before, after, comparison.findings);
    servers::compare(&one, &other, &mut comparison.schemas, comparison.findings);
    let channels = pairs::channels(&one.channels, &other.channels);
    comparison.channels(&channels);
    let operations = comparison.operations(&channels);
    comparison.unused(&channels);
    if traits.0.is_cut || traits.1.is_cut {
        let reason = "its traits are too large to compare";
        findings.add("document", Entry::caution("schema-undecided", reason));
    }
    findings.sums = sums(&one, &other, &channels, &operations);
    findings.come_from(&traits.0.origins, &traits.1.origins);
    findings.locate(before, after);
}

struct Comparison<'f, 'a> {
    before: &'f Api<'a>,
    after: &'f Api<'a>,
    schemas: Schemas<'a>,
    findings: &'f mut Findings,
    /// Operations so far.
    number: usize,
}

impl<'a> Comparison<'_, 'a> {
    fn channels(&mut self, pairs: &[Option<usize>]) {
        let mut operations: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for operation in &self.before.operations {
            if let Some(channel) = operation.channel {
                let own = operations.entry(channel).or_default();
                own.push(&operation.place);
            }
        }
        for (number, channel) in self.before.channels.iter().enumerate() {
            let place = format!("channel {}", line(channel.name));
            let Some(pair) = pairs[number] else {
                let own = operations.get(&number).map_or(&[][..], Vec::as_slice);
                self.channel_removed(&place, channel, own);
                continue;
            };
            let other = &self.after.channels[pair];
            if channel.is_unread || other.is_unread {
                continue;
            }
            self.address(&place, channel, other);
            let sides = (self.before, self.after);
            parameters::compare(
                &place,
                (channel, other),
                sides,
                &mut self.schemas,
                self.findings,
            );
            servers::of_channel(&place, (channel, other), sides, self.findings);
            bindings::compare(
                &Level {
                    place: &place,
                    part: String::new(),
                    direction: Direction::Request,
                    number: usize::MAX - number,
                },
                (channel.value.get("bindings"), other.value.get("bindings")),
                sides,
                &mut self.schemas,
                self.findings,
            );
        }
    }

    fn channel_removed(&mut self, place: &str, channel: &Channel<'a>, operations: &[&str]) {
        let places = operations.iter().map(|place| (*place).to_owned());
        let entry = Entry::new("channel-removed", "channel removed").at(Some(channel.value), None);
        let position = self.findings.add(place, entry);
        self.findings.lists(position, places);
    }

    fn address(&mut self, place: &str, before: &Channel<'a>, after: &Channel<'a>) {
        let Some(was) = before.address else {
            return;
        };
        let Some(now) = after.address else {
            let words = format!("the address is no longer stated; it was {}", code(was));
            let entry = Entry::caution("channel-address", words);
            self.findings
                .add(place, entry.at(Some(before.value), Some(after.value)));
            return;
        };
        if nameless(was) != nameless(now) {
            let words = format!("the address is {} now, and was {}", code(now), code(was));
            let entry = Entry::new("channel-address", words);
            self.findings
                .add(place, entry.at(Some(before.value), Some(after.value)));
        }
    }

    /// The messages of channels of which nothing says who sends them.
    fn unused(&mut self, pairs: &[Option<usize>]) {
        let used = (used_channels(self.before), used_channels(self.after));
        let unused: Vec<(usize, usize)> = pairs
            .iter()
            .enumerate()
            .filter_map(|(number, pair)| Some((number, (*pair)?)))
            .filter(|(before, after)| !used.0.contains(before) && !used.1.contains(after))
            .collect();
        if unused.is_empty() {
            return;
        }
        // What is found here must not stand for what is certain elsewhere.
        let mut schemas = Schemas::new(self.before.root, self.after.root);
        let start = self.findings.len();
        for (before, after) in unused {
            let place = format!("channel {}", line(self.before.channels[before].name));
            let messages = (
                self.before.messages_of(before),
                self.after.messages_of(after),
            );
            for direction in [Direction::Request, Direction::Response] {
                self.number += 1;
                let sides = Sides {
                    place: &place,
                    number: self.number,
                    direction,
                    apis: (self.before, self.after),
                    channels: pairs,
                };
                let messages = (&*messages.0, &*messages.1);
                messages::compare(&sides, messages, &mut schemas, self.findings);
            }
        }
        self.findings
            .soften(start, "no operation says who sends it");
    }

    /// Compares the operations, and returns which are the same.
    fn operations(&mut self, channels: &[Option<usize>]) -> Vec<Option<usize>> {
        let is_kept = |operation: &Operation<'a>| {
            operation.channel.is_none_or(|channel| {
                channels[channel].is_some_and(|channel| !self.after.channels[channel].is_unread)
            })
        };
        let all = &self.before.operations;
        let was: Vec<(&Operation<'a>, Option<usize>)> = all
            .iter()
            .filter(|operation| is_kept(operation))
            .map(|operation| {
                (
                    operation,
                    operation.channel.and_then(|channel| channels[channel]),
                )
            })
            .collect();
        let pairs = pairs::operations(&was, &self.after.operations);
        for ((operation, channel), pair) in was.iter().zip(&pairs) {
            let Some(pair) = pair else {
                let is_unread = |name| self.after.unread_operations.contains(name);
                if operation.name.is_some_and(is_unread) {
                    continue;
                }
                let entry = Entry::new("operation-removed", "operation removed");
                self.findings
                    .add(&operation.place, entry.at(Some(operation.value), None));
                continue;
            };
            let other = &self.after.operations[*pair];
            self.operation(operation, (*channel, channels), other);
        }
        pairs
    }

    fn operation(
        &mut self,
        before: &Operation<'a>,
        (channel, channels): (Option<usize>, &[Option<usize>]),
        after: &Operation<'a>,
    ) {
        self.number += 1;
        let place = &before.place;
        let values = (Some(before.value), Some(after.value));
        let moved = self.moved(before, channel, after);
        if let Some(entry) = moved {
            self.findings.add(place, entry.at(values.0, values.1));
        }
        if before.direction != after.direction {
            return;
        }
        let sides = Sides {
            place,
            number: self.number,
            direction: before.direction,
            apis: (self.before, self.after),
            channels,
        };
        security::of_operations(place, (before, after), sides.apis, self.findings);
        let level = Level {
            place,
            part: String::new(),
            direction: before.direction,
            number: self.number,
        };
        let bound = |operation: &Operation<'a>| operation.fields.get("bindings").copied();
        bindings::compare(
            &level,
            (bound(before), bound(after)),
            sides.apis,
            &mut self.schemas,
            self.findings,
        );
        messages::compare(
            &sides,
            (&before.messages, &after.messages),
            &mut self.schemas,
            self.findings,
        );
        self.number += 1;
        let sides = Sides {
            number: self.number,
            ..sides
        };
        replies::compare(&sides, (before, after), &mut self.schemas, self.findings);
    }

    /// Whether an operation has another action, or else another channel.
    fn moved(
        &self,
        before: &Operation<'a>,
        channel: Option<usize>,
        after: &Operation<'a>,
    ) -> Option<Entry<'a>> {
        if before.direction != after.direction {
            let word = |operation: &Operation<'_>, api: &Api<'_>| match (
                api.is_old,
                operation.direction,
            ) {
                (true, Direction::Request) => "publish",
                (true, Direction::Response) => "subscribe",
                (false, Direction::Request) => "receive",
                (false, Direction::Response) => "send",
            };
            let words = format!(
                "the action is {} now, and was {}",
                code(word(after, self.after)),
                code(word(before, self.before))
            );
            return Some(Entry::new("operation-action", words));
        }
        if channel != after.channel {
            let name = |api: &Api<'a>, channel: Option<usize>| {
                let channel = channel.and_then(|channel| api.channels.get(channel));
                channel.map_or_else(|| "elsewhere".to_owned(), |channel| code(channel.name))
            };
            let words = format!(
                "the channel is {} now, and was {}",
                name(self.after, after.channel),
                name(self.before, before.channel)
            );
            return Some(Entry::new("operation-channel", words));
        }
        None
    }
}

/// The channels that operations and their replies use.
fn used_channels(api: &Api<'_>) -> BTreeSet<usize> {
    let mut used = BTreeSet::new();
    for operation in &api.operations {
        used.extend(operation.channel);
        used.extend(replies::channel_of(api, operation));
    }
    used
}
