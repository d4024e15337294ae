//! Dates and times in values as people read them.
//!
//! A plan reads no clock: nothing here is about now.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use regex::Regex;
use serde_json::Value;

/// A date and a time as in RFC 3339, where seconds and the offset may be left out.
static DATE_AND_TIME: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?<date>\d{4}-\d{2}-\d{2})";
    let minutes = r"(?<minutes>(?:[01]\d|2[0-3]):[0-5]\d)";
    let seconds = r"(?<seconds>:[0-5]\d(?:\.\d{1,9})?)?";
    let offset = r"(?<offset>[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?";
    Regex::new(&format!("^{date}[Tt ]{minutes}{seconds}{offset}$"))
        .expect("the pattern is constant")
});

/// What is said of two values that differ only in how they write one time.
pub(super) const SAME_TIME: &str = "the same time, written differently";

/// A date and a time as people read them: without `T`, without a time that is midnight in UTC or in no zone, and
/// without zeros at its end. `None` for any other text.
fn readable(text: &str) -> Option<String> {
    let found = DATE_AND_TIME.captures(text)?;
    let part = |name| found.name(name).map_or("", |part| part.as_str());
    part("date").parse::<Date>().ok()?;
    let offset = match part("offset") {
        "Z" | "z" | "+00:00" | "-00:00" => " UTC",
        "" => "",
        other => &format!(" {other}"),
    };
    let seconds = part("seconds");
    let seconds = match seconds.contains('.') {
        true => seconds.trim_end_matches('0').trim_end_matches('.'),
        false => seconds,
    };
    let seconds = seconds.strip_suffix(":00").unwrap_or(seconds);
    let is_midnight = part("minutes") == "00:00" && seconds.is_empty();
    Some(match is_midnight && matches!(offset, "" | " UTC") {
        true => part("date").to_owned(),
        false => format!("{} {}{seconds}{offset}", part("date"), part("minutes")),
    })
}

/// Both sides of a field with dates and times as people read them. Those that would look the same although they differ
/// stay as they are.
pub(super) fn readable_sides<'a>(
    before: Option<Cow<'a, Value>>,
    after: Option<Cow<'a, Value>>,
) -> [Option<Cow<'a, Value>>; 2] {
    let mut texts = BTreeSet::new();
    for side in [&before, &after].into_iter().flatten() {
        collect(side, &mut texts);
    }
    let mut by_form: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut has_any = false;
    for text in &texts {
        let form = readable(text);
        has_any |= form.is_some();
        let form = form.unwrap_or_else(|| text.clone());
        by_form.entry(form).or_default().push(text);
    }
    if !has_any {
        return [before, after];
    }
    let forms: BTreeMap<&str, &str> = by_form
        .iter()
        .filter(|(_, texts)| texts.len() == 1)
        .map(|(form, texts)| (texts[0], form.as_str()))
        .collect();
    [before, after].map(|side| side.map(|value| Cow::Owned(with_forms(&value, &forms))))
}

/// All texts of a value but its keys.
fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            into.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn with_forms(value: &Value, forms: &BTreeMap<&str, &str>) -> Value {
    match value {
        Value::String(text) => forms
            .get(text.as_str())
            .copied()
            .unwrap_or(text.as_str())
            .into(),
        Value::Array(items) => items.iter().map(|item| with_forms(item, forms)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(key, field)| (key.clone(), with_forms(field, forms)));
            Value::Object(fields.collect())
        }
        scalar => scalar.clone(),
    }
}

/// Whether two values are texts that write one time in different ways.
pub(super) fn is_same_time(before: Option<&Value>, after: Option<&Value>) -> bool {
    let (Some(Value::String(one)), Some(Value::String(other))) = (before, after) else {
        return false;
    };
    one != other && time_of(one).is_some_and(|time| Some(time) == time_of(other))
}

/// A time that can be compared. One without a zone is as in UTC, but only the same as another one without.
#[derive(PartialEq)]
enum Time {
    /// A day, or its midnight in UTC or in no zone.
    Day(Date),
    At(Timestamp),
    InNoZone(DateTime),
}

