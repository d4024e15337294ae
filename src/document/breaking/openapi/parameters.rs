//! Parameters and headers before and after.

use std::collections::BTreeMap;

use serde_json::Value;

use super::operation::Sides;
use super::style;
use super::view::Parameter;
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::flag;

static ANYTHING: Value = Value::Bool(true);

/// What callers send besides the body.
pub(super) fn compare<'a>(
    sides: &Sides<'_, 'a>,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let (was, now) = (sides.before.parameters(), sides.after.parameters());
    for (key, parameter) in &was {
        let what = words(parameter);
        let Some(other) = now.get(key) else {
            // Without its place in the path, it is only a mistake of the description.
            if key.0 != "path" && !sides.after.has_unknown_parameters() {
                let entry = Entry::new("parameter-removed", format!("{what} removed"))
                    .at(Some(parameter.value), None);
                findings.add(sides.place, entry.towards(sides.request()));
            }
            continue;
        };
        let entry = |rule, words: String| {
            let entry = Entry::new(rule, format!("{what} {words}"));
            entry
                .at(Some(parameter.value), Some(other.value))
                .towards(sides.request())
        };
        if key.0 != "path" {
            match sides.request() {
                Direction::Request if other.required && !parameter.required => {
                    findings.add(
                        sides.place,
                        entry("parameter-required", "is now required".to_owned()),
                    );
                }
                Direction::Response if parameter.required && !other.required => {
                    findings.add(
                        sides.place,
                        entry("parameter-optional", "may be absent now".to_owned()),
                    );
                }
                _ => {}
            }
        }
        if flag(parameter.value, "allowEmptyValue")
            && !flag(other.value, "allowEmptyValue")
            && key.0 == "query"
        {
            findings.add(
                sides.place,
                entry(
                    "parameter-empty",
                    "no longer takes an empty value".to_owned(),
                ),
            );
        }
        written(sides, findings, parameter, other, &what);
        values(
            sides,
            schemas,
            findings,
            sides.request(),
            &what,
            parameter,
            other,
        );
    }
    added(sides, &was, &now, findings);
}

/// Parameters by where they are and what they are called.
type Parameters<'a> = BTreeMap<(&'a str, String), Parameter<'a>>;

/// Parameters that every caller has to send from now on.
fn added<'a>(
    sides: &Sides<'_, 'a>,
    was: &Parameters<'a>,
    now: &Parameters<'a>,
    findings: &mut Findings,
) {
    if sides.before.has_unknown_parameters() || sides.request() == Direction::Response {
        return;
    }
    for (key, parameter) in now {
        if parameter.required && key.0 != "path" && !was.contains_key(key) {
            let entry = Entry::new(
                "parameter-required",
                format!("{} is new and required", words(parameter)),
            );
            findings.add(
                sides.place,
                entry
                    .at(None, Some(parameter.value))
                    .towards(Direction::Request),
            );
        }
    }
}

/// How the value becomes text.
fn written(
    sides: &Sides<'_, '_>,
    findings: &mut Findings,
    before: &Parameter<'_>,
    after: &Parameter<'_>,
    what: &str,
) {
    let was = style::of(&sides.before.api, before);
    let now = style::of(&sides.after.api, after);
    if let Some(message) = was.change(&now) {
        let entry = Entry::new("parameter-style", format!("{what} {message}"));
        findings.add(
            sides.place,
            entry
                .at(Some(before.value), Some(after.value))
                .towards(sides.request()),
        );
    }
}

/// The values of a parameter or header.
pub(super) fn values<'a>(
    sides: &Sides<'_, 'a>,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
    direction: Direction,
    what: &str,
    before: &Parameter<'a>,
    after: &Parameter<'a>,
) {
    if before.schema.is_none() && after.schema.is_none() {
        return;
    }
    let mut location = sides.location(what, direction);
    location.is_spelled = before.media.is_none() && after.media.is_none();
    let schema = |parameter: &Parameter<'a>| parameter.schema.unwrap_or(&ANYTHING);
    schemas.compare(findings, location, schema(before), schema(after));
}

/// The parameter in words.
fn words(parameter: &Parameter<'_>) -> String {
    match parameter.location {
        "header" => format!("header {}", code(parameter.name)),
        "cookie" => format!("cookie {}", code(parameter.name)),
        _ => format!("parameter {}", code(parameter.name)),
    }
}
