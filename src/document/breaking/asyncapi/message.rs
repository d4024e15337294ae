//! One message, before and after.

use serde_json::Value;

use super::bindings::{self, Level};
use super::payloads::{Payload, Schemed};
use super::view::{Api, Message};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::media_type::media_type;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::text;

/// Where messages are compared.
#[derive(Clone, Copy)]
pub(super) struct Sides<'p, 'a> {
    pub(super) place: &'p str,
    /// The number of the operation.
    pub(super) number: usize,
    /// Whether callers send the messages, or receive them.
    pub(super) direction: Direction,
    pub(super) apis: (&'p Api<'a>, &'p Api<'a>),
    /// The channels that those of the old document are now.
    pub(super) channels: &'p [Option<usize>],
}

/// What a message is called in findings: `message`, and its name if it has one.
pub(super) fn label(message: &Message<'_>) -> String {
    match message.names.first() {
        Some(name) => format!("message {}", code(name)),
        None => "message".to_owned(),
    }
}

/// One message before and after.
pub(super) fn one<'a>(
    sides: &Sides<'_, 'a>,
    (before, after): (&Message<'a>, &Message<'a>),
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    // What references cannot lead to is reported once for the document.
    if before.is_unread || after.is_unread {
        return;
    }
    let label = label(before);
    let headers = format!("headers of {label}");
    for (key, part) in [("payload", &label), ("headers", &headers)] {
        let payloads = (
            Payload::of(sides.apis.0, before, key),
            Payload::of(sides.apis.1, after, key),
        );
        let location = SchemaLocation {
            place: sides.place,
            part,
            direction: sides.direction,
            operation: sides.number,
            is_spelled: false,
        };
        Schemed {
            location,
            values: (before.value, after.value),
        }
        .compare(payloads, schemas, findings);
    }
    let both = Both {
        sides,
        label: &label,
        messages: (before, after),
    };
    for entry in both.content_type().into_iter().chain(both.correlation()) {
        let entry = entry.at(Some(before.value), Some(after.value));
        findings.add(sides.place, entry.towards(sides.direction));
    }
    let level = Level {
        place: sides.place,
        part: format!("{label}: "),
        direction: sides.direction,
        number: sides.number,
    };
    let bound = |message: &Message<'a>| message.fields.get("bindings").copied();
    bindings::compare(
        &level,
        (bound(before), bound(after)),
        sides.apis,
        schemas,
        findings,
    );
}

/// One message before and after, and what it is called.
struct Both<'p, 'a> {
    sides: &'p Sides<'p, 'a>,
    label: &'p str,
    messages: (&'p Message<'a>, &'p Message<'a>),
}

impl<'a> Both<'_, 'a> {
    /// Something that both say, or only one of them.
    fn of<T>(&self, read: impl Fn(&Api<'a>, &Message<'a>) -> Option<T>) -> (Option<T>, Option<T>) {
        let (apis, messages) = (self.sides.apis, self.messages);
        (read(apis.0, messages.0), read(apis.1, messages.1))
    }

    fn content_type(&self) -> Option<Entry<'a>> {
        let (was, now) = self.of(|api, message| {
            let own = message.fields.get("contentType");
            let stated = own.and_then(|own| own.as_str());
            stated
                .or_else(|| text(api.root, "defaultContentType"))
                .map(media_type)
        });
        let (label, was) = (self.label, was?);
        match now {
            Some(now) if now == was => None,
            Some(now) => {
                let words = format!(
                    "{label}: the content type is {} now, and was {}",
                    code(&now),
                    code(&was)
                );
                Some(Entry::new("media-type-removed", words))
            }
            None => {
                let words = format!(
                    "{label}: the content type {} is no longer stated",
                    code(&was)
                );
                Some(Entry::caution("media-type-removed", words))
            }
        }
    }

    fn correlation(&self) -> Option<Entry<'a>> {
        let (was, now) = self.of(|api, message| {
            let stated: &'a Value = message.fields.get("correlationId").copied()?;
            text(api.resolve(stated)?, "location")
        });
        let label = self.label;
        let is_sent = self.sides.direction == Direction::Request;
        let rule = "correlation-id";
        match (was, now) {
            (Some(was), Some(now)) if was != now => {
                let words = format!(
                    "{label}: the correlation id is at {} now, and was at {}",
                    code(now),
                    code(was)
                );
                Some(Entry::new(rule, words))
            }
            (Some(was), None) if !is_sent => {
                let words = format!("{label}: the correlation id at {} removed", code(was));
                Some(Entry::new(rule, words))
            }
            (None, Some(now)) if is_sent => {
                let words = format!(
                    "{label}: has a correlation id at {} now, and had none",
                    code(now)
                );
                Some(Entry::caution(rule, words))
            }
            _ => None,
        }
    }
}