fn time_of(text: &str) -> Option<Time> {
    let Some(found) = DATE_AND_TIME.captures(text) else {
        let is_day = text.len() == "2026-03-01".len();
        return text.parse().ok().filter(|_| is_day).map(Time::Day);
    };
    let text = text.to_ascii_uppercase().replace(' ', "T");
    if found.name("offset").is_none() {
        let time: DateTime = text.parse().ok()?;
        let is_midnight = time.time() == jiff::civil::Time::midnight();
        return Some(match is_midnight {
            true => Time::Day(time.date()),
            false => Time::InNoZone(time),
        });
    }
    let time: Timestamp = text.parse().ok()?;
    let at_utc = jiff::tz::Offset::UTC.to_datetime(time);
    Some(match at_utc.time() == jiff::civil::Time::midnight() {
        true => Time::Day(at_utc.date()),
        false => Time::At(time),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_without_what_says_nothing() {
        for (text, expected) in [
            ("2026-03-01T00:00:00Z", "2026-03-01"),
            ("2026-03-01t00:00:00.000z", "2026-03-01"),
            ("2026-03-01T00:00", "2026-03-01"),
            ("2026-03-01 00:00:00+00:00", "2026-03-01"),
            ("2026-03-01T14:30:00Z", "2026-03-01 14:30 UTC"),
            ("2026-03-01T14:30:05.250Z", "2026-03-01 14:30:05.25 UTC"),
            ("2026-03-01T14:30:00.5", "2026-03-01 14:30:00.5"),
            ("2026-03-01T00:00:00+02:00", "2026-03-01 00:00 +02:00"),
            ("2024-02-29T00:00:00Z", "2024-02-29"),
        ] {
            assert_eq!(readable(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "2026-03-01",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-03-01T24:00:00Z",
            "2026-03-01T10:00:60Z",
            "2026-03-01T00:00:00Z ",
            "since 2026-03-01T00:00:00Z",
            "1.2.3",
            "",
        ] {
            assert_eq!(readable(text), None, "{text}");
        }
    }

    #[test]
    fn what_differs_never_looks_the_same() {
        let sides = |before: Value, after: Value| {
            let sides = [before, after].map(|side| Some(Cow::Owned(side)));
            let [before, after] = sides;
            readable_sides(before, after).map(|side| side.unwrap().into_owned())
        };
        assert_eq!(
            sides(json!("2026-03-01T00:00:00Z"), json!("2026-04-01T00:00:00Z")),
            [json!("2026-03-01"), json!("2026-04-01")]
        );
        let day = [json!("2026-03-01T00:00:00Z"), json!("2026-03-01")];
        let [midnight, date] = day.clone();
        assert_eq!(sides(midnight, date), day);
        // In lists and mappings too, where only some are alike.
        assert_eq!(
            sides(
                json!({"from": "2026-03-01T00:00:00Z", "until": ["2027-01-01T00:00:00Z"]}),
                json!({"from": "2026-03-01", "until": ["2027-01-01T08:00:00Z"]}),
            ),
            [
                json!({"from": "2026-03-01T00:00:00Z", "until": ["2027-01-01"]}),
                json!({"from": "2026-03-01", "until": ["2027-01-01 08:00 UTC"]}),
            ]
        );
    }

    #[test]
    fn one_time_is_known_however_it_is_written() {
        let is_same = |one: &str, other: &str| is_same_time(Some(&json!(one)), Some(&json!(other)));
        for (one, other) in [
            ("2026-03-01T00:00:00Z", "2026-03-01"),
            ("2026-03-01T00:00:00", "2026-03-01"),
            ("2026-03-01T12:00:00+02:00", "2026-03-01T10:00:00Z"),
            ("2026-03-01T02:00:00+02:00", "2026-03-01"),
            ("2026-03-01T10:00:00Z", "2026-03-01 10:00:00.000Z"),
            ("2026-03-01T10:00", "2026-03-01T10:00:00"),
        ] {
            assert!(is_same(one, other) && is_same(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("2026-03-01", "2026-03-01"),
            ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00"),
            ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"),
            ("2026-03-01", "2026-03-02"),
            ("March", "march"),
        ] {
            assert!(!is_same(one, other), "{one} {other}");
        }
        assert!(!is_same_time(None, Some(&json!("2026-03-01"))));
    }
}
