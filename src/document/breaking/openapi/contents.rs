//! The contents of bodies, media type by media type.

use serde_json::Value;

use super::media::{Found, content_for, is_form};
use super::view::Contents;
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;

static ANYTHING: Value = Value::Bool(true);

/// A body, where it is described in both documents.
pub(super) struct Bodies<'p, 'a> {
    pub(super) location: SchemaLocation<'p>,
    pub(super) values: (&'a Value, &'a Value),
}

impl<'a> Bodies<'_, 'a> {
    pub(super) fn compare(
        &self,
        schemas: &mut Schemas<'a>,
        findings: &mut Findings,
        was: &Contents<'a>,
        now: &Contents<'a>,
    ) {
        let location = self.location;
        if now.is_empty() {
            if was.values().any(Option::is_some) {
                let words = format!("{} no longer has content", location.part);
                self.add(findings, Entry::new("content-removed", words));
            }
            return;
        }
        for (media, schema) in was {
            let Some((other, found)) = content_for(now, media) else {
                let verb = match location.direction {
                    Direction::Request => "taken",
                    Direction::Response => "returned",
                };
                let words = format!("{}: {} is no longer {verb}", location.part, code(media));
                self.add(findings, Entry::new("media-type-removed", words));
                continue;
            };
            let words = match (found, location.direction) {
                (Found::Part, Direction::Request) => Some("no longer taken as a whole"),
                (Found::Range, Direction::Response) => {
                    Some("no longer the only media type in its range")
                }
                _ => None,
            };
            if let Some(words) = words {
                let words = format!("{}: {} is {words}", location.part, code(media));
                self.add(findings, Entry::caution("media-type-range", words));
            }
            let location = SchemaLocation {
                is_spelled: is_form(media),
                ..location
            };
            let of = |schema: &Option<&'a Value>| schema.unwrap_or(&ANYTHING);
            schemas.compare(findings, location, of(schema), of(other));
        }
    }

    fn add(&self, findings: &mut Findings, entry: Entry<'a>) {
        let (before, after) = self.values;
        let entry = entry
            .at(Some(before), Some(after))
            .towards(self.location.direction);
        findings.add(self.location.place, entry);
    }
}
