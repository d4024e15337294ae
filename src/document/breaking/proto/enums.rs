//! Enums and their values.

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
        for value in &was.values {
            compare_value(&place, value, now, findings);
        }
        let reserved = (&was.reserved, &now.reserved);
        reserved::compare(&place, reserved, (&was.at, &now.at), findings);
        whole(pair, &place, (was, now), findings);
    }
}

fn compare_value(place: &str, was: &EnumValue, now: &Enum, findings: &mut Findings) {
    let name = code(&was.name);
    if let Some(other) = now.values.iter().find(|other| other.name == was.name) {
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
    if let Some(other) = now.values.iter().find(|other| other.number == was.number) {
        let words = format!(
            "the value {} is {} now, and was {name}",
            was.number,
            code(&other.name)
        );
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
    if let (Some(first), Some(other)) = (was.values.first(), now.values.first())
        && first.number != other.number
        && now.number(&first.name) == Some(first.number)
    {
        let words = format!(
            "the default is {} now, and was {}",
            code(&other.name),
            code(&first.name)
        );
        add(Entry::new("proto-enum-default", words));
    }
}
