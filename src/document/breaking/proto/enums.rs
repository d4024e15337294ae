//! Enums and their values.

use std::collections::HashMap;

use super::messages::is_outermost;
use super::model::{Enum, EnumValue, Pair};
use super::reserved::{self, Reserve};
use crate::document::breaking::findings::{Entry, Findings, Places, code, plain};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    for (name, was) in &pair.before.enums {
        let place = format!("enum {}", plain(name));
        let Some(now) = pair.after.enums.get(name) else {
            if is_outermost(name, pair) {
                let entry = Entry::new("proto-enum-removed", "enum removed");
                findings.add(&place, entry.within(Places::removed(&was.at, None)));
            }
            continue;
        };
        let kept = kept_names(was, now);
        for value in was.values.iter() {
            compare_value(&place, value, (now, &kept), findings);
        }
        json_names(&place, (was, now), findings);
        let reserved = (&was.reserved, &now.reserved);
        reserved::compare(&place, reserved, (&was.at, &now.at), findings);
        whole(pair, &place, (was, now), findings);
    }
}

/// One of the names that a number had and still has, which is also called by others: `allow_alias`.
fn kept_names<'e>(was: &'e Enum, now: &Enum) -> HashMap<i32, &'e str> {
    let values = was.values.iter().rev();
    let kept = values.filter(|value| now.values.number(&value.name) == Some(value.number));
    // The first one remains of several.
    kept.map(|value| (value.number, value.name.as_str()))
        .collect()
}

/// What JSON has for a number is the first of its names, which those who knew others cannot read.
fn json_names(place: &str, (was, now): (&Enum, &Enum), findings: &mut Findings) {
    for value in was.values.iter() {
        let number = value.number;
        let first = was.values.numbered(number);
        let is_first = first.is_some_and(|first| first.name == value.name);
        let is_kept = now.values.number(&value.name) == Some(number);
        let Some(other) = now.values.numbered(number).filter(|_| is_first && is_kept) else {
            continue;
        };
        if was.values.number(&other.name) == Some(number) {
            continue;
        }
        let words = format!(
            "the value {number} is written as {} in JSON now, and was as {}, which is still read",
            code(&other.name),
            code(&value.name)
        );
        let places = Places::changed(&value.at, &other.at);
        let entry = Entry::caution("proto-value-name", words);
        findings.add(place, entry.within(places));
    }
}

fn compare_value(
    place: &str,
    was: &EnumValue,
    (now, kept): (&Enum, &HashMap<i32, &str>),
    findings: &mut Findings,
) {
    let name = code(&was.name);
    if let Some(other) = now.values.named(&was.name) {
        if other.number != was.number {
            let (is, had) = (other.number, was.number);
            let words = format!("the value {name} has the number {is} now, and had {had}");
            let places = Places::changed(&was.at, &other.at);
            findings.add(
                place,
                Entry::new("proto-value-number", words).within(places),
            );
        }
        return;
    }
    if let Some(other) = now.values.numbered(was.number) {
        let number = was.number;
        let words = match kept.get(&number) {
            Some(kept) => format!(
                "the name {name} of the value {number} was removed: JSON with it is no longer read; the number is \
                 still {}",
                code(kept)
            ),
            None => format!(
                "the value {number} is {} now, and was {name}",
                code(&other.name)
            ),
        };
        let places = Places::changed(&was.at, &other.at);
        findings.add(place, Entry::new("proto-value-name", words).within(places));
        return;
    }
    let since = if was.is_deprecated {
        "; it was deprecated"
    } else {
        ""
    };
    let reserve = Reserve::of(&now.reserved, was.number, &was.name);
    let words = format!("value {name} removed{since}{}", reserve.words());
    let rule = "proto-value-removed";
    let entry = match reserve == Reserve::Both {
        true => Entry::caution(rule, words),
        false => Entry::new(rule, words),
    };
    let places = Places::removed(&was.at, Some(&now.at));
    findings.add(place, entry.within(places));
}

/// What holds for an enum as a whole.
fn whole(pair: &Pair<'_>, place: &str, (was, now): (&Enum, &Enum), findings: &mut Findings) {
    let places = || Places::changed(&was.at, &now.at);
    let mut add = |entry: Entry<'_>| {
        findings.add(place, entry.within(places()));
    };
    if !pair.has_other_syntax() {
        if !was.is_closed && now.is_closed {
            add(Entry::new(
                "proto-enum-closed",
                "no longer accepts numbers that have no value",
            ));
        }
        if was.is_closed && !now.is_closed {
            add(Entry::caution(
                "proto-enum-closed",
                "may have numbers that have no value now",
            ));
        }
        if was.has_json && !now.has_json {
            let words = "is no longer promised to have a JSON form";
            add(Entry::new("proto-json-format", words));
        }
    }
    // The first value is what an absent field has.
    if let (Some(first), Some(other)) = (was.values.iter().next(), now.values.iter().next())
        && first.number != other.number
        && now.values.number(&first.name) == Some(first.number)
    {
        let words = format!(
            "the default is {} now, and was {}",
            code(&other.name),
            code(&first.name)
        );
        add(Entry::new("proto-enum-default", words));
    }
}
