//! One operation before and after.

use super::security;
use super::view::{Contents, Operation, Parameter, content_for};
use crate::document::breaking::findings::{Findings, code};
use crate::document::breaking::location::{Direction, SchemaLocation};
use crate::document::breaking::schema::Schemas;

/// The same operation in two documents.
pub(super) struct Sides<'p, 'a> {
    /// `GET /orders`
    pub(super) place: &'p str,
    pub(super) number: usize,
    pub(super) before: &'p Operation<'a>,
    pub(super) after: &'p Operation<'a>,
}

impl<'a> Sides<'_, 'a> {
    pub(super) fn compare(&self, schemas: &mut Schemas<'a>, findings: &mut Findings) {
        self.parameters(schemas, findings);
        self.body(schemas, findings);
        self.responses(schemas, findings);
        if !self.inherit_security() {
            security::of_operation(self.place, self.before, self.after, findings);
        }
    }

    /// Whether what holds for all operations holds for this one, before and after.
    pub(super) fn inherit_security(&self) -> bool {
        let own = |operation: &Operation<'_>| operation.value.get("security").is_some();
        !own(self.before) && !own(self.after)
    }

    fn location<'p>(&'p self, part: &'p str, direction: Direction) -> SchemaLocation<'p> {
        SchemaLocation {
            place: self.place,
            part,
            direction,
            operation: self.number,
        }
    }

    fn parameters(&self, schemas: &mut Schemas<'a>, findings: &mut Findings) {
        let (was, now) = (self.before.parameters(), self.after.parameters());
        for (key, parameter) in &was {
            let Some(other) = now.get(key) else {
                // Without its place in the path, it is only a mistake of the description.
                if key.0 != "path" && !self.after.has_unknown_parameters() {
                    findings.breaks(self.place, format!("{} removed", words(parameter)));
                }
                continue;
            };
            if other.required && !parameter.required && key.0 != "path" {
                findings.breaks(self.place, format!("{} is now required", words(parameter)));
            }
            if let (Some(before), Some(after)) = (parameter.schema, other.schema) {
                let what = words(parameter);
                let location = self.location(&what, Direction::Request);
                schemas.compare(findings, location, before, after);
            }
        }
        if self.before.has_unknown_parameters() {
            return;
        }
        for (key, parameter) in &now {
            if parameter.required && key.0 != "path" && !was.contains_key(key) {
                let words = format!("{} is new and required", words(parameter));
                findings.breaks(self.place, words);
            }
        }
    }

    fn body(&self, schemas: &mut Schemas<'a>, findings: &mut Findings) {
        if self.before.has_unknown_body() || self.after.has_unknown_body() {
            return;
        }
        let (was, now) = match (self.before.body(), self.after.body()) {
            (Some(was), Some(now)) => (was, now),
            (None, Some(now)) if now.required => {
                return findings.breaks(self.place, "a request body is now required");
            }
            (Some(_), None) => return findings.breaks(self.place, "request body removed"),
            _ => return,
        };
        if now.required && !was.required {
            findings.breaks(self.place, "the request body is now required");
        }
        let what = "request body";
        let location = self.location(what, Direction::Request);
        contents(schemas, findings, location, &was.contents, &now.contents);
    }

    fn responses(&self, schemas: &mut Schemas<'a>, findings: &mut Findings) {
        let (was, now) = (self.before.responses(), self.after.responses());
        for (status, response) in &was {
            let what = format!("response {}", status.to_ascii_lowercase());
            let range = status.get(..1).map(|first| format!("{first}XX"));
            let is_success = status.starts_with('2');
            let other = now
                .get(status)
                .or_else(|| now.get(&range?))
                .or_else(|| now.get("DEFAULT").filter(|_| is_success));
            let Some(other) = other else {
                if is_success {
                    findings.breaks(self.place, format!("{what} removed"));
                }
                continue;
            };
            let (Some(response), Some(other)) = (response, other) else {
                continue;
            };
            let location = self.location(&what, Direction::Response);
            let headers = (
                self.before.headers_of(response),
                self.after.headers_of(other),
            );
            for (name, header) in &headers.0 {
                let words = format!("{what}: header {}", code(header.name));
                let Some(other) = headers.1.get(name) else {
                    findings.breaks(self.place, format!("{words} removed"));
                    continue;
                };
                if header.required && !other.required {
                    findings.breaks(self.place, format!("{words} may be absent now"));
                }
                if let (Some(before), Some(after)) = (header.schema, other.schema) {
                    let location = SchemaLocation {
                        part: &words,
                        ..location
                    };
                    schemas.compare(findings, location, before, after);
                }
            }
            let was = self.before.contents_of(response);
            let now = self.after.contents_of(other);
            contents(schemas, findings, location, &was, &now);
        }
    }
}

/// The parameter in words.
fn words(parameter: &Parameter<'_>) -> String {
    match parameter.location {
        "header" => format!("header {}", code(parameter.name)),
        "cookie" => format!("cookie {}", code(parameter.name)),
        _ => format!("parameter {}", code(parameter.name)),
    }
}

/// Compares the contents of a body, media type by media type.
fn contents(
    schemas: &mut Schemas<'_>,
    findings: &mut Findings,
    location: SchemaLocation<'_>,
    was: &Contents<'_>,
    now: &Contents<'_>,
) {
    if now.is_empty() && was.values().any(Option::is_some) {
        findings.breaks(
            location.place,
            format!("{} no longer has content", location.part),
        );
        return;
    }
    for (media, schema) in was {
        let Some(other) = content_for(now, media) else {
            let verb = match location.direction {
                Direction::Request => "taken",
                Direction::Response => "returned",
            };
            let words = format!("{}: {} is no longer {verb}", location.part, code(media));
            findings.breaks(location.place, words);
            continue;
        };
        if let (Some(before), Some(after)) = (schema, other) {
            schemas.compare(findings, location, before, after);
        }
    }
}
