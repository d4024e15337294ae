//! What is compared of two schemas, apart from what is below them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::findings::{Findings, code, codes};
use super::flat_schema::{FlatSchema, LOWER, UPPER};
use super::location::SchemaPath;
use super::tree::{flag, reference};

/// Whether the types go together, so that it makes sense to look further.
pub(super) fn types(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) -> bool {
    let place = schema.location.place;
    let (was, now) = match (&before.types, &after.types) {
        (Some(was), Some(now)) => (was, now),
        _ if before.is_open || after.is_open => return true,
        (None, Some(now)) if schema.is_request() && before.alternatives.is_empty() => {
            let words = format!(
                "{} has the type {} now, and had none",
                schema.words(),
                type_words(now)
            );
            findings.caution(place, words);
            return true;
        }
        (Some(was), None) if !schema.is_request() && after.alternatives.is_empty() => {
            let words = format!(
                "{} no longer has a type; it was {}",
                schema.words(),
                type_words(was)
            );
            findings.caution(place, words);
            return true;
        }
        _ => return true,
    };
    let (wide, narrow) = if schema.is_request() {
        (now, was)
    } else {
        (was, now)
    };
    let fits = |one: &&str| wide.contains(one) || (*one == "integer" && wide.contains("number"));
    let misfits: BTreeSet<&str> = narrow.iter().copied().filter(|one| !fits(one)).collect();
    if misfits.is_empty() {
        return true;
    }
    if misfits.len() == 1 && misfits.contains("null") {
        let words = if schema.is_request() {
            "must not be null"
        } else {
            "may be null now"
        };
        findings.breaks(place, format!("{} {words}", schema.words()));
        return true;
    }
    findings.breaks(
        place,
        format!(
            "{} has the type {} now, and had {}",
            schema.words(),
            type_words(now),
            type_words(was)
        ),
    );
    false
}

fn type_words(types: &BTreeSet<&str>) -> String {
    let words: Vec<String> = types.iter().map(|name| code(name)).collect();
    words.join(" or ")
}

/// Pairs of formats of which the first fits into the second.
const NARROWER: [(&str, &str); 2] = [("int32", "int64"), ("float", "double")];

pub(super) fn format(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    let place = schema.location.place;
    let (wide, narrow) = if schema.is_request() {
        (after.format, before.format)
    } else {
        (before.format, after.format)
    };
    match (narrow, wide) {
        (_, None) => {}
        (Some(narrow), Some(wide)) if narrow == wide || NARROWER.contains(&(narrow, wide)) => {}
        (Some(_), Some(_)) => {
            let (was, now) = (before.format, after.format);
            let text = |format: Option<&str>| code(format.unwrap_or_default());
            findings.breaks(
                place,
                format!(
                    "{} has the format {} now, and had {}",
                    schema.words(),
                    text(now),
                    text(was)
                ),
            );
        }
        (None, Some(wide)) => {
            let words = if schema.is_request() {
                format!("has the format {} now, and had none", code(wide))
            } else {
                format!("no longer has a format; it was {}", code(wide))
            };
            findings.caution(place, format!("{} {words}", schema.words()));
        }
    }
}

pub(super) fn values(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    let place = schema.location.place;
    let list = |values: &[&Value]| {
        let values: Vec<String> = values.iter().map(|v| value_text(v)).collect();
        codes(values.iter().map(String::as_str))
    };
    let only_in = |some: &[&Value], other: &[&Value]| -> BTreeSet<String> {
        let other: BTreeSet<String> = other.iter().map(|v| value_text(v)).collect();
        let some = some.iter().map(|v| value_text(v));
        some.filter(|v| !other.contains(v)).collect()
    };
    let names = |missing: &BTreeSet<String>| codes(missing.iter().map(String::as_str));
    match (&before.values, &after.values, schema.is_request()) {
        (Some(was), Some(now), true) => {
            let gone = only_in(was, now);
            if !gone.is_empty() {
                let words = format!("{} no longer takes {}", schema.words(), names(&gone));
                findings.breaks(place, words);
            }
        }
        (None, Some(now), true) => {
            let words = format!("{} takes nothing but {} now", schema.words(), list(now));
            findings.breaks(place, words);
        }
        (Some(was), Some(now), false) => {
            let new = only_in(now, was);
            if !new.is_empty() {
                let words = format!("{} may be {} now", schema.words(), names(&new));
                findings.caution(place, words);
            }
        }
        (Some(was), None, false) => {
            let words = format!("{} may be more than {} now", schema.words(), list(was));
            findings.caution(place, words);
        }
        _ => {}
    }
}

