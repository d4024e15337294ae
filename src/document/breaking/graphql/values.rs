//! Values of enums, and members of unions.

use super::deprecation::since;
use super::model::{EnumValue, Type};
use super::pair::Pair;
use crate::document::breaking::findings::{Entry, Findings, Places, code};

pub(super) fn of_enum<'a>(
    pair: &Pair<'a>,
    (name, place): (&'a str, &str),
    (was, now): (&'a Type, &'a Type),
    findings: &mut Findings,
) {
    for (value, before) in &was.values {
        if now.values.contains_key(value) {
            continue;
        }
        let since = since(before.deprecated.as_deref());
        let places = Places::removed(&before.at, Some(&now.at));
        let entry = match pair.is_sent(name) {
            true => Entry::new(
                "graphql-value-removed",
                format!("value {} removed{since}", code(value)),
            ),
            false => Entry::caution(
                "graphql-value-removed",
                format!(
                    "value {} removed, which only {}{since}",
                    code(value),
                    match pair.is_received(name) {
                        true => "responses contained",
                        false => "schemas used",
                    }
                ),
            ),
        };
        findings.add(place, entry.within(places));
    }
    if pair.is_received(name) {
        let added = now.values.iter();
        let added = added.filter(|(value, _)| !was.values.contains_key(*value));
        added.for_each(|(value, of)| may_be(place, "graphql-value-added", value, of, findings));
    }
}

pub(super) fn of_union<'a>(
    pair: &Pair<'a>,
    place: &str,
    (was, now): (&'a Type, &'a Type),
    findings: &mut Findings,
) {
    for (member, before) in &was.values {
        if !now.values.contains_key(pair.new_name(member)) {
            let words = format!("member {} removed", code(member));
            let entry = Entry::new("graphql-member-removed", words);
            let places = Places::removed(&before.at, Some(&now.at));
            findings.add(place, entry.within(places));
        }
    }
    for (member, of) in &now.values {
        if !was.values.contains_key(pair.old_name(member)) {
            may_be(place, "graphql-member-added", member, of, findings);
        }
    }
}

fn may_be(place: &str, rule: &'static str, name: &str, value: &EnumValue, findings: &mut Findings) {
    let words = format!("responses may contain {} now", code(name));
    let entry = Entry::caution(rule, words);
    findings.add(place, entry.within(Places::added(&value.at)));
}
