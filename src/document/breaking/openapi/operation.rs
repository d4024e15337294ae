//! One operation before and after.

use super::contents::Bodies;
use super::view::Operation;
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::text;

/// The same operation in two documents.
pub(super) struct Sides<'p, 'a> {
    /// `GET /orders`
    pub(super) place: &'p str,
    pub(super) number: usize,
    pub(super) before: &'p Operation<'a>,
    pub(super) after: &'p Operation<'a>,
    /// Whether the described service is the one that calls, as with a webhook.
    pub(super) is_reversed: bool,
}

impl<'a> Sides<'_, 'a> {
    /// Which way the request travels, as the readers of the description see it.
    pub(super) fn request(&self) -> Direction {
        if self.is_reversed {
            Direction::Response
        } else {
            Direction::Request
        }
    }

    /// Which way the response travels.
    pub(super) fn response(&self) -> Direction {
        if self.is_reversed {
            Direction::Request
        } else {
            Direction::Response
        }
    }

    pub(super) fn location<'q>(
        &'q self,
        part: &'q str,
        direction: Direction,
    ) -> SchemaLocation<'q> {
        SchemaLocation {
            place: self.place,
            part,
            direction,
            operation: self.number,
            is_spelled: false,
        }
    }

    pub(super) fn body(&self, schemas: &mut Schemas<'a>, findings: &mut Findings) {
        if self.before.has_unknown_body() || self.after.has_unknown_body() {
            return;
        }
        let mut add = |words: &str, rule| {
            let entry = Entry::new(rule, words).at(Some(self.before.value), Some(self.after.value));
            findings.add(self.place, entry.towards(self.request()));
        };
        let (was, now) = match (self.before.body(), self.after.body()) {
            (Some(was), Some(now)) => (was, now),
            (None, Some(now)) if now.required && !self.is_reversed => {
                return add("a request body is now required", "body-required");
            }
            (Some(_), None) => return add("request body removed", "body-removed"),
            _ => return,
        };
        if now.required && !was.required && !self.is_reversed {
            add("the request body is now required", "body-required");
        }
        if was.required && !now.required && self.is_reversed {
            add("the request body may be absent now", "body-optional");
        }
        let bodies = Bodies {
            location: self.location("request body", self.request()),
            values: (self.before.value, self.after.value),
        };
        bodies.compare(schemas, findings, &was.contents, &now.contents);
    }

    /// When the operation is switched off.
    pub(super) fn sunset(&self, findings: &mut Findings) {
        let of = |operation: &Operation<'a>| text(operation.value, "x-sunset");
        let (was, Some(now)) = (of(self.before), of(self.after)) else {
            return;
        };
        if was.is_some_and(|was| now < was) {
            let words = format!(
                "is switched off on {} now, and was on {}",
                code(now),
                code(was.unwrap_or_default())
            );
            let entry = Entry::caution("sunset-nearer", words);
            findings.add(
                self.place,
                entry.at(Some(self.before.value), Some(self.after.value)),
            );
        }
    }
}