fn value_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn bounds(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    let keywords = UPPER.iter().chain(&LOWER).enumerate();
    for (i, keyword) in keywords {
        let Some(now) = &after.bounds[i] else {
            continue;
        };
        let is_upper = i < UPPER.len();
        let is_stricter = match &before.bounds[i] {
            Some(was) if is_upper => now < was,
            Some(was) => now > was,
            // A length is never below zero, so that this bound forbids nothing.
            None => is_upper || *keyword == "minimum" || now.is_positive(),
        };
        if is_stricter {
            let was = before.bounds[i].as_ref();
            let was = was.map_or("had none".to_owned(), |was| format!("had {was}"));
            let words = format!("{} has {keyword} {now} now, and {was}", schema.words());
            findings.breaks(schema.location.place, words);
        }
    }
}

/// Alternatives are distinguished by the schemas that they refer to; others are not compared.
pub(super) fn alternatives(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    let (Some(was), Some(now)) = (named(before), named(after)) else {
        return;
    };
    let place = schema.location.place;
    for name in was.keys().filter(|name| !now.contains_key(*name)) {
        if schema.is_request() {
            let words = format!("{} is no longer taken as {}", schema.words(), code(name));
            findings.breaks(place, words);
        }
    }
    for name in now.keys().filter(|name| !was.contains_key(*name)) {
        if !schema.is_request() {
            let words = format!("{} may be {} now", schema.words(), code(name));
            findings.caution(place, words);
        }
    }
}

/// The alternatives by the last step of their references, if each has one.
fn named<'v>(flat: &FlatSchema<'v>) -> Option<BTreeMap<&'v str, &'v Value>> {
    let name = |schema: &'v Value| Some((reference(schema)?.rsplit('/').next()?, schema));
    let named: Option<BTreeMap<_, _>> = flat.alternatives.iter().map(|s| name(s)).collect();
    named.filter(|named| !named.is_empty())
}

pub(super) fn same_alternatives<'v>(
    before: &FlatSchema<'v>,
    after: &FlatSchema<'v>,
) -> impl Iterator<Item = (&'v Value, &'v Value)> {
    let (was, now) = (named(before), named(after));
    let pairs = was.zip(now).map(|(was, now)| {
        was.into_iter()
            .filter_map(move |(name, one)| now.get(name).map(|other| (one, *other)))
    });
    pairs.into_iter().flatten()
}

pub(super) fn properties(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    if !before.alternatives.is_empty() || !after.alternatives.is_empty() {
        // A property may be in any of them.
        return;
    }
    if schema.is_request() {
        if !before.is_open {
            now_required(findings, schema, before, after);
        }
        no_longer_taken(findings, schema, before, after);
    } else if !after.is_open {
        no_longer_promised(findings, schema, before, after);
    }
}

fn now_required(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    for name in after.required.difference(&before.required) {
        let property = after.properties.get(name);
        // The service alone gives values to what is read-only.
        if property.is_some_and(|property| flag(property, "readOnly")) {
            continue;
        }
        let verb = if before.properties.contains_key(name) {
            "is now required"
        } else {
            "is new and required"
        };
        let words = format!("{} {verb}", schema.property(name));
        findings.breaks(schema.location.place, words);
    }
}

fn no_longer_taken(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    if after.is_open || after.more != Some(&Value::Bool(false)) {
        return;
    }
    for (name, property) in &before.properties {
        if !after.properties.contains_key(name) && !flag(property, "readOnly") {
            let words = format!("{} is no longer taken", schema.property(name));
            findings.breaks(schema.location.place, words);
        }
    }
}

fn no_longer_promised(
    findings: &mut Findings,
    schema: &SchemaPath<'_>,
    before: &FlatSchema<'_>,
    after: &FlatSchema<'_>,
) {
    for (name, property) in &before.properties {
        if flag(property, "writeOnly") {
            continue;
        }
        let verb = if !after.properties.contains_key(name) {
            "removed"
        } else if before.required.contains(name) && !after.required.contains(name) {
            "may be absent now"
        } else {
            continue;
        };
        let words = format!("{} {verb}", schema.property(name));
        findings.breaks(schema.location.place, words);
    }
}
