//! The parameters of addresses.

use serde_json::Value;

use super::view::{Api, Channel};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::text;

static ANYTHING: Value = Value::Bool(true);

/// Compares the parameters at the same positions of the address; whoever uses the channel chooses them.
pub(super) fn compare<'a>(
    place: &str,
    (before, after): (&Channel<'a>, &Channel<'a>),
    apis: (&Api<'a>, &Api<'a>),
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let (was, now) = (names(before), names(after));
    if was.len() != now.len() {
        return;
    }
    for (name, other) in was.into_iter().zip(now) {
        let one = described(apis.0, before, name);
        let two = described(apis.1, after, other);
        if one.is_none() && two.is_none() {
            continue;
        }
        let part = format!("parameter {}", code(name));
        let location = SchemaLocation {
            place,
            part: &part,
            direction: Direction::Request,
            operation: 0,
            is_spelled: true,
        };
        let schema = |api: &Api<'a>, parameter: Option<&'a Value>| match parameter {
            Some(parameter) if api.is_old => parameter.get("schema").unwrap_or(&ANYTHING),
            // In version 3, the parameter itself lists its values.
            Some(parameter) => parameter,
            None => &ANYTHING,
        };
        schemas.compare(findings, location, schema(apis.0, one), schema(apis.1, two));
        let location = |parameter: Option<&'a Value>| {
            parameter.and_then(|parameter| text(parameter, "location"))
        };
        if let (Some(was), Some(now)) = (location(one), location(two))
            && was != now
        {
            let words = format!(
                "{part} is taken from {} now, and was from {}",
                code(now),
                code(was)
            );
            let entry = Entry::new("parameter-location", words);
            findings.add(place, entry.at(one, two).towards(Direction::Request));
        }
    }
}

/// The names of parameters, in the order of the address.
fn names<'a>(channel: &Channel<'a>) -> Vec<&'a str> {
    let pieces = channel.address.unwrap_or_default().split('{').skip(1);
    pieces
        .filter_map(|piece| Some(piece.split_once('}')?.0))
        .collect()
}

fn described<'a>(api: &Api<'a>, channel: &Channel<'a>, name: &str) -> Option<&'a Value> {
    api.resolve(channel.value.get("parameters")?.get(name)?)
}
