//! Responses before and after.

use std::collections::BTreeMap;

use serde_json::Value;

use super::contents::Bodies;
use super::operation::Sides;
use super::parameters;
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::inclusion::Direction;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::entries;

type Responses<'a> = BTreeMap<String, Option<&'a Value>>;

pub(super) fn compare<'a>(
    sides: &Sides<'_, 'a>,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
) {
    let (was, now) = (sides.before.responses(), sides.after.responses());
    let has_success = was.keys().any(|status| status.starts_with('2'));
    for (status, response) in &was {
        let is_success = status.starts_with('2') || (status == "DEFAULT" && !has_success);
        let others = successors(status, &was, &now, is_success);
        if others.is_empty() {
            if is_success {
                let entry = Entry::new(
                    "response-removed",
                    format!("response {} removed", words(status)),
                );
                findings.add(
                    sides.place,
                    entry.at(*response, None).towards(sides.response()),
                );
            }
            continue;
        }
        for (name, other) in others {
            if let (Some(response), Some(other)) = (response, other) {
                one(
                    sides,
                    schemas,
                    findings,
                    &format!("response {}", words(&name)),
                    (response, other),
                );
            }
        }
    }
}

fn words(status: &str) -> String {
    status.to_ascii_lowercase()
}

/// The responses that callers get where they got this one.
fn successors<'a>(
    status: &str,
    was: &Responses<'a>,
    now: &Responses<'a>,
    is_success: bool,
) -> Vec<(String, Option<&'a Value>)> {
    let exact = |name: &str| now.get(name).map(|response| (name.to_owned(), *response));
    let mut all: Vec<_> = exact(status).into_iter().collect();
    let covers = |other: &str| match status {
        "DEFAULT" => other != "DEFAULT" && is_success && other.starts_with('2'),
        range => {
            range.ends_with("XX")
                && other.len() == 3
                && range.get(..1).is_some_and(|first| other.starts_with(first))
                && other != range
        }
    };
    // Statuses that this one stood for, and that have a response of their own now.
    let named = now
        .iter()
        .filter(|(name, _)| covers(name) && !was.contains_key(*name));
    all.extend(named.map(|(name, response)| (name.clone(), *response)));
    if all.is_empty() {
        let range = status.get(..1).map(|first| format!("{first}XX"));
        let wider = range.and_then(|range| exact(&range));
        let wider = wider.or_else(|| exact("DEFAULT").filter(|_| is_success));
        all.extend(wider.map(|(_, response)| (status.to_owned(), response)));
    }
    all
}

fn one<'a>(
    sides: &Sides<'_, 'a>,
    schemas: &mut Schemas<'a>,
    findings: &mut Findings,
    what: &str,
    (response, other): (&'a Value, &'a Value),
) {
    let direction = sides.response();
    let (was, now) = (
        sides.before.headers_of(response),
        sides.after.headers_of(other),
    );
    for (name, header) in &was {
        let words = format!("{what}: header {}", code(header.name));
        let Some(other) = now.get(name) else {
            if direction == Direction::Response {
                let entry = Entry::new("header-removed", format!("{words} removed"));
                findings.add(
                    sides.place,
                    entry.at(Some(header.value), None).towards(direction),
                );
            }
            continue;
        };
        if header.required && !other.required && direction == Direction::Response {
            let entry = Entry::new("header-optional", format!("{words} may be absent now"));
            findings.add(
                sides.place,
                entry
                    .at(Some(header.value), Some(other.value))
                    .towards(direction),
            );
        }
        parameters::values(sides, schemas, findings, direction, &words, header, other);
    }
    for (name, link) in entries(response, "links") {
        let is_kept = entries(other, "links").any(|(other, _)| other == name);
        if !is_kept && !name.starts_with("x-") {
            let entry = Entry::caution(
                "link-removed",
                format!("{what}: link {} removed", code(name)),
            );
            findings.add(
                sides.place,
                entry.at(Some(link), Some(other)).towards(direction),
            );
        }
    }
    let bodies = Bodies {
        location: sides.location(what, direction),
        values: (response, other),
    };
    bodies.compare(
        schemas,
        findings,
        &sides.before.contents_of(response),
        &sides.after.contents_of(other),
    );
}
